// Elements of a deck for ngspice that take more than a line of numbers: what depends on
// temperature, switches and lines, expressions.
#pragma once

#include <ostream>
#include <string>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {

class NgspiceElements {
 public:
  NgspiceElements(const Circuit& circuit, const NgspiceNames& names, std::ostream& out)
      : circuit_(circuit), names_(names), out_(out) {}

  // R, C and L.
  void write_passives() const;
  void write_switches() const;
  void write_lines() const;
  // What expressions describe. Throws Error where ngspice has no such thing.
  void write_behavioural() const;

 private:
  void write_value(const std::string& element, const std::string& ends, char letter, double value,
                   const TemperatureLaw* law, const std::string& more) const;
  void write_switch(std::size_t k) const;
  std::string quantity(const BehaviouralSource& source, std::size_t input) const;

  const Circuit& circuit_;
  const NgspiceNames& names_;
  std::ostream& out_;
};

// Whether ngspice has a model of this kind, or a card's values are written where they are used.
bool is_model_of_ngspice(const ModelCard& card);

}  // namespace wordline
