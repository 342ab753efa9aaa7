// LOW:HIGH on a command line, in SPICE numbers; either end may be left out.
#pragma once

#include <limits>
#include <string>

namespace wordline::cli {

struct OpenRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

// `option` is what messages begin with: "--x-range". Throws UsageError.
OpenRange parse_range(const std::string& text, const std::string& option);

}  // namespace wordline::cli
