// What is computed of every site at every step, several at once: see dynamics.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wordline {

// One over the lengths of a step, the last two before it, and what they make together [1/s].
struct Reciprocals {
  double h, last, before, two, last_two, three;
};

// Of n sites: the value now and the last accepted ones, newest first; the rate now, dq/dt = a0 q +
// b, and that at the last point; whether they are pinned.
struct SiteRun {
  std::size_t n;
  const double *q, *q1, *q2, *q3;
  double a0;
  const double *b, *last_rate;
  const std::int32_t* pinned;
};

// What may change: `fixed`, or whichever is larger of relative |q| (of `floor` at least) and h
// times relative |dq/dt| and `rate_floor`.
struct SiteTolerance {
  double relative, floor, rate_floor, fixed;
};

// The largest ratio of the local error and its tolerance among sites that are not pinned. The error
// is `constant` times h^(order+1) and the divided difference of order+1 (order 1 or 2), or, at
// order 0, that of backward Euler against the rate at the step's start.
double largest_error(const SiteRun& sites, int order, double constant, double h,
                     const Reciprocals& per, const SiteTolerance& tolerance);

// Whether a rate alternates around that of the values themselves, by more than `relative` of it and
// `floor` [1/s] together. `off`: how far they were apart in the last step, and are in this one.
bool any_alternates(const SiteRun& sites, double h, const Reciprocals& per, double relative,
                    double floor, double* off);

}  // namespace wordline
