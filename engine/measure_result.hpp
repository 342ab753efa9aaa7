// What a `.measure` gave.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

struct MeasureResult {
  // A place on the first axis that belongs to the value: "at", "trig", "targ", "from", "to".
  struct Place {
    std::string_view name;
    double value;
  };

  std::string name;  // lower case
  double value = std::numeric_limits<double>::quiet_NaN();
  std::vector<Place> places = {};
  std::string failure = {};  // why there is no value; empty if there is one

  bool ok() const { return failure.empty(); }
};

}  // namespace wordline
