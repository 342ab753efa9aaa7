#include "wordline/netlist/source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace wordline {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

bool repeats(const Pulse& p) { return p.period > 0 && std::isfinite(p.period); }

// The time at which pulse n begins.
double begin_of(const Pulse& p, double n) { return p.delay + (repeats(p) ? n * p.period : 0); }

// The number of the pulse that `time` falls into; the last one where there is an end to them.
double pulse_at(const Pulse& p, double time) {
  if (!repeats(p)) return 0;
  return std::clamp(std::floor((time - p.delay) / p.period), 0.0, p.repeats - 1);
}

double value_of(const Pulse& p, double time) {
  const double t = time - begin_of(p, pulse_at(p, time));
  const double flat = p.rise + p.width;
  if (t <= 0 || p.repeats < 1) return p.v1;
  if (t < p.rise) return p.v1 + (p.v2 - p.v1) * t / p.rise;
  if (t <= flat) return p.v2;
  if (t < flat + p.fall) return p.v2 + (p.v1 - p.v2) * (t - flat) / p.fall;
  return p.v1;
}

double corner_of(const Pulse& p, double time) {
  const std::array<double, 4> offsets = {0, p.rise, p.rise + p.width, p.rise + p.width + p.fall};
  const double now = pulse_at(p, time);
  // Rounding may put `time` into the pulse before or after its own.
  for (double n = std::max(0.0, now - 1); n <= now + 1 && n < p.repeats; ++n) {
    for (const double offset : offsets) {
      const bool cut_off = repeats(p) && offset > p.period;  // by the next pulse
      const double corner = begin_of(p, n) + offset;
      if (!cut_off && corner > time) return corner;
    }
    if (!repeats(p)) break;
  }
  return kNever;
}

double value_of(const Sine& s, double time) {
  const double t = std::max(0.0, time - s.delay);
  const double phase = 2 * std::numbers::pi * (s.frequency * t + s.phase / 360);
  return s.offset + s.amplitude * std::sin(phase) * std::exp(-t * s.damping);
}

double corner_of(const Sine& s, double time) { return s.delay > time ? s.delay : kNever; }

double value_of(const Exponential& e, double time) {
  double value = e.v1;
  if (time > e.rise_delay)
    value += (e.v2 - e.v1) * -std::expm1(-(time - e.rise_delay) / e.rise_tau);
  if (time > e.fall_delay)
    value -= (e.v2 - e.v1) * -std::expm1(-(time - e.fall_delay) / e.fall_tau);
  return value;
}

double corner_of(const Exponential& e, double time) {
  if (e.rise_delay > time) return e.rise_delay;
  return e.fall_delay > time ? e.fall_delay : kNever;
}

// How many whole repetitions lie before `time`, and their length.
struct Repetition {
  double count = 0;
  double length = 0;
};

Repetition repetition_at(const PiecewiseLinear& p, double time) {
  if (p.repeat_from < 0 || time <= p.delay + p.time.back()) return {};
  const double length = p.time.back() - p.repeat_from;
  return {std::floor((time - p.delay - p.repeat_from) / length), length};
}

double value_of(const PiecewiseLinear& p, double time) {
  const auto [count, length] = repetition_at(p, time);
  const double t = time - p.delay - count * length;
  const auto after = std::upper_bound(p.time.begin(), p.time.end(), t);
  if (after == p.time.begin()) return p.value.front();
  if (after == p.time.end()) return p.value.back();
  const auto k = static_cast<std::size_t>(after - p.time.begin());
  const double slope = (p.value[k] - p.value[k - 1]) / (p.time[k] - p.time[k - 1]);
  return p.value[k - 1] + slope * (t - p.time[k - 1]);
}

double corner_of(const PiecewiseLinear& p, double time) {
  const double now = repetition_at(p, time).count;
  const double last = p.repeat_from < 0 ? 0 : now + 1;
  for (double count = now; count <= last; ++count) {
    for (const double point : p.time) {
      const double repeated = p.repeat_from < 0 ? 0 : p.time.back() - p.repeat_from;
      const double corner = p.delay + point + count * repeated;
      if (corner > time && (count == 0 || point >= p.repeat_from)) return corner;
    }
  }
  return kNever;
}

}  // namespace

double SourceFunction::value(double time) const {
  return std::visit(
      [&](const auto& s) {
        if constexpr (std::is_same_v<std::decay_t<decltype(s)>, std::monostate>) {
          return dc;
        } else {
          return value_of(s, time);
        }
      },
      shape);
}

double SourceFunction::next_corner(double time) const {
  return std::visit(
      [&](const auto& s) {
        if constexpr (std::is_same_v<std::decay_t<decltype(s)>, std::monostate>) {
          return kNever;
        } else {
          return corner_of(s, time);
        }
      },
      shape);
}

}  // namespace wordline
