#include "wordline/devices/curve.hpp"

#include <fmt/format.h>

namespace wordline {

// The first line, and at every corner what its slope changes by.
std::string Curve::spice() const {
  const std::vector<Point>& p = *points_;
  const auto slope = [&](std::size_t k) { return (p[k + 1].y - p[k].y) / (p[k + 1].x - p[k].x); };
  std::string text = fmt::format("({}+({})*(x-({}))", p[0].y, slope(0), p[0].x);
  for (std::size_t k = 1; k + 1 < p.size(); ++k) {
    text += fmt::format("+({})*max(x-({}),0)", slope(k) - slope(k - 1), p[k].x);
  }
  return text + ")";
}

}  // namespace wordline
