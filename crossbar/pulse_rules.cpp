#include "wordline/crossbar/pulse_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

void check(const PulseLevels& l, const char* sign) {
  const auto is_size = [](double v) { return std::isfinite(v) && v >= 0; };
  if (!(l.volts > 0 && l.volts <= l.most_volts) || !is_size(l.most_volts) ||
      !is_size(l.volts_step)) {
    throw Error(fmt::format("{} pulses from {} V to {} V by {} V cannot be", sign, l.volts,
                            l.most_volts, l.volts_step));
  }
  if (!std::isfinite(l.gate) || !is_size(l.gate_step) || !std::isfinite(l.most_gate) ||
      l.most_gate < l.gate) {
    throw Error(fmt::format("gates of {} pulses from {} V to {} V by {} V cannot be", sign, l.gate,
                            l.most_gate, l.gate_step));
  }
}

void check(const RuleSettings& s) {
  check(s.positive, "positive");
  check(s.negative, "negative");
  if (!(s.width > 0 && std::isfinite(s.width))) {
    throw Error(fmt::format("pulses of {:g} s cannot be", s.width));
  }
  if (!(s.least_move >= 0 && s.least_move < 1)) {
    throw Error(fmt::format("a least move of {} cannot be", s.least_move));
  }
}

const PulseLevels& levels(const RuleSettings& s, int sign) {
  return sign > 0 ? s.positive : s.negative;
}

CellPulse first(const RuleSettings& s, int sign) {
  return {.volts = sign * levels(s, sign).volts, .gate = levels(s, sign).gate, .width = s.width};
}

// Nothing where it has its largest level.
std::optional<CellPulse> grown(const RuleSettings& s, const CellPulse& pulse) {
  const int sign = pulse.volts > 0 ? 1 : -1;
  const PulseLevels& l = levels(s, sign);
  CellPulse next = pulse;
  next.volts = sign * std::min(std::abs(pulse.volts) + l.volts_step, l.most_volts);
  next.gate = std::min(pulse.gate + l.gate_step, l.most_gate);
  if (next.volts == pulse.volts && next.gate == pulse.gate) return std::nullopt;
  return next;
}

// The sign of the pulses that lead to the target; 0 where none does.
int direction(const RuleSettings& s, const CellHistory& h) {
  const double wanted = h.target - h.readings.back();
  for (const int sign : {1, -1}) {
    if (h.change(sign * levels(s, sign).most_volts, s.width) * wanted > 0) return sign;
  }
  return 0;
}

bool has_moved(const RuleSettings& s, const CellHistory& h, std::size_t pulse) {
  const double before = h.readings[pulse];
  return std::abs(h.readings[pulse + 1] - before) > s.least_move * before;
}

}  // namespace

bool CellHistory::is_reached() const {
  const double g = readings.back();
  return std::abs(g - target) <= tolerance * std::max(g, target);
}

PulseRule fixed_pulses(const RuleSettings& settings, int count) {
  check(settings);
  if (count < 0) throw Error(fmt::format("{} pulses cannot be", count));
  return [s = settings, count](const CellHistory& h) -> std::optional<CellPulse> {
    if (std::ssize(h.pulses) >= count) return std::nullopt;
    if (!h.pulses.empty()) return h.pulses.back();
    const int sign = direction(s, h);
    if (sign == 0) return std::nullopt;
    return first(s, sign);
  };
}

PulseRule write_verify(const RuleSettings& settings) {
  check(settings);
  return [s = settings](const CellHistory& h) -> std::optional<CellPulse> {
    if (h.is_reached()) return std::nullopt;
    const int sign = direction(s, h);
    if (sign == 0) return std::nullopt;
    for (std::size_t k = h.pulses.size(); k-- > 0;) {
      if ((h.pulses[k].volts > 0) != (sign > 0)) continue;
      return has_moved(s, h, k) ? h.pulses[k] : grown(s, h.pulses[k]);
    }
    return first(s, sign);
  };
}

PulseRule increment_steps(const RuleSettings& settings) {
  check(settings);
  return [s = settings](const CellHistory& h) -> std::optional<CellPulse> {
    if (h.is_reached()) return std::nullopt;
    const int sign = direction(s, h);
    if (sign == 0) return std::nullopt;
    if (h.pulses.empty() || (h.pulses.back().volts > 0) != (sign > 0)) return first(s, sign);
    if (const auto next = grown(s, h.pulses.back())) return next;
    if (has_moved(s, h, h.pulses.size() - 1)) return h.pulses.back();
    return std::nullopt;
  };
}

}  // namespace wordline::crossbar
