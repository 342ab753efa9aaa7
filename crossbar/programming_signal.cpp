#include "wordline/crossbar/programming_signal.hpp"

#include <fmt/format.h>

#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

void check(const PulseTrain& train) {
  if (train.count < 1) throw Error(fmt::format("a train of {} pulses cannot be", train.count));
  if (!(train.width > 0 && train.gap >= 0 && std::isfinite(train.width + train.gap))) {
    throw Error(
        fmt::format("pulses of {:g} s with {:g} s between them cannot be", train.width, train.gap));
  }
  if (!std::isfinite(train.level)) throw Error(fmt::format("pulses of {} V", train.level));
}

std::int64_t steps_of(double duration, double step, const char* what) {
  const double steps = std::round(duration / step);
  if (!(std::abs(duration / step - steps) <= 1e-9)) {
    throw Error(
        fmt::format("the {} of {:g} s is no whole multiple of {:g} s", what, duration, step));
  }
  return static_cast<std::int64_t>(steps);
}

}  // namespace

SourceFunction source(const PulseTrain& train, double edge) {
  check(train);
  if (!(edge > 0 && edge <= 0.5 * train.width)) {
    throw Error(fmt::format("edges of {:g} s in pulses of {:g} s", edge, train.width));
  }
  // Without a gap the pulses are one.
  const bool is_one = train.gap == 0;
  const double width = is_one ? train.duration() : train.width;
  Pulse pulse{.v1 = 0,
              .v2 = train.level,
              .delay = 0,
              .rise = edge,
              .fall = edge,
              .width = width - 2 * edge,
              .period = width + train.gap};
  if (is_one) pulse.period = 2 * width;
  pulse.repeats = is_one ? 1 : static_cast<double>(train.count);
  return {0, pulse};
}

std::vector<double> samples(const PulseTrain& train, double step) {
  check(train);
  if (!(step > 0)) throw Error(fmt::format("time steps of {:g} s cannot be", step));
  const std::int64_t high = steps_of(train.width, step, "width");
  const std::int64_t low = steps_of(train.gap, step, "gap");
  std::vector<double> volts;
  for (std::int64_t k = 0; k < train.count; ++k) {
    volts.insert(volts.end(), static_cast<std::size_t>(high), train.level);
    volts.insert(volts.end(), static_cast<std::size_t>(low), 0);
  }
  return volts;
}

SourceFunction triangle(double amplitude, double period) {
  if (!(std::isfinite(amplitude) && period > 0 && std::isfinite(period))) {
    throw Error(fmt::format("a triangle of {} V and {} s cannot be", amplitude, period));
  }
  return {0, PiecewiseLinear{.time = {0, .25 * period, .75 * period, period},
                             .value = {0, amplitude, -amplitude, 0},
                             .repeat_from = 0}};
}

}  // namespace wordline::crossbar
