// .op and .tran
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "wordline/netlist/statements/statements.hpp"
#include "wordline/netlist/statements/sweep_values.hpp"

namespace wordline {

void read_op(Line& line, Scope& scope) {
  line.expect_end();
  scope.circuit().analyses.push_back(
      {OpAnalysis{}, scope.sources().locate(line.head().text.data())});
}

namespace {

// LTspice leaves the step out, or says 0, as Xyce does: it follows from the end.
constexpr double kPointsWithoutStep = 50;
// Xyce's longest step, of the time that is simulated.
constexpr double kStepsOfXyce = 10;

struct StepAndStop {
  Token step, stop;
  double step_value, stop_value;
};

// What may stand after the numbers. Of LTspice's own, those that change results are refused.
constexpr std::array<std::string_view, 6> kWords = {"uic",  "nodiscard", "sweep",
                                                    "noop", "startup",   "steady"};

bool is_keyword(const Token& token) {
  return token.is_word() && std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
           return equal_ignoring_case(token.text, word);
         });
}

bool at_number(const Line& line) {
  return !line.done() && !line.at_assignment() && !is_keyword(line.peek());
}

StepAndStop read_step_and_stop(Line& line, const Scope& scope) {
  const bool may_omit = scope.dialect() == Dialect::kLtspice;
  StepAndStop times{};
  times.step = times.stop = line.expect_value("the step");
  times.step_value = scope.value(times.step);
  if (may_omit && !at_number(line)) {
    times.stop_value = std::exchange(times.step_value, 0.0);
  } else {
    times.stop = line.expect_value("the end of the simulation");
    times.stop_value = scope.value(times.stop);
  }
  if (times.step_value == 0 && (may_omit || scope.dialect() == Dialect::kXyce)) {
    times.step_value = times.stop_value / kPointsWithoutStep;
  }
  if (times.step_value <= 0) {
    fail(times.step, fmt::format("the step {} s is not positive", times.step_value));
  }
  return times;
}

}  // namespace

// .tran step stop [start [max_step]] [start=] [uic] [sweep ...]
void read_tran(Line& line, Scope& scope) {
  TranAnalysis tran;
  const auto [step, stop, step_value, stop_value] = read_step_and_stop(line, scope);
  tran.step = step_value;
  tran.stop = stop_value;
  const auto read_start = [&] {
    const Token start = line.expect_value("the time from which results are kept");
    tran.start = scope.value(start);
    if (tran.start < 0) fail(start, fmt::format("the time {} s is negative", tran.start));
  };
  if (at_number(line)) read_start();
  if (at_number(line)) {
    const Token max_step = line.expect_value("the largest step");
    tran.max_step = scope.value(max_step);
    if (tran.max_step < 0) fail(max_step, "the largest step is negative");
  }
  while (!line.done() && !equal_ignoring_case(line.peek().text, "sweep")) {
    const Token word = line.peek();
    if (line.accept_word("uic") || line.accept_word("noop")) {
      tran.use_initial_conditions = true;
    } else if (line.at_assignment() && line.accept_word("start")) {
      line.expect('=');
      read_start();
    } else if (!line.accept_word("nodiscard")) {
      if (is_keyword(word)) fail(word, fmt::format("'{}' is not supported here", word.text));
      line.expect_end();
    }
  }
  accept_sweep(line, scope);
  if (tran.stop <= tran.start) {
    fail(stop, fmt::format("the end {} s is not after {} s", tran.stop, tran.start));
  }
  if (tran.max_step == 0 && scope.dialect() == Dialect::kXyce) {
    tran.max_step = (tran.stop - tran.start) / kStepsOfXyce;
  }
  scope.circuit().analyses.push_back({tran, scope.sources().locate(line.head().text.data())});
}

}  // namespace wordline
