#include "wordline/cli/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace wordline::cli {

namespace {

constexpr double kSlices = 4000;  // about two for a pixel of the largest picture

// Numbers the slices of the shown part of the x axis; what lies outside has a slice at either end.
class Slices {
 public:
  explicit Slices(const Figure& figure) : logarithmic_(figure.log_x) {
    low_ = std::numeric_limits<double>::infinity();
    high_ = -low_;
    for (std::size_t k = 0; k < figure.data.size(); k += figure.columns) {
      const double x = figure.data[k];
      if (!(x >= figure.x_low && x <= figure.x_high) || !std::isfinite(position(x))) continue;
      low_ = std::min(low_, position(x));
      high_ = std::max(high_, position(x));
    }
  }

  // NaN, a gap in the lines, is a slice of its own.
  std::int64_t operator()(double x) const {
    if (std::isnan(x)) return -2;
    const double slice = kSlices * (position(x) - low_) / (high_ - low_);
    return std::llround(std::isnan(slice) ? -1.0 : std::clamp(slice, -1.0, kSlices + 1));
  }

 private:
  double position(double x) const { return logarithmic_ ? std::log(x) : x; }

  bool logarithmic_;
  double low_, high_;
};

// Appends to `kept` the points worth drawing of a run of points [begin, end) in one slice.
void keep_extremes(const Figure& figure, std::size_t begin, std::size_t end,
                   std::vector<double>& kept) {
  const std::size_t columns = figure.columns;
  std::vector<std::size_t> points = {begin, end - 1};
  for (std::size_t column = 1; column < columns; ++column) {
    const auto y = [&](std::size_t point) { return figure.data[point * columns + column]; };
    std::size_t lowest = begin;
    std::size_t highest = begin;
    for (std::size_t point = begin; point < end; ++point) {
      if (y(point) < y(lowest)) lowest = point;
      if (y(point) > y(highest)) highest = point;
    }
    points.insert(points.end(), {lowest, highest});
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  for (const std::size_t point : points) {
    const double* const row = figure.data.data() + point * columns;
    kept.insert(kept.end(), row, row + columns);
  }
}

}  // namespace

void thin_out(Figure& figure) {
  constexpr std::size_t kFew = 20000;
  const std::size_t points = figure.data.size() / figure.columns;
  if (points <= kFew) return;
  const Slices slice_of(figure);
  const auto slice = [&](std::size_t point) {
    return slice_of(figure.data[point * figure.columns]);
  };
  std::vector<double> kept;
  for (std::size_t begin = 0; begin < points;) {
    std::size_t end = begin + 1;
    while (end < points && slice(end) == slice(begin)) ++end;
    keep_extremes(figure, begin, end, kept);
    begin = end;
  }
  figure.data = std::move(kept);
}

}  // namespace wordline::cli
