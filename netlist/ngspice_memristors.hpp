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
  // The circuit has no crossbars; both must outlive this.
  NgspiceMemristors(const Circuit& circuit, const NgspiceNames& names);

  // The sub-circuits, then their instances and initial conditions.
  void write(std::ostream& out) const;

 private:
  void find_initial_states();
  void write_subcircuit(std::ostream& out, std::int32_t model, double multiplicity) const;
  std::string subcircuit_name(std::int32_t model, double multiplicity) const;

  const Circuit& circuit_;
  const NgspiceNames& names_;
  bool has_transient_ = false;
  bool has_static_ = false;                // .op or .dc
  std::vector<SpiceEquations> equations_;  // of every model; empty for other kinds
  std::vector<Bounds> bounds_;
  std::vector<double>
      initial_;  // state of every memristor: from 0 to 1 if it moves, else in its unit
};

}  // namespace wordline
