#include "wordline/cli/device_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>

#include "wordline/cli/command.hpp"
#include "wordline/cli/open_range.hpp"
#include "wordline/cli/wire_options.hpp"

namespace wordline::cli {

void add_device_options(CLI::App& command, DeviceOptions& o, CLI::Option* conductances) {
  const auto add = [&](const char* name, auto& value, const char* text, const char* type) {
    return command.add_option(name, value, text)->type_name(type)->needs(conductances);
  };
  const CLI::Range share(0.0, 1.0);
  add("--range", o.range,
      "Conductances that devices can have, as 1u:100u; by default\nthe lowest and the highest of "
      "the file",
      "LOW:HIGH");
  add("--levels", o.levels, "Equally spaced conductances that a device can have; by\ndefault any",
      "COUNT")
      ->check(CLI::Range(2, 1 << 30));
  add("--programming-error", o.programming_error,
      "Standard deviation of the logarithm of conductances", "NUMBER")
      ->check(CLI::NonNegativeNumber);
  add("--stuck-low", o.stuck_low, "Share of devices stuck at their lowest conductance", "SHARE")
      ->check(share);
  add("--stuck-high", o.stuck_high, "Share of devices stuck at their highest conductance", "SHARE")
      ->check(share);
  add("--drift-time", o.drift_time,
      "Conductances are those so long after programming, times\n(time/from)^-coefficient",
      "SECONDS");
  add("--drift-from", o.drift_from, "When they were as programmed; 1 s by default", "SECONDS");
  add("--drift-coefficient", o.drift_coefficient, "0.1 by default", "NUMBER")->check(share);
  add("--drift-deviation", o.drift_deviation, "Of the coefficient from device to device", "NUMBER")
      ->check(CLI::NonNegativeNumber);
  add("--read-noise", o.read_noise,
      "Relative standard deviation of a conductance from read to\nread", "NUMBER")
      ->check(CLI::NonNegativeNumber);
}

crossbar::ConductanceRange conductance_range(const DeviceOptions& o, const Matrix& conductances) {
  if (!o.range.empty()) {
    const OpenRange range = parse_range(o.range, "--range");
    if (!(range.low >= 0 && std::isfinite(range.high))) {
      throw UsageError(fmt::format("--range {}: both ends are conductances, 0 or more", o.range));
    }
    return {range.low, range.high};
  }
  const auto [low, high] =
      std::minmax_element(conductances.values.begin(), conductances.values.end());
  if (*low == *high) {
    throw UsageError(
        fmt::format("all conductances are {:g} S: say with --range what devices can have", *low));
  }
  return {*low, *high};
}

std::vector<crossbar::Nonideality> nonidealities_of(const DeviceOptions& o) {
  std::vector<crossbar::Nonideality> list;
  if (o.levels > 0) list.emplace_back(crossbar::FiniteStates{o.levels});
  if (o.programming_error > 0) list.emplace_back(crossbar::ProgrammingError{o.programming_error});
  for (const double number : {o.stuck_low, o.stuck_high, o.programming_error, o.read_noise,
                              o.drift_coefficient, o.drift_deviation}) {
    if (!std::isfinite(number)) throw UsageError("a share or a deviation is no finite number");
  }
  if (o.stuck_low + o.stuck_high > 1) {
    throw UsageError("--stuck-low and --stuck-high: together more than all devices are stuck");
  }
  if (o.stuck_low + o.stuck_high > 0) {
    list.emplace_back(
        crossbar::Faults{.low_resistance = o.stuck_high, .high_resistance = o.stuck_low});
  }
  const DeviceOptions usual;
  if (o.drift_time.empty()) {
    if (o.drift_from != usual.drift_from || o.drift_coefficient != usual.drift_coefficient ||
        o.drift_deviation != usual.drift_deviation) {
      throw UsageError("options of drift without --drift-time");
    }
  } else {
    const double time = non_negative(o.drift_time, "drift-time");
    const double from = non_negative(o.drift_from, "drift-from");
    if (!(from > 0 && time >= from)) {
      throw UsageError(fmt::format("devices cannot drift from {:g} to {:g} s", from, time));
    }
    list.emplace_back(crossbar::Drift{.time = time,
                                      .initial_time = from,
                                      .coefficient = o.drift_coefficient,
                                      .deviation = o.drift_deviation});
  }
  return list;
}

}  // namespace wordline::cli
