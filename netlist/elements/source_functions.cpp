// The time functions of V and I.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/elements/piecewise_functions.hpp"
#include "wordline/netlist/elements/source_arguments.hpp"
#include "wordline/netlist/elements/source_functions.hpp"

namespace wordline {

namespace {

Pulse read_pulse(const SourceArguments& a, const Scope& scope) {
  a.check_count(2, 8);
  if (a.size() > 5 && a.at(5) == 0) {
    scope.warn(a.token(5), "a pulse width of 0 means the end of the simulation, as in SPICE",
               "give a small width for a triangle");
  }
  Pulse pulse{.v1 = a.at(0),
              .v2 = a.at(1),
              .delay = a.time(2),
              .rise = a.time(3),
              .fall = a.time(4),
              .width = a.time(5),
              .period = a.time(6)};
  if (scope.dialect() == Dialect::kXyce) {
    constexpr double kImmediate = 1e-18;  // s
    if (a.size() > 3 && pulse.rise == 0) pulse.rise = kImmediate;
    if (a.size() > 4 && pulse.fall == 0) pulse.fall = kImmediate;
  }
  if (a.at(7) < 0 || a.at(7) != std::floor(a.at(7))) {
    fail(a.token(7), fmt::format("{} is no number of pulses", a.at(7)));
  }
  if (a.at(7) > 0) pulse.repeats = a.at(7);
  const double busy = pulse.rise + pulse.width + pulse.fall;
  if (pulse.period > 0 && busy > pulse.period * (1 + 1e-12)) {
    scope.warn(a.token(6), fmt::format("the pulse takes {} s, longer than its period", busy));
  }
  return pulse;
}

Sine read_sine(const SourceArguments& a) {
  a.check_count(2, 6);
  return {.offset = a.at(0),
          .amplitude = a.at(1),
          .frequency = a.at(2),
          .delay = a.at(3),
          .damping = a.at(4),
          .phase = a.at(5)};
}

Exponential read_exponential(const SourceArguments& a) {
  a.check_count(2, 6);
  return {.v1 = a.at(0),
          .v2 = a.at(1),
          .rise_delay = a.time(2),
          .rise_tau = a.time(3),
          .fall_delay = a.time(4),
          .fall_tau = a.time(5)};
}

FrequencyModulated read_frequency_modulated(const SourceArguments& a) {
  a.check_count(2, 7);
  return {.offset = a.at(0),
          .amplitude = a.at(1),
          .carrier = a.at(2),
          .index = a.at(3),
          .signal = a.at(4),
          .carrier_phase = a.at(5),
          .signal_phase = a.at(6)};
}

AmplitudeModulated read_amplitude_modulated(const SourceArguments& a) {
  a.check_count(4, 7);
  return {.amplitude = a.at(0),
          .offset = a.at(1),
          .signal = a.at(2),
          .carrier = a.at(3),
          .delay = a.time(4),
          .carrier_phase = a.at(5),
          .signal_phase = a.at(6)};
}

// ---- random ----

TransientNoise read_noise(const SourceArguments& a) {
  a.check_count(2, 7);
  TransientNoise noise{.white = a.at(0),
                       .interval = a.time(1),
                       .exponent = a.at(2),
                       .flicker = a.at(3),
                       .telegraph = a.at(4),
                       .capture = a.time(5),
                       .emission = a.time(6)};
  if (noise.exponent == 0) noise.flicker = 0;  // none, as in ngspice
  const bool has_samples = noise.white != 0 || noise.flicker != 0;
  if (has_samples && noise.interval == 0) {
    fail(a.token(1), "the time between the samples of noise must be positive");
  }
  if (noise.flicker != 0 && (noise.exponent <= 0 || noise.exponent > 2)) {
    fail(a.token(2),
         fmt::format("1/f^{} noise: the exponent is outside of (0, 2]", noise.exponent));
  }
  if (noise.telegraph != 0 && (noise.capture == 0 || noise.emission == 0)) {
    fail(a.token(4), "telegraph noise needs mean times of capture and emission");
  }
  return noise;
}

RandomSteps read_random_steps(const SourceArguments& a) {
  a.check_count(2, 5);
  const double kind = a.at(0);
  if (kind != 1 && kind != 2 && kind != 3 && kind != 4) {
    fail(a.token(0), fmt::format("trrandom has no type {}", kind),
         "1 is uniform, 2 normal, 3 exponential, 4 of Poisson");
  }
  RandomSteps steps{.distribution = static_cast<RandomSteps::Distribution>(static_cast<int>(kind)),
                    .interval = a.time(1),
                    .delay = a.time(2),
                    .spread = a.size() > 3 ? a.at(3) : 1,
                    .offset = a.at(4)};
  if (steps.interval == 0) fail(a.token(1), "the time between random values must be positive");
  if (steps.spread < 0) fail(a.token(3), fmt::format("the spread {} is negative", steps.spread));
  return steps;
}

// ---- the table ----

using Reader = void (*)(Line& line, const Token& function, SourceFunction& source,
                        const Scope& scope);

template <class Shape, Shape (*read)(const SourceArguments&)>
void read_arguments(Line& line, const Token& function, SourceFunction& source, const Scope& scope) {
  source.shape = read(SourceArguments(read_values(line, function, scope), function, scope));
}

struct TimeFunction {
  std::string_view name;
  Reader read;
};

constexpr std::array<TimeFunction, 10> kFunctions = {{
    {"pulse",
     [](Line& line, const Token& function, SourceFunction& source, const Scope& scope) {
       source.shape =
           read_pulse(SourceArguments(read_values(line, function, scope), function, scope), scope);
     }},
    {"sin", read_arguments<Sine, read_sine>},
    {"sine", read_arguments<Sine, read_sine>},
    {"exp", read_arguments<Exponential, read_exponential>},
    {"pwl", [](Line& line, const Token& function, SourceFunction& source,
               const Scope& scope) { source.shape = read_piecewise(line, function, scope); }},
    {"sffm", read_arguments<FrequencyModulated, read_frequency_modulated>},
    {"am", read_arguments<AmplitudeModulated, read_amplitude_modulated>},
    {"trnoise", read_arguments<TransientNoise, read_noise>},
    {"trrandom", read_arguments<RandomSteps, read_random_steps>},
    {"pat", [](Line& line, const Token& function, SourceFunction& source,
               const Scope& scope) { source.shape = read_pattern(line, function, scope); }},
}};

const TimeFunction* find_time_function(std::string_view word) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(), [&](const TimeFunction& f) {
    return equal_ignoring_case(word, f.name);
  });
  return found == kFunctions.end() ? nullptr : &*found;
}

