// Everything in a circuit that has memory: charges, fluxes and memristor states. Each is a site
// with a value q and a history; an integration formula approximates its rate by dq/dt = a0 q + b,
// with b from the history alone. Elements compute q from the unknowns and get the rate; the formula
// and its error live here and nowhere else.
//
//   backward Euler  a0 = 1/h              b = -q1/h
//   trapezoidal     a0 = 1/(h(1-m))       b = -a0 q1 - m/(1-m) q1'
//   BDF2            a0 = (1+2r)/(h(1+r))  b = (-(1+r) q1 + r^2/(1+r) q2)/h,   r = h/h1
//
// (q1, q2 the last two accepted values; h1 the last step; m = 1/2, or a little less, which damps.)
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/engine/site_kernels.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

enum class Formula { kFrozen, kBackwardEuler, kTrapezoidal, kBdf2 };

class Dynamics {
 public:
  // A run of sites with one tolerance: reltol applies to |q| or to `range`, whichever is given.
  struct Kind {
    double floor = 0;       // charges and fluxes: values below this do not count
    double range = 0;       // states: the extent of the bounds (> 0)
    double rate_floor = 0;  // smallest rate that counts, A or V
  };

  // Adds `count` sites; returns the first.
  std::size_t add(std::size_t count, const Kind& kind);
  std::size_t size() const { return now_.size(); }

  // The weight m of the trapezoidal rule, 0 to 1/2 (SPICE's xmu).
  void set_trapezoidal_weight(double m) { weight_ = m; }

  // --- within a step ---------------------------------------------------------------------------
  // Frozen: rates are zero and values only remembered (an operating point).
  void freeze();
  // Starts a step of length h from the last accepted point.
  void begin(Formula formula, double h);
  // The present values as solutions of a formula with this a0: all rates are zero.
  void hold(double a0);
  double a0() const { return a0_; }
  double derivative(std::size_t site, double q) {
    now_[site] = q;
    return a0_ * q + b_[site];
  }
  std::span<double> values(std::size_t first, std::size_t count) {
    return std::span(now_).subspan(first, count);
  }
  std::span<const double> history(std::size_t first, std::size_t count) const {
    return std::span(b_).subspan(first, count);
  }
  std::span<const double> last_values(std::size_t first, std::size_t count) const {
    return std::span(past_[0]).subspan(first, count);
  }
  double last(std::size_t site) const { return past_[0][site]; }
  double rate(std::size_t site) const { return a0_ * now_[site] + b_[site]; }
  double last_rate(std::size_t site) const { return rate_[site]; }
  // Sites that sit on a hard bound are exact and have no rate.
  void pin(std::size_t site, bool pinned) { pinned_[site] = pinned ? 1 : 0; }
  std::span<std::int32_t> pins(std::size_t first, std::size_t count) {
    return std::span(pinned_).subspan(first, count);
  }

  // --- between steps -----------------------------------------------------------------------------
  // Takes the present values as the start of a new history, with the given rates (zero after an
  // operating point).
  void restart();
  void set_rate(std::size_t site, double rate) { rate_[site] = rate; }
  // Accepts the step.
  void accept();
  // A corner of a source: derivatives before it say nothing about those after.
  void forget_before_corner() { points_ = 1; }
  int points() const { return points_; }  // accepted points since the last corner
  // Goes on for h through values at the accepted points, newest first: along their parabola or
  // line, as many as there are since the last corner. Values that zigzag, as the trapezoidal rule
  // makes them ring, go on to do so with the same damping.
  void extrapolate(double h, const std::array<std::span<const double>, 3>& points,
                   std::span<double> x) const;

  // The largest local truncation error of the present step as a fraction of its tolerance, and the
  // power of h with which it shrinks.
  struct LocalError {
    double ratio = 0;
    int order = 1;
  };
  LocalError local_error(const Options& options) const;
  // The same for a formula of backward differences of another order, as if it had made the step.
  LocalError local_error(const Options& options, int order) const;
  // Whether rates have alternated around those of the values themselves, by more than a tolerance,
  // for so many steps that it is the trapezoidal rule that rings and not the circuit. Counts the
  // present step, which must be accepted next.
  bool rings(const Options& options);
  // The largest change of a memristor state in the present step, as a fraction of its range.
  double largest_state_change() const;

 private:
  struct Run {
    std::size_t first, count;
    Kind kind;
  };

  Reciprocals reciprocals() const;
  SiteRun sites(const Run& run) const;
  LocalError worst_error(const Options& options, int order, double constant) const;

  std::vector<Run> runs_;
  std::vector<double> now_, b_, rate_;
  std::array<std::vector<double>, 3> past_;  // accepted values, newest first
  std::array<double, 3> step_{};             // step_[k]: from past_[k+1] to past_[k]
  std::vector<double> zigzag_;  // of the last step: how far rates were from those of the values
  std::vector<std::int32_t> pinned_;  // 1: yes
  Formula formula_ = Formula::kFrozen;
  double h_ = 0;
  double a0_ = 0;
  double weight_ = 0.5;
  int points_ = 0;
  int alternations_ = 0;  // steps in a row in which rates alternated
};

}  // namespace wordline
