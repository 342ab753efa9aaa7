// The time functions of V and I.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/elements/source_functions.hpp"

namespace wordline {

namespace {

// The arguments of a time function; those left out are zero.
class Arguments {
 public:
  Arguments(std::vector<Token> tokens, const Token& function, const Scope& scope)
      : tokens_(std::move(tokens)), function_(function), scope_(scope) {}

  void check_count(std::size_t least, std::size_t most) const {
    if (tokens_.size() < least || tokens_.size() > most) {
      fail(function_, fmt::format("{} takes {} to {} values, not {}", to_lower(function_.text),
                                  least, most, tokens_.size()));
    }
  }

  std::size_t size() const { return tokens_.size(); }
  const Token& token(std::size_t k) const { return tokens_[k]; }
  double at(std::size_t k) const { return k < tokens_.size() ? scope_.value(tokens_[k]) : 0; }

  // A time that may not be negative.
  double time(std::size_t k) const {
    const double value = at(k);
    if (value < 0) fail(tokens_[k], fmt::format("the time {} s is negative", value));
    return value;
  }

 private:
  std::vector<Token> tokens_;
  Token function_;
  const Scope& scope_;
};

// "PULSE(0 1,5)" was meant to hold two numbers, not three.
void warn_of_commas(const std::vector<Token>& tokens, const Token& function, const Scope& scope) {
  if (equal_ignoring_case(function.text, "pwl")) return;  // "0,0 1n,1" is how points are written
  const Token* tight = nullptr;
  bool has_blanks = false;
  for (std::size_t k = 1; k < tokens.size(); ++k) {
    const char* const begin = tokens[k - 1].text.data() + tokens[k - 1].text.size();
    const std::string_view between(begin, static_cast<std::size_t>(tokens[k].text.data() - begin));
    if (between == ",") tight = &tokens[k];
    if (between.find(',') == std::string_view::npos) has_blanks = true;
  }
  if (tight != nullptr && has_blanks) {
    scope.warn(*tight, "commas and blanks both separate values here",
               "a comma is no decimal point");
  }
}

// Values in parentheses, or bare to the end of the line.
std::vector<Token> read_values(Line& line, const Token& function, const Scope& scope) {
  std::vector<Token> tokens;
  const bool parenthesised = line.accept('(');
  while (!line.done() && !line.peek().is(')') && !line.at_assignment()) {
    tokens.push_back(line.expect_value("a value"));
    line.accept(',');
  }
  if (parenthesised && !line.at_assignment()) line.expect(')');
  warn_of_commas(tokens, function, scope);
  return tokens;
}

Pulse read_pulse(const Arguments& a, const Scope& scope) {
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

Sine read_sine(const Arguments& a) {
  a.check_count(2, 6);
  return {.offset = a.at(0),
          .amplitude = a.at(1),
          .frequency = a.at(2),
          .delay = a.at(3),
          .damping = a.at(4),
          .phase = a.at(5)};
}

Exponential read_exponential(const Arguments& a) {
  a.check_count(2, 6);
  return {.v1 = a.at(0),
          .v2 = a.at(1),
          .rise_delay = a.time(2),
          .rise_tau = a.time(3),
          .fall_delay = a.time(4),
          .fall_tau = a.time(5)};
}

// ---- PWL ----

void repeat_from(const Token& where, double start, PiecewiseLinear& lines) {
  if (start >= lines.time.back()) {
    fail(where, fmt::format("the repetition from {} s begins after the last point", start));
  }
  lines.repeat_from = start;
}

// A last word that is not one of the pairs but asks for repetition: `r` from 0 on in HSPICE.
std::optional<Token> take_repetition(std::vector<Token>& tokens, const Scope& scope) {
  if (tokens.size() % 2 == 0 || !tokens.back().is_word()) return std::nullopt;
  const Token word = tokens.back();
  const bool is_short = equal_ignoring_case(word.text, "r");
  if (!is_short && !equal_ignoring_case(word.text, "repeat")) return std::nullopt;
  if (!is_short || scope.dialect() != Dialect::kHspice) {
    fail(word, fmt::format("'{}' does not say from when on the points are repeated", word.text),
         "write r=0 to repeat all of them");
  }
  tokens.pop_back();
  return word;
}

// In LTspice a time with a sign is so much after the last.
void read_points(const Arguments& a, const Token& function, const Scope& scope,
                 PiecewiseLinear& lines) {
  if (a.size() == 0 || a.size() % 2 != 0) {
    fail(function, fmt::format("pwl takes pairs of time and value, not {} values", a.size()));
  }
  for (std::size_t k = 0; k < a.size(); k += 2) {
    const bool is_relative = scope.dialect() == Dialect::kLtspice && !lines.time.empty() &&
                             a.token(k).text.starts_with('+');
    const double time = a.at(k) + (is_relative ? lines.time.back() : 0);
    if (!lines.time.empty() && time <= lines.time.back()) {
      fail(a.token(k), fmt::format("time {} s of point {} is not after {} s of point {}", time,
                                   k / 2 + 1, lines.time.back(), k / 2));
    }
    lines.time.push_back(time);
    lines.value.push_back(a.at(k + 1));
  }
}

void read_file(const Token& name, PiecewiseLinear& lines, const Scope& scope) {
  const Matrix points = scope.curve(name, "time", "value");
  for (std::int64_t k = 0; k < points.rows; ++k) {
    lines.time.push_back(points(k, 0));
    lines.value.push_back(points(k, 1));
  }
}

void read_repetition(const Assignment& assignment, PiecewiseLinear& lines, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (equal_ignoring_case(assignment.name.text, "td")) {
    lines.delay = value;
  } else if (equal_ignoring_case(assignment.name.text, "r")) {
    if (value >= 0) repeat_from(assignment.value, value, lines);  // -1 means none
  } else {
    fail_unknown(assignment, {"r", "td"});
  }
}

// The points, or the file that has them.
void read_points_or_file(Line& line, const Token& function, const Scope& scope,
                         PiecewiseLinear& lines) {
  const bool parenthesised =
      line.peek().is('(') && equal_ignoring_case(line.peek(1).text, "file") && line.accept('(');
  if (line.accept_word("file")) {
    line.accept('=');
    read_file(line.expect_value("a file name"), lines, scope);
    if (parenthesised) line.expect(')');
  } else {
    std::vector<Token> tokens = read_values(line, function, scope);
    const std::optional<Token> repetition = take_repetition(tokens, scope);
    read_points(Arguments(std::move(tokens), function, scope), function, scope, lines);
    if (repetition) repeat_from(*repetition, 0, lines);
  }
}

// LTspice's `repeat forever (...) endrepeat`, whose first word is behind.
void read_repeated(Line& line, const Token& function, const Scope& scope, PiecewiseLinear& lines) {
  const Token often = line.peek();
  if (!line.accept_word("forever")) {
    fail(often, "only 'repeat forever' is supported", "write PWL(...) r=0 to repeat all points");
  }
  read_points_or_file(line, function, scope, lines);
  const Token end = line.peek();
  if (!line.accept_word("endrepeat")) fail(end, "'endrepeat' is expected here");
  repeat_from(often, 0, lines);
}

PiecewiseLinear read_piecewise(Line& line, const Token& function, const Scope& scope) {
  PiecewiseLinear lines;
  if (scope.dialect() == Dialect::kLtspice && line.accept_word("repeat")) {
    read_repeated(line, function, scope, lines);
  } else {
    read_points_or_file(line, function, scope, lines);
  }
  while (const auto assignment = line.accept_assignment()) {
    if (equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {});
    read_repetition(*assignment, lines, scope);
  }
  line.accept(')');  // ngspice's PWL(... r=0)
  return lines;
}

// ---- modulated sines ----

FrequencyModulated read_frequency_modulated(const Arguments& a) {
  a.check_count(2, 7);
  return {.offset = a.at(0),
          .amplitude = a.at(1),
          .carrier = a.at(2),
          .index = a.at(3),
          .signal = a.at(4),
          .carrier_phase = a.at(5),
          .signal_phase = a.at(6)};
}

AmplitudeModulated read_amplitude_modulated(const Arguments& a) {
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

TransientNoise read_noise(const Arguments& a) {
  a.check_count(2, 7);
  TransientNoise noise{.white = a.at(0),
                       .interval = a.time(1),
                       .exponent = a.at(2),
                       .flicker = a.at(3),
                       .telegraph = a.at(4),
                       .capture = a.time(5),
                       .emission = a.time(6)};
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

RandomSteps read_random_steps(const Arguments& a) {
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

// ---- PAT(high low delay rise fall sample bits) ----

std::string read_bits(const Token& token) {
  std::string bits = to_lower(token.text);
  if (bits.starts_with('b')) bits.erase(bits.begin());
  if (bits.empty() || bits.find_first_not_of("01m") != std::string::npos) {
    fail(token, fmt::format("'{}' is no pattern", token.text),
         "a pattern is b and digits: b0110, m for the middle");
  }
  return bits;
}

// The corners of a pattern whose ramps begin where its bits do; before it stands its first bit.
PiecewiseLinear pattern(const Arguments& a, const std::string& bits) {
  const double high = a.at(0);
  const double low = a.at(1);
  const double rise = a.time(3);
  const double fall = a.time(4);
  const double sample = a.time(5);
  if (sample <= std::max(rise, fall) || rise <= 0 || fall <= 0) {
    fail(a.token(5), "the edges of a pattern take more than no time and less than a bit");
  }
  const auto level = [&](char bit) {
    return bit == '1' ? high : bit == '0' ? low : (high + low) / 2;
  };
  PiecewiseLinear lines{.time = {0}, .value = {level(bits.front())}, .delay = a.time(2)};
  for (std::size_t k = 1; k <= bits.size(); ++k) {
    const double begin = static_cast<double>(k) * sample;
    const double from = level(bits[k - 1]);
    const double to = level(bits[k % bits.size()]);
    lines.time.push_back(begin);
    lines.value.push_back(from);
    if (k == bits.size() || from == to) continue;
    lines.time.push_back(begin + (to > from ? rise : fall));
    lines.value.push_back(to);
  }
  return lines;
}

PiecewiseLinear read_pattern(Line& line, const Token& function, const Scope& scope) {
  const bool parenthesised = line.accept('(');
  std::vector<Token> tokens;
  while (tokens.size() < 7) {
    tokens.push_back(line.expect_value("a value"));
    line.accept(',');
  }
  std::string bits = read_bits(tokens.back());
  tokens.pop_back();
  double repeats = 0;
  while (const auto assignment = line.accept_assignment()) {
    if (!equal_ignoring_case(assignment->name.text, "r")) fail_unknown(*assignment, {"r"});
    repeats = scope.value(assignment->value);
    if (repeats < -1 || repeats != std::floor(repeats)) {
      fail(assignment->value, fmt::format("{} is no number of repetitions", repeats),
           "-1 is without end");
    }
  }
  if (parenthesised) line.expect(')');
  const Arguments arguments(std::move(tokens), function, scope);
  if (repeats < 0) {  // from the end of the first time on
    bits += bits;
    PiecewiseLinear lines = pattern(arguments, bits);
    lines.repeat_from = lines.time.back() / 2;
    return lines;
  }
  if (repeats > 0) {
    constexpr double kMostBits = 1e7;
    if (repeats * static_cast<double>(bits.size()) > kMostBits) {
      fail(function, fmt::format("the pattern is repeated {} times", repeats),
           "r=-1 repeats it without end");
    }
    const std::string once = bits;
    for (auto k = static_cast<int>(repeats); k > 0; --k) bits += once;
  }
  return pattern(arguments, bits);
}

// ---- the table ----

using Reader = void (*)(Line& line, const Token& function, SourceFunction& source,
                        const Scope& scope);

template <class Shape, Shape (*read)(const Arguments&)>
void read_arguments(Line& line, const Token& function, SourceFunction& source, const Scope& scope) {
  source.shape = read(Arguments(read_values(line, function, scope), function, scope));
}

struct TimeFunction {
  std::string_view name;
  Reader read;
};

constexpr std::array<TimeFunction, 10> kFunctions = {{
    {"pulse",
     [](Line& line, const Token& function, SourceFunction& source, const Scope& scope) {
       source.shape =
           read_pulse(Arguments(read_values(line, function, scope), function, scope), scope);
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
    give(p.period, interval.stop);
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
