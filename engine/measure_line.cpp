#include "wordline/engine/measure_line.hpp"

#include <algorithm>
#include <cmath>

namespace wordline {

namespace {

int sign(double y) { return y > 0 ? 1 : y < 0 ? -1 : 0; }

double between(double x, double x0, double y0, double x1, double y1) {
  if (x == x1) return y1;
  return y0 + (x - x0) / (x1 - x0) * (y1 - y0);
}

// The first point at or after `at`, in the direction of x.
std::size_t point_after(std::span<const double> x, double at) {
  const bool descends = x.size() > 1 && x[1] < x[0];
  const auto found = std::lower_bound(x.begin(), x.end(), at,
                                      [&](double a, double b) { return descends ? a > b : a < b; });
  return std::min(static_cast<std::size_t>(found - x.begin()), x.size() - 1);
}

}  // namespace

double MeasureLine::value(double at) const {
  const std::size_t k = point_after(x, at);
  return k == 0 ? y[0] : between(at, x[k - 1], y[k - 1], x[k], y[k]);
}

double MeasureLine::slope(double at) const {
  if (x.size() < 2) return 0;
  const auto of_piece = [this](std::size_t k) { return (y[k] - y[k - 1]) / (x[k] - x[k - 1]); };
  const std::size_t k = std::max<std::size_t>(point_after(x, at), 1);
  if (x[k] != at || k + 1 == x.size()) return of_piece(k);
  // At a point: of the parabola through it and its neighbours.
  const double before = x[k] - x[k - 1];
  const double after = x[k + 1] - x[k];
  return (after * of_piece(k) + before * of_piece(k + 1)) / (before + after);
}

void MeasureLine::each_piece(const MeasureWindow& window, const Piece& piece) const {
  if (x.size() == 1 && window.contains(x[0])) return piece(x[0], y[0], x[0], y[0]);
  for (std::size_t k = 1; k < x.size(); ++k) {
    const double x0 = std::clamp(x[k - 1], window.from, window.to);
    const double x1 = std::clamp(x[k], window.from, window.to);
    const bool outside = !window.contains(x[k - 1]) && !window.contains(x[k]) && x0 == x1;
    if (outside) continue;
    const auto at = [&](double place) { return between(place, x[k - 1], y[k - 1], x[k], y[k]); };
    piece(x0, at(x0), x1, at(x1));
  }
}

std::vector<Crossing> crossings_of(const MeasureLine& line) {
  std::vector<Crossing> crossings;
  int side = sign(line.y[0]);  // the last that was not zero; 0 before there was one
  for (std::size_t k = 1; k < line.y.size(); ++k) {
    const int before = sign(line.y[k - 1]);
    const int here = sign(line.y[k]);
    if (here == before) continue;
    if (here == 0) {
      crossings.push_back({line.x[k], side < 0});
      continue;
    }
    if (before == 0) {
      if (side == 0 || side == here) crossings.push_back({line.x[k - 1], here > 0});
    } else {
      const double part = line.y[k - 1] / (line.y[k - 1] - line.y[k]);
      crossings.push_back({line.x[k - 1] + part * (line.x[k] - line.x[k - 1]), here > 0});
    }
    side = here;
  }
  return crossings;
}

}  // namespace wordline
