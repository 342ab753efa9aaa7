// The current of a JART VCM cell: that at which its contact carries what the rest of the cell, in
// series with it, lets through. A current of the rest leaves the contact its voltage and heats the
// cell to its temperature, in closed form; so the cell's two implicit equations become one.
//
// Forward biased, the barrier rises steeply where the contact's voltage nears `offset`, the current
// falls, and there may be three solutions. That of the smallest contact voltage, which is the
// largest current, is the cell's.
#pragma once

#include <limits>

#include "wordline/devices/memristor/heating.hpp"
#include "wordline/devices/memristor/jart_contact.hpp"

namespace wordline {

// What is in series with the contact, at a cell voltage of magnitude u.
struct JartLine {
  double u;           // V
  double ohmic;       // ohm, all but what grows with the current
  double outside;     // ohm, of that, outside of what heats the cell
  double growth;      // ohm/A^2, of the metal line by its own heat
  double rth;         // K/W
  double ambient;     // K
  double rise_limit;  // K

  // At a current: contact voltage, and by the current; temperature, and by current and u.
  struct Point {
    double w, dw;
    double t, dt, dt_du;
  };
  WORDLINE_HD Point at(double i) const {
    const double heated = growth * i * i;
    const double power = i * (u - i * (outside + heated));
    const auto [rise, slope] = limited_rise(rth * power, rise_limit);
    return {u - i * (ohmic + heated), -(ohmic + 3 * heated), ambient + rise,
            slope * rth * (u - 2 * i * (outside + 2 * heated)), slope * rth * i};
  }

  // The current at a contact voltage w <= u. Convex, so that Newton's method comes down to it.
  WORDLINE_HD double current_at(double w) const {
    double i = (u - w) / ohmic;
    for (int k = 0; k < 60; ++k) {
      const double heated = growth * i * i;
      const double change = (i * (ohmic + heated) - (u - w)) / (ohmic + 3 * heated);
      i -= change;
      if (!(change > 1e-16 * i)) break;
    }
    return i;
  }
};

// The logarithm of the contact's current over the line's, and by the line's.
struct JartMismatch {
  double value, slope;
  JartLine::Point line;
  LogCurrent contact;
};

WORDLINE_HD inline JartMismatch jart_mismatch(const JartContact& contact, const JartLine& line,
                                              bool forward, double i) {
  const JartLine::Point at = line.at(i);
  const double w = std::fmax(at.w, std::numeric_limits<double>::min());
  const LogCurrent log = forward ? contact.thermionic(w, at.t) : contact.thermionic_field(w, at.t);
  return {log.value - std::log(i), log.dw * at.dw + log.dt * at.dt - 1 / i, at, log};
}

struct JartSearch {
  double low, high;  // A; the mismatch at `high` is negative
  bool certain;      // that at `low` is positive
};

// The largest current between two without a mismatch; 0 if there is none. On its way down from
// `high` the mismatch rises, and where it need not be positive in the end it is concave: two
// tangents that meet below zero then tell that it stays negative.
WORDLINE_HD inline double largest_solution(const JartContact& contact, const JartLine& line,
                                           bool forward, JartSearch search, double guess) {
  constexpr double kRounding = 4e-16;
  constexpr double kSmallest = std::numeric_limits<double>::min();
  constexpr double kLastStep = 1e-9;  // Newton's error is squared in each step
  constexpr int kNewtonSteps = 40;    // then halves, where rounding leads Newton's method astray
  auto [low, high, certain] = search;
  double i = guess > low && guess < high ? guess : 0.5 * (low + high);
  double value_high = 0;
  double slope_high = -std::numeric_limits<double>::infinity();  // as long as it is not known
  for (int step = 0; high - low > kRounding * high + kSmallest; ++step) {
    const JartMismatch m = jart_mismatch(contact, line, forward, i);
    double next = i - m.value / m.slope;
    if (m.value >= 0) {
      low = i;
      certain = true;
    } else if (certain || m.slope < 0) {
      high = i;
      value_high = m.value;
      slope_high = m.slope;
    } else {
      const double rise = m.value - m.slope * i - (value_high - slope_high * high);
      next = rise / (slope_high - m.slope);
      if (m.value + m.slope * (next - i) < 0) return 0;
      low = i;
    }
    const bool inside = next > low && next < high;
    if (inside && m.slope < 0 && std::fabs(next - i) <= kLastStep * i) return next;
    i = inside && step < kNewtonSteps ? next : 0.5 * (low + high);
  }
  return certain ? std::fmax(i, kSmallest) : 0;
}

// The magnitude of the cell's current [A], forward or reverse; u > 0.
WORDLINE_HD inline double jart_current(const JartContact& contact, const JartLine& line,
                                       bool forward) {
  constexpr double kUsual = 0.01;  // V across the contact, within a decade or two
  const double most = line.current_at(0);
  const double guess = line.current_at(std::fmin(kUsual, 0.5 * line.u));
  if (!forward) return largest_solution(contact, line, forward, {0, most, true}, guess);
  const double unlowered = line.u > contact.offset ? line.current_at(contact.offset) : 0;
  const double i = largest_solution(contact, line, forward, {unlowered, most, false}, guess);
  if (i > 0) return i;
  return largest_solution(contact, line, forward, {0, unlowered > 0 ? unlowered : most, true}, 0);
}

}  // namespace wordline
