// Memristors as ngspice sub-circuits.
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {

class NgspiceMemristors {
 public:
  // The circuit has no crossbars; both must outlive this. Throws Error naming a model that cannot
  // be written as equations.
  NgspiceMemristors(const Circuit& circuit, const NgspiceNames& names);

  // The sub-circuits, then their instances and initial conditions.
  void write(std::ostream& out) const;

 private:
  void find_initial_states();
  void write_state(std::ostream& out, std::size_t model) const;
  void write_temperature(std::ostream& out, std::size_t model) const;
  std::string while_transient(const std::string& rate, std::string_view held) const;
  void write_subcircuit(std::ostream& out, std::int32_t model, double multiplicity) const;
  std::string subcircuit_name(std::int32_t model, double multiplicity) const;

  const Circuit& circuit_;
  const NgspiceNames& names_;
  bool has_transient_ = false;
  bool has_static_ = false;                // .op or .dc
  std::string time_ = "0";                 // in a transient, as an expression
  std::vector<SpiceEquations> equations_;  // of every model; empty for other kinds
  std::vector<Bounds> bounds_;
  // Of every memristor: the state, from 0 to 1 if it moves, else in its unit; the temperature [K].
  std::vector<double> initial_, initial_temperature_;
};

}  // namespace wordline
