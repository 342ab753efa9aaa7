#include "wordline/engine/dynamics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wordline {

namespace {

// Part of reltol that the local error of a memristor state may take in one step. Errors of a state
// add up over a pulse, unlike those of a charge, which the circuit damps; hence the factor.
constexpr double kStateShare = 0.1;
// Alternations in a row that are the formula's and not the circuit's.
constexpr int kRinging = 4;

// Of the local error, in h^(k+1) times the divided difference of order k+1, for backward
// differences of order k at equal steps: h^2/2 q'' and 2/9 h^3 q'''.
double constant_of_differences(int order) { return order == 1 ? 1 : 2.0 / 9 * 6; }

}  // namespace

std::size_t Dynamics::add(std::size_t count, const Kind& kind) {
  const std::size_t first = now_.size();
  runs_.push_back({first, count, kind});
  now_.resize(first + count);
  b_.resize(first + count);
  rate_.resize(first + count);
  pinned_.resize(first + count);
  zigzag_.resize(first + count);
  for (std::vector<double>& past : past_) past.resize(first + count);
  return first;
}

void Dynamics::freeze() {
  formula_ = Formula::kFrozen;
  a0_ = 0;
  h_ = 0;
  std::fill(b_.begin(), b_.end(), 0.0);
}

void Dynamics::hold(double a0) {
  freeze();
  a0_ = a0;
  for (std::size_t k = 0; k < now_.size(); ++k) b_[k] = -a0 * now_[k];
}

void Dynamics::begin(Formula formula, double h) {
  formula_ = formula;
  h_ = h;
  const std::size_t n = now_.size();
  const double* q1 = past_[0].data();
  const double* q2 = past_[1].data();
  switch (formula) {
    case Formula::kFrozen:
      freeze();
      return;
    case Formula::kBackwardEuler:
      a0_ = 1 / h;
      for (std::size_t k = 0; k < n; ++k) b_[k] = -a0_ * q1[k];
      break;
    case Formula::kTrapezoidal: {
      a0_ = 1 / (h * (1 - weight_));
      const double remembered = weight_ / (1 - weight_);
      for (std::size_t k = 0; k < n; ++k) b_[k] = -a0_ * q1[k] - remembered * rate_[k];
      break;
    }
    case Formula::kBdf2: {
      const double r = h / step_[0];
      a0_ = (1 + 2 * r) / (h * (1 + r));
      // By differences: what rests has b = -a0 q exactly, and stays.
      const double c2 = r * r / ((1 + r) * h);
      for (std::size_t k = 0; k < n; ++k) b_[k] = c2 * (q2[k] - q1[k]) - a0_ * q1[k];
      break;
    }
  }
  // The values on the line through the last two points are the first guess.
  const double reach = points_ >= 2 ? h / step_[0] : 0;
  for (std::size_t k = 0; k < n; ++k) now_[k] = q1[k] + reach * (q1[k] - q2[k]);
}

void Dynamics::restart() {
  past_[0] = now_;
  std::fill(rate_.begin(), rate_.end(), 0.0);
  points_ = 1;
}

void Dynamics::accept() {
  for (std::size_t k = 0; k < now_.size(); ++k) rate_[k] = pinned_[k] ? 0 : rate(k);
  std::swap(past_[2], past_[1]);
  std::swap(past_[1], past_[0]);
  past_[0] = now_;
  step_ = {h_, step_[0], step_[1]};
  points_ = std::min(points_ + 1, 3);
}

void Dynamics::extrapolate(double h, const std::array<std::span<const double>, 3>& points,
                           std::span<double> x) const {
  const auto [newest, before, oldest] = points;
  if (points_ < 2) {
    std::copy(newest.begin(), newest.end(), x.begin());
    return;
  }
  const double r = h / step_[0];
  if (points_ < 3) {
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = newest[k] + r * (newest[k] - before[k]);
    return;
  }
  const double two = step_[0] + step_[1];
  const double bend = r * (h + step_[0]) / two;
  const double per_step = step_[0] / step_[1];
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double last = newest[k] - before[k];
    const double earlier = before[k] - oldest[k];
    const double parabola = newest[k] + r * last + bend * (last - per_step * earlier);
    const double zigzag = newest[k] + std::max(last / earlier, -1.0) * last;
    x[k] = last * earlier < 0 ? zigzag : parabola;
  }
}

