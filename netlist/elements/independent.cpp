// V and I.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/expression_program.hpp"

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

void read_points(const Arguments& a, const Token& function, PiecewiseLinear& lines) {
  if (a.size() == 0 || a.size() % 2 != 0) {
    fail(function, fmt::format("pwl takes pairs of time and value, not {} values", a.size()));
  }
  for (std::size_t k = 0; k < a.size(); k += 2) {
    const double time = a.at(k);
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
    if (value >= lines.time.back()) {
      fail(assignment.value,
           fmt::format("the repetition from {} s begins after the last point", value));
    }
    lines.repeat_from = value < 0 ? -1 : value;  // -1: as written by those who want none
  } else {
    fail_unknown(assignment, {"r", "td"});
  }
}

PiecewiseLinear read_piecewise(Line& line, const Token& function, const Scope& scope) {
  PiecewiseLinear lines;
  const bool parenthesised =
      line.peek().is('(') && equal_ignoring_case(line.peek(1).text, "file") && line.accept('(');
  if (line.accept_word("file")) {
    line.accept('=');
    read_file(line.expect_value("a file name"), lines, scope);
    if (parenthesised) line.expect(')');
  } else {
    read_points(Arguments(read_values(line, function, scope), function, scope), function, lines);
  }
  while (const auto assignment = line.accept_assignment()) {
    if (equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {});
    read_repetition(*assignment, lines, scope);
  }
  line.accept(')');  // ngspice's PWL(... r=0)
  return lines;
}

// ---- the element ----

bool read_function(Line& line, SourceFunction& source, const Scope& scope) {
  const Token function = line.peek();
  if (line.accept_word("pwl")) {
    source.shape = read_piecewise(line, function, scope);
    return true;
  }
  const auto arguments = [&] {
    return Arguments(read_values(line, function, scope), function, scope);
  };
  if (line.accept_word("pulse")) {
    source.shape = read_pulse(arguments(), scope);
  } else if (line.accept_word("sin")) {
    source.shape = read_sine(arguments());
  } else if (line.accept_word("exp")) {
    source.shape = read_exponential(arguments());
  } else {
    return false;
  }
  return true;
}

// AC [magnitude [phase]]; 1 and 0 without.
void read_small_signal(Line& line, IndependentSource& source, const Scope& scope) {
  line.accept('=');
  source.ac_magnitude = 1;
  for (double* const number : {&source.ac_magnitude, &source.ac_phase}) {
    if (line.peek().is_word() && !read_number(line.peek().text, scope.dialect())) return;
    const auto value = line.accept_value();
    if (!value) return;
    *number = scope.value(*value);
  }
}

// A word with a parenthesis that is neither a function of time nor one of expressions.
void refuse_function(const Line& line, const Scope& scope) {
  const Token& word = line.peek();
  if (!word.is_word() || !line.peek(1).is('(')) return;
  if (scope.has_function(word.text)) return;
  const std::string near = did_you_mean(word.text, {"pulse", "sin", "exp", "pwl"});
  fail(word, fmt::format("the source function '{}' is not supported", word.text),
       near.empty() ? "there are pulse, sin, exp and pwl" : near);
}

void read_source(Line& line, IndependentSource& row, const Scope& scope) {
  SourceFunction& source = row.function;
  bool has_dc = false;
  bool has_function = false;
  while (!line.done() && (!line.at_assignment() || equal_ignoring_case(line.peek().text, "dc") ||
                          equal_ignoring_case(line.peek().text, "ac"))) {
    const Token word = line.peek();
    if (line.accept_word("ac")) {
      read_small_signal(line, row, scope);
    } else if (read_function(line, source, scope)) {
      if (std::exchange(has_function, true)) fail(word, "the source has two time functions");
    } else {
      refuse_function(line, scope);
      if (line.accept_word("dc")) line.accept('=');
      source.dc = scope.value(line.expect_value("the value of the source"));
      if (std::exchange(has_dc, true)) fail(word, "the source has two DC values");
    }
  }
  // Without a value of its own, a source keeps that of its function at the start.
  if (!has_dc && has_function) source.dc = source.value(0);
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
    void operator()(PiecewiseLinear& s) const {
      for (double& value : s.value) value *= factor;
    }
  };
  source.dc *= factor;
  std::visit(Scale{factor}, source.shape);
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
  void operator()(Sine& s) const { give(s.frequency, 1 / interval.stop); }
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

void read_voltage_source(Line& line, Scope& scope) {
  const Token name = line.head();
  const NodeId p = scope.node(line.expect_word("a node"));
  const NodeId n = scope.node(line.expect_word("a node"));
  IndependentSource source{p, n, {}};
  read_source(line, source, scope);
  line.expect_end();
  add_element(scope.circuit().voltage_sources, name, scope, std::move(source));
}

void read_current_source(Line& line, Scope& scope) {
  const Token name = line.head();
  const NodeId p = scope.node(line.expect_word("a node"));
  const NodeId n = scope.node(line.expect_word("a node"));
  IndependentSource source{p, n, {}};
  read_source(line, source, scope);
  double m = scope.multiplicity();
  while (const auto assignment = line.accept_assignment()) {
    if (!equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {"m"});
    m *= read_multiplicity(assignment->value, scope);
  }
  line.expect_end();
  if (m != 1) scale(source.function, m);
  source.ac_magnitude *= m;
  add_element(scope.circuit().current_sources, name, scope, std::move(source));
}

}  // namespace wordline