// ---- what depends on the first `.tran` ----

struct Interval {
  double step = 1e-9;  // s
  double stop = 1e30;  // s
};

void give(double& parameter, double if_zero) {
  if (parameter == 0) parameter = if_zero;
}

struct Complete {
  Interval interval;

  void operator()(std::monostate) const {}
  void operator()(PiecewiseLinear&) const {}
  void operator()(AmplitudeModulated&) const {}
  void operator()(TransientNoise&) const {}
  void operator()(RandomSteps&) const {}
  void operator()(Sine& s) const { give(s.frequency, 1 / interval.stop); }
  void operator()(FrequencyModulated& s) const {
    give(s.carrier, 1 / interval.stop);
    give(s.signal, 1 / interval.stop);
  }
  void operator()(Pulse& p) const {
    give(p.rise, interval.step);
    give(p.fall, interval.step);
    give(p.width, interval.stop);
    // None: one that ended with the simulation would bring the first value back at its very end.
    give(p.period, std::numeric_limits<double>::infinity());
  }
  void operator()(Exponential& e) const {
    give(e.rise_delay, interval.step);
    give(e.rise_tau, interval.step);
    give(e.fall_delay, e.rise_delay + interval.step);
    give(e.fall_tau, interval.step);
  }
};

}  // namespace

std::vector<std::string> time_functions() {
  std::vector<std::string> names;
  for (const TimeFunction& function : kFunctions) names.emplace_back(function.name);
  return names;
}

bool is_time_function(std::string_view word) { return find_time_function(word) != nullptr; }

bool accept_time_function(Line& line, SourceFunction& source, const Scope& scope) {
  const Token word = line.peek();
  const TimeFunction* const function = word.is_word() ? find_time_function(word.text) : nullptr;
  if (function == nullptr) return false;
  line.take();
  function->read(line, word, source, scope);
  return true;
}

void scale(SourceFunction& source, double factor) {
  struct Scale {
    double factor;
    void operator()(std::monostate) const {}
    void operator()(Pulse& s) const {
      s.v1 *= factor;
      s.v2 *= factor;
    }
    void operator()(Sine& s) const {
      s.offset *= factor;
      s.amplitude *= factor;
    }
    void operator()(Exponential& s) const {
      s.v1 *= factor;
      s.v2 *= factor;
    }
    void operator()(FrequencyModulated& s) const {
      s.offset *= factor;
      s.amplitude *= factor;
    }
    void operator()(AmplitudeModulated& s) const { s.amplitude *= factor; }
    void operator()(TransientNoise& s) const {
      s.white *= factor;
      s.flicker *= factor;
      s.telegraph *= factor;
    }
    void operator()(RandomSteps& s) const { s.scale *= factor; }
    void operator()(PiecewiseLinear& s) const {
      for (double& value : s.value) value *= factor;
    }
  };
  source.dc *= factor;
  std::visit(Scale{factor}, source.shape);
}

void complete_sources(Circuit& circuit) {
  Interval interval;
  for (const Analysis& analysis : circuit.analyses) {
    if (const auto* tran = std::get_if<TranAnalysis>(&analysis.what)) {
      interval = {tran->step, tran->stop};
      break;
    }
  }
  for (auto* table : {&circuit.voltage_sources, &circuit.current_sources}) {
    for (IndependentSource& source : table->rows) {
      std::visit(Complete{interval}, source.function.shape);
    }
  }
}

}  // namespace wordline
