// The SI prefix that suits the numbers of an axis.
#pragma once

#include <string>

namespace wordline::cli {

struct SiScale {
  double factor = 1;  // what is drawn is a value times this
  std::string prefix;
};

// For values whose largest magnitude this is; none for 0 and for units that take no prefix.
SiScale si_scale(double largest, const std::string& unit);

// "current [µA]"; without a unit the quantity alone.
std::string axis_label(const std::string& quantity, const std::string& prefix,
                       const std::string& unit);

}  // namespace wordline::cli
