// Models in bins: `.model n.1 nmos lmin= lmax= wmin= wmax= ...`, `.model n.2 ...`, of which an
// instance of `n` takes the one that its length and width fall into.
#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "wordline/netlist/line.hpp"

namespace wordline {

class Scope;

struct ModelBin {
  Token name;                                                       // "n.1", where it is defined
  double lmin = 0, lmax = std::numeric_limits<double>::infinity();  // m
  double wmin = 0, wmax = std::numeric_limits<double>::infinity();
};

// Whether a key of a `.model` is a limit of its bin.
bool is_bin_limit(std::string_view key);

// The bin that an instance with this line falls into; the name itself where the model has none.
// Throws Fault where no bin fits.
Token find_bin(const Token& name, const Line& line, const Scope& scope);

}  // namespace wordline
