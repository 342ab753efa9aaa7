// The cards of devices in the libraries that are part of the program.
#pragma once

#include <string>
#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

struct ShippedCard {
  std::string library;  // "memristors.lib"
  std::string section;  // "yakopcic_miao"
  std::string source;   // where its values are from
  ModelCard card;
};

std::vector<ShippedCard> shipped_cards();

}  // namespace wordline
