#include "wordline/engine/site_kernels.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

template <int order>
struct ErrorRatio {
  SiteRun s;
  double factor, h;
  Reciprocals per;
  SiteTolerance tolerance;

  WORDLINE_INLINE double error(std::size_t k) const {
    const double d1 = (s.q[k] - s.q1[k]) * per.h;
    if constexpr (order == 0) return factor * std::fabs(d1 - s.last_rate[k]);
    const double d1_old = (s.q1[k] - s.q2[k]) * per.last;
    const double d2 = (d1 - d1_old) * per.two;
    if constexpr (order == 1) return factor * std::fabs(d2);
    const double d1_older = (s.q2[k] - s.q3[k]) * per.before;
    const double d2_old = (d1_old - d1_older) * per.last_two;
    return factor * std::fabs((d2 - d2_old) * per.three);
  }

  WORDLINE_INLINE double at(std::size_t k) const {
    const double q = std::max({std::fabs(s.q[k]), std::fabs(s.q1[k]), tolerance.floor});
    const double rate = std::max(std::fabs(s.a0 * s.q[k] + s.b[k]), std::fabs(s.last_rate[k]));
    const double by_rate = h * (tolerance.rate_floor + tolerance.relative * rate);
    const double allowed =
        tolerance.fixed > 0 ? tolerance.fixed : std::max(tolerance.relative * q, by_rate);
    return s.pinned[k] != 0 ? 0 : error(k) / allowed;
  }
};

// Several maxima side by side, so that none waits for another.
template <class Ratio>
WORDLINE_INLINE double largest(const Ratio& ratio, std::size_t n) {
  constexpr std::size_t kSide = 8;
  double worst[kSide] = {};
  std::size_t k = 0;
  for (; k + kSide <= n; k += kSide) {
    for (std::size_t side = 0; side < kSide; ++side) {
      const double r = ratio.at(k + side);
      worst[side] = r > worst[side] ? r : worst[side];
    }
  }
  for (; k < n; ++k) worst[0] = std::max(worst[0], ratio.at(k));
  return *std::max_element(worst, worst + kSide);
}

WORDLINE_INLINE double largest_error_body(const SiteRun& sites, int order, double constant,
                                          double h, const Reciprocals& per,
                                          const SiteTolerance& tolerance) {
  switch (order) {
    case 0:
      return largest(ErrorRatio<0>{sites, 0.5 * h, h, per, tolerance}, sites.n);
    case 1:
      return largest(ErrorRatio<1>{sites, constant * h * h, h, per, tolerance}, sites.n);
    default:
      return largest(ErrorRatio<2>{sites, constant * h * h * h, h, per, tolerance}, sites.n);
  }
}

WORDLINE_INLINE bool any_alternates_body(const SiteRun& shared, double h, const Reciprocals& per,
                                         double relative, double floor, double* __restrict off) {
  const SiteRun s = shared;  // which no store can change
  const double per_h = per.h, per_last = per.last, per_two = per.two;
  std::int64_t found = 0;
  for (std::size_t k = 0; k < s.n; ++k) {
    const double d1 = (s.q[k] - s.q1[k]) * per_h;
    const double d1_old = (s.q1[k] - s.q2[k]) * per_last;
    const double of_values = d1 + h * (d1 - d1_old) * per_two;
    const double rate = s.a0 * s.q[k] + s.b[k];
    const double now = rate - of_values;
    const double last = off[k];
    off[k] = now;
    const double size = std::max(std::fabs(rate), std::fabs(of_values));
    const double apart = std::min(std::fabs(now), std::fabs(last));
    const bool alternates = (now * last < 0) & (apart > relative * size + floor);
    found |= alternates & (s.pinned[k] == 0) ? 1 : 0;
  }
  return found != 0;
}

}  // namespace

WORDLINE_KERNEL(double, largest_error,
                (const SiteRun& sites, int order, double constant, double h, const Reciprocals& per,
                 const SiteTolerance& tolerance),
                (sites, order, constant, h, per, tolerance))

WORDLINE_KERNEL(bool, any_alternates,
                (const SiteRun& sites, double h, const Reciprocals& per, double relative,
                 double floor, double* off),
                (sites, h, per, relative, floor, off))

}  // namespace wordline