Reciprocals Dynamics::reciprocals() const {
  const double two = h_ + step_[0];
  return {
      1 / h_, 1 / step_[0], 1 / step_[1], 1 / two, 1 / (step_[0] + step_[1]), 1 / (two + step_[1])};
}

SiteRun Dynamics::sites(const Run& run) const {
  const auto from = [&](const auto& values) { return values.data() + run.first; };
  return {run.count, from(now_), from(past_[0]), from(past_[1]), from(past_[2]),
          a0_,       from(b_),   from(rate_),    from(pinned_)};
}

Dynamics::LocalError Dynamics::local_error(const Options& options) const {
  // points_ accepted points and the new one make differences of order points_.
  const bool damped = formula_ == Formula::kTrapezoidal && weight_ < 0.5;
  const int highest = formula_ == Formula::kBackwardEuler || damped ? 1 : 2;
  const int order = std::min(points_ - 1, highest);
  // (1/2 - m) h^2 q'' and h^3/12 q''' for the trapezoidal rule.
  if (damped) return worst_error(options, order, 2 * (0.5 - weight_) + 1.0 / 12);
  if (formula_ == Formula::kTrapezoidal && order > 0) {
    return worst_error(options, order, order == 2 ? 6.0 / 12 : 1.0 / 6);
  }
  return worst_error(options, order, constant_of_differences(order));
}

Dynamics::LocalError Dynamics::local_error(const Options& options, int order) const {
  return worst_error(options, order, constant_of_differences(order));
}

Dynamics::LocalError Dynamics::worst_error(const Options& options, int order,
                                           double constant) const {
  LocalError worst{.ratio = 0, .order = std::max(order, 1)};
  const Reciprocals per = reciprocals();
  for (const Run& run : runs_) {
    const Kind& kind = run.kind;
    // After a corner a charge may start with a new current; only states start smoothly.
    if (order == 0 && kind.range == 0) continue;
    const SiteTolerance tolerance{options.trtol * options.reltol, kind.floor,
                                  options.trtol * kind.rate_floor,
                                  kStateShare * options.reltol * kind.range};
    worst.ratio =
        std::max(worst.ratio, largest_error(sites(run), order, constant, h_, per, tolerance));
  }
  return worst;
}

bool Dynamics::rings(const Options& options) {
  if (formula_ != Formula::kTrapezoidal || points_ < 3) {
    alternations_ = 0;
    std::fill(zigzag_.begin(), zigzag_.end(), 0.0);
    return false;
  }
  bool alternates = false;
  const Reciprocals per = reciprocals();
  for (const Run& run : runs_) {
    const bool is_state = run.kind.range > 0;
    const double relative = is_state ? 0 : options.trtol * options.reltol;
    const double floor = is_state ? kStateShare * options.reltol * run.kind.range * per.h
                                  : options.trtol * run.kind.rate_floor;
    alternates |= any_alternates(sites(run), h_, per, relative, floor, zigzag_.data() + run.first);
  }
  alternations_ = alternates ? alternations_ + 1 : 0;
  return alternations_ >= kRinging;
}

double Dynamics::largest_state_change() const {
  double worst = 0;
  for (const Run& run : runs_) {
    if (run.kind.range == 0) continue;
    const double per_range = 1 / run.kind.range;
    for (std::size_t k = run.first; k < run.first + run.count; ++k) {
      worst = std::max(worst, std::abs(now_[k] - past_[0][k]) * per_range);
    }
  }
  return worst;
}

}  // namespace wordline
