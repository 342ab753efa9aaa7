// V and I.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "wordline/base/random.hpp"
#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/elements/passive.hpp"
#include "wordline/netlist/elements/source_arguments.hpp"
#include "wordline/netlist/elements/source_functions.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline {

namespace {

// A word with a parenthesis that is neither a function of time nor one of expressions.
void refuse_function(const Line& line, const Scope& scope) {
  const Token& word = line.peek();
  if (!word.is_word() || !line.peek(1).is('(')) return;
  if (scope.has_function(word.text)) return;
  const std::string near = did_you_mean(word.text, time_functions());
  fail(word, fmt::format("the source function '{}' is not supported", word.text),
       near.empty() ? fmt::format("there are {}", fmt::join(time_functions(), ", ")) : near);
}

// `[magnitude [phase]]` after `ac`.
void read_phasor(Line& line, double& magnitude, double& phase, const Scope& scope) {
  const auto accept_number = [&](double& number) {
    const Token& word = line.peek();
    if (is_keyword_of_source(word) || (word.is_word() && is_time_function(word.text))) return false;
    const auto value = line.accept_value();
    if (value) number = scope.value(*value);
    return value.has_value();
  };
  line.accept('=');
  magnitude = 1;
  if (!accept_number(magnitude)) return;
  line.accept(',');
  accept_number(phase);
}

// The tones of `.disto`, which is not supported.
bool accept_distortion(Line& line, const Scope& scope) {
  const Token word = line.peek();
  if (!line.accept_word("distof1") && !line.accept_word("distof2")) return false;
  double ignored = 0;
  read_phasor(line, ignored, ignored, scope);
  scope.warn(word, fmt::format("'{}' has no effect: .disto is not supported", word.text));
  return true;
}

IndependentSource read_source(Line& line, const Scope& scope) {
  IndependentSource source{};
  const Token name = line.head();
  source.p = scope.node(line.expect_word("a node"));
  source.n = scope.node(line.expect_word("a node"));
  source.stream = stream_of(scope.full_name(name.text));
  bool has_dc = false;
  bool has_function = false;
  const auto at_value = [&line] {
    return !line.at_assignment() || equal_ignoring_case(line.peek().text, "dc") ||
           equal_ignoring_case(line.peek().text, "ac");
  };
  while (!line.done() && at_value()) {
    const Token word = line.peek();
    if (line.accept_word("ac")) {
      read_phasor(line, source.ac_magnitude, source.ac_phase, scope);
    } else if (accept_distortion(line, scope)) {
      continue;
    } else if (accept_time_function(line, source.function, scope)) {
      if (std::exchange(has_function, true)) fail(word, "the source has two time functions");
    } else {
      refuse_function(line, scope);
      if (line.accept_word("dc")) line.accept('=');
      if (line.peek().is_word() && is_time_function(line.peek().text)) continue;  // `dc pulse(...)`
      source.function.dc = scope.value(line.expect_value("the value of the source"));
      if (std::exchange(has_dc, true)) fail(word, "the source has two DC values");
    }
  }
  // Without a value of its own, a source keeps that of its function at the start.
  if (!has_dc && has_function) source.function.dc = source.function.value(0);
  return source;
}

}  // namespace

void read_voltage_source(Line& line, Scope& scope) {
  PassiveLine part{};  // with what LTspice puts into a source
  part.name = line.head();
  part.multiplicity = scope.multiplicity();
  IndependentSource source = read_source(line, scope);
  while (const auto assignment = line.accept_assignment()) {
    const bool in_series = equal_ignoring_case(assignment->name.text, "rser");
    if (!in_series && !equal_ignoring_case(assignment->name.text, "cpar")) {
      fail_unknown(*assignment, {"rser", "cpar"});
    }
    const double value = scope.value(assignment->value);
    if (value < 0) {
      fail(assignment->value, fmt::format("{} is negative", to_lower(assignment->name.text)));
    }
    (in_series ? part.series_resistance : part.parallel_capacitance) = value;
  }
  line.expect_end();
  part.p = source.p;
  part.n = source.n;
  source.p = without_parasitics(part, scope).p;
  add_element(scope.circuit().voltage_sources, part.name, scope, std::move(source));
}

void read_current_source(Line& line, Scope& scope) {
  const Token name = line.head();
  IndependentSource source = read_source(line, scope);
  double m = scope.multiplicity();
  while (const auto assignment = line.accept_assignment()) {
    if (!equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {"m"});
    m *= read_multiplicity(assignment->value, scope);
  }
  line.expect_end();
  scale(source.function, m);
  source.ac_magnitude *= m;
  add_element(scope.circuit().current_sources, name, scope, std::move(source));
  note_factor(name, m, scope);
}

}  // namespace wordline
