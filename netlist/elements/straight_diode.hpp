// LTspice's diode of straight lines: `.model name d(ron= roff= vfwd= [vrev= rrev=])`.
#pragma once

#include <optional>
#include <string_view>

#include "wordline/netlist/behaviour.hpp"

namespace wordline {

// Conducts 1/roff up to where the line through vfwd of slope 1/ron lies above, and below -vrev
// the one of slope 1/rrev.
struct StraightDiode {
  double ron = 1, roff = 0;  // ohm
  double vfwd = 0;           // V
  std::optional<double> vrev = {};
  double rrev = 0;  // ohm

  // Pushes the current from p to n.
  void push_current(Behaviour& behaviour, NodeId p, NodeId n) const;
};

// Whether a parameter, in lower case, is of such a diode.
bool is_of_straight_diode(std::string_view key);

// The model of this name, if it is of such a diode: in LTspice's dialect, if it has one of the five
// parameters. Throws Fault.
std::optional<StraightDiode> find_straight_diode(const Token& model, const Scope& scope);

}  // namespace wordline
