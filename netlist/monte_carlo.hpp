// `.mc`: the netlist is read many times, and all that is random in it is drawn anew each time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "wordline/base/error.hpp"

namespace wordline {

// What a result should lie within; its ends belong to it.
struct ResultLimit {
  std::string name;  // of the result, lower case
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool holds(double value) const { return value >= low && value <= high; }  // not for NaN
};

struct MonteCarlo {
  std::int64_t samples = 0;
  std::optional<std::uint64_t> seed = {};  // else that of the options
  std::vector<ResultLimit> limits = {};
  SourceLocation where = {};
};

}  // namespace wordline
