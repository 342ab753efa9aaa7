// What flows inside a bipolar transistor, and so into its terminals, and what it shows of itself.
#pragma once

#include <array>

#include "wordline/engine/element_group.hpp"

namespace wordline {

// As ngspice shows them: currents into the terminals; voltages of a pnp as of an npn.
inline constexpr std::array<Quantity, 19> kBipolarQuantities = {{{"i", "current", "A"},
                                                                 {"ic", "current", "A"},
                                                                 {"ib", "current", "A"},
                                                                 {"ie", "current", "A"},
                                                                 {"is", "current", "A"},
                                                                 {"vbe", "voltage", "V"},
                                                                 {"vbc", "voltage", "V"},
                                                                 {"vce", "voltage", "V"},
                                                                 {"gm", "admittance", "S"},
                                                                 {"gpi", "admittance", "S"},
                                                                 {"gmu", "admittance", "S"},
                                                                 {"gx", "admittance", "S"},
                                                                 {"go", "admittance", "S"},
                                                                 {"cpi", "capacitance", "F"},
                                                                 {"cmu", "capacitance", "F"},
                                                                 {"cbx", "capacitance", "F"},
                                                                 {"csub", "capacitance", "F"},
                                                                 {"betadc", "notype", ""},
                                                                 {"p", "power", "W"}}};

// Of numbers, or of phasors in small signals.
template <class Number>
struct BipolarCurrents {
  Number transport;                     // from collector to emitter
  Number base_emitter, base_collector;  // of the junctions, charges included
  Number outer;                         // from the base's terminal into the collector
  Number substrate;                     // from there into the collector, of a lateral one the base
  bool is_lateral;

  Number collector() const {
    const Number i = transport - base_collector - outer;
    return is_lateral ? i : i - substrate;
  }
  Number base() const {
    const Number i = base_emitter + base_collector + outer;
    return is_lateral ? i - substrate : i;
  }
  Number emitter() const { return -(collector() + base() + substrate); }
};

}  // namespace wordline
