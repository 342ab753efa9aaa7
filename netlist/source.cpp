#include "wordline/netlist/source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace wordline {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The first of the ascending `corners` that lies after `time` by more than the rounding of sums of
// times, so that whoever stands on a corner is not sent to it again.
template <class Corners>
double first_after(double time, const Corners& corners) {
  const double margin = 64 * std::numeric_limits<double>::epsilon() * std::abs(time);
  for (const double corner : corners) {
    if (corner > time + margin && corner > time) return corner;
  }
  return kInfinity;
}

// ---- constant ----

double value_at(std::monostate, double) { return 0; }
double corner_after(std::monostate, double) { return kInfinity; }

// ---- pulse ----

bool repeats(const Pulse& p) { return p.period > 0 && std::isfinite(p.period); }

// The number of the period that holds `time`, counted from 0.
double cycle_of(const Pulse& p, double time) {
  return repeats(p) ? std::floor((time - p.delay) / p.period) : 0;
}

double value_at(const Pulse& p, double time) {
  if (time <= p.delay) return p.v1;
  const double cycle = cycle_of(p, time);
  if (cycle >= p.repeats) return p.v1;
  const double t = time - p.delay - (repeats(p) ? cycle * p.period : 0);
  const double top = p.rise;
  const double fall = top + p.width;
  if (t < top) return p.v1 + (p.v2 - p.v1) * t / p.rise;
  if (t <= fall) return p.v2;
  if (t < fall + p.fall) return p.v2 + (p.v1 - p.v2) * (t - fall) / p.fall;
  return p.v1;
}

double corner_after(const Pulse& p, double time) {
  const std::array<double, 4> offsets = {0, p.rise, p.rise + p.width, p.rise + p.width + p.fall};
  if (!repeats(p)) {
    std::array<double, 4> corners = offsets;
    for (double& corner : corners) corner += p.delay;
    return first_after(time, corners);
  }
  // This period, the one before (rounding may have put `time` just before its end) and the next.
  std::array<double, 12> corners;
  double cycle = std::max(cycle_of(p, time) - 1, 0.0);
  for (std::size_t k = 0; k < corners.size(); ++k) {
    // A pulse longer than its period is cut by the next one.
    corners[k] = p.delay + cycle * p.period + std::min(offsets[k % 4], p.period);
    if (cycle > p.repeats || (cycle == p.repeats && k % 4 > 0)) corners[k] = -kInfinity;
    if (k % 4 == 3) ++cycle;
  }
  return first_after(time, corners);
}

// ---- sine ----

// The angle [rad] of an oscillation that stands at `phase` [deg] at t = 0.
double angle(double frequency, double t, double phase) {
  return 2 * std::numbers::pi * frequency * t + phase * std::numbers::pi / 180;
}

double value_at(const Sine& s, double time) {
  const double t = std::max(time - s.delay, 0.0);
  return s.offset +
         s.amplitude * std::exp(-t * s.damping) * std::sin(angle(s.frequency, t, s.phase));
}

double corner_after(const Sine& s, double time) { return first_after(time, std::array{s.delay}); }

// ---- modulated sines ----

double value_at(const FrequencyModulated& s, double time) {
  const double swing = s.index * std::sin(angle(s.signal, time, s.signal_phase));
  return s.offset + s.amplitude * std::sin(angle(s.carrier, time, s.carrier_phase) + swing);
}

double corner_after(const FrequencyModulated&, double) { return kInfinity; }

double value_at(const AmplitudeModulated& s, double time) {
  const double t = time - s.delay;
  if (t <= 0) return 0;
  const double envelope = s.offset + std::sin(angle(s.signal, t, s.signal_phase));
  return s.amplitude * envelope * std::sin(angle(s.carrier, t, s.carrier_phase));
}

double corner_after(const AmplitudeModulated& s, double time) {
  return first_after(time, std::array{s.delay});
}

// ---- random: what is drawn knows its own corners ----

double value_at(const TransientNoise&, double) { return 0; }
double corner_after(const TransientNoise&, double) { return kInfinity; }
double value_at(const RandomSteps&, double) { return 0; }
double corner_after(const RandomSteps&, double) { return kInfinity; }

// ---- exponential ----

double value_at(const Exponential& e, double time) {
  const auto approached = [time](double delay, double tau) {
    return time > delay ? -std::expm1(-(time - delay) / tau) : 0.0;
  };
  return e.v1 + (e.v2 - e.v1) *
                    (approached(e.rise_delay, e.rise_tau) - approached(e.fall_delay, e.fall_tau));
}

double corner_after(const Exponential& e, double time) {
  return first_after(
      time, std::array{std::min(e.rise_delay, e.fall_delay), std::max(e.rise_delay, e.fall_delay)});
}

// ---- straight lines ----

double repeated_span(const PiecewiseLinear& p) {
  return p.repeat_from >= 0 && !p.time.empty() ? p.time.back() - p.repeat_from : 0;
}

// How often the repeated part has been played in full before `t` (counted from the delay).
double laps(const PiecewiseLinear& p, double t) {
  const double span = repeated_span(p);
  return span > 0 && t > p.time.back() ? std::floor((t - p.repeat_from) / span) : 0;
}

double value_at(const PiecewiseLinear& p, double time) {
  if (p.time.empty()) return 0;
  double t = time - p.delay;
  t -= laps(p, t) * repeated_span(p);
  const auto after = std::upper_bound(p.time.begin(), p.time.end(), t);
  if (after == p.time.begin()) return p.value.front();
  if (after == p.time.end()) return p.value.back();
  const auto k = static_cast<std::size_t>(after - p.time.begin());
  const double slope = (p.value[k] - p.value[k - 1]) / (p.time[k] - p.time[k - 1]);
  return p.value[k - 1] + slope * (t - p.time[k - 1]);
}

double corner_after(const PiecewiseLinear& p, double time) {
  if (p.time.empty()) return kInfinity;
  const double span = repeated_span(p);
  const double first_lap = laps(p, time - p.delay);
  for (const double lap : {first_lap, first_lap + 1}) {
    const double shift = p.delay + lap * span;
    // From two points before, because the subtraction rounds.
    const auto near =
        std::lower_bound(p.time.begin(), p.time.end(),
                         lap == 0 ? time - shift : std::max(time - shift, p.repeat_from));
    const auto begin = near - std::min<std::ptrdiff_t>(near - p.time.begin(), 2);
    const auto end = near + std::min<std::ptrdiff_t>(p.time.end() - near, 4);
    std::array<double, 6> corners;
    corners.fill(-kInfinity);
    std::transform(begin, end, corners.begin(),
                   [&](double t) { return lap > 0 && t < p.repeat_from ? -kInfinity : shift + t; });
    const double corner = first_after(time, corners);
    if (corner < kInfinity || span <= 0) return corner;
  }
  return kInfinity;
}

}  // namespace

double SourceFunction::value(double time) const {
  if (is_dc() || is_random()) return dc;
  return std::visit([time](const auto& s) { return value_at(s, time); }, shape);
}

double SourceFunction::next_corner(double time) const {
  return std::visit([time](const auto& s) { return corner_after(s, time); }, shape);
}

}  // namespace wordline
