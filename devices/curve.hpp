// A function given by points, with straight lines between them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wordline/devices/safe_math.hpp"

namespace wordline {

// Copies share their points.
class Curve {
 public:
  struct Point {
    double x, y;
  };

  // At least two points; x rises.
  explicit Curve(std::vector<Point> points)
      : points_(std::make_shared<const std::vector<Point>>(std::move(points))) {}

  // The curve of a card's values that begins at `index` (see Parameter::is_curve).
  static Curve from_values(std::span<const double> values, double index) {
    const auto at = static_cast<std::size_t>(index);
    std::vector<Point> points(static_cast<std::size_t>(values[at]));
    for (std::size_t k = 0; k < points.size(); ++k) {
      points[k] = {values[at + 1 + 2 * k], values[at + 2 + 2 * k]};
    }
    return Curve(std::move(points));
  }

  double first() const { return points_->front().x; }
  double last() const { return points_->back().x; }

  // Beyond its ends the outer lines go on. At a corner the slope is that of the line after it.
  ValueAndSlope at(double x) const {
    const std::vector<Point>& p = *points_;
    const auto after = std::upper_bound(p.begin() + 1, p.end() - 1, x,
                                        [](double u, const Point& point) { return u < point.x; });
    const Point& from = *(after - 1);
    const double slope = (after->y - from.y) / (after->x - from.x);
    return {from.y + slope * (x - from.x), slope};
  }

  // As an expression in `x`.
  std::string spice() const;

 private:
  std::shared_ptr<const std::vector<Point>> points_;
};

}  // namespace wordline
