// .op and .tran
#include <fmt/format.h>

#include <utility>

#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

void read_op(Line& line, Scope& scope) {
  line.expect_end();
  scope.circuit().analyses.push_back(
      {OpAnalysis{}, scope.sources().locate(line.head().text.data())});
}

namespace {

// LTspice leaves the step out, or says 0: it follows from the end.
constexpr double kPointsOfLtspice = 50;
// Xyce's longest step, of the time that is simulated.
constexpr double kStepsOfXyce = 10;

struct StepAndStop {
  Token step, stop;
  double step_value, stop_value;
};

StepAndStop read_step_and_stop(Line& line, const Scope& scope) {
  const bool may_omit = scope.dialect() == Dialect::kLtspice;
  StepAndStop times{};
  times.step = times.stop = line.expect_value("the step");
  times.step_value = scope.value(times.step);
  if (may_omit && (line.done() || equal_ignoring_case(line.peek().text, "uic"))) {
    times.stop_value = std::exchange(times.step_value, 0.0);
  } else {
    times.stop = line.expect_value("the end of the simulation");
    times.stop_value = scope.value(times.stop);
  }
  if (may_omit && times.step_value == 0) times.step_value = times.stop_value / kPointsOfLtspice;
  if (times.step_value <= 0) {
    fail(times.step, fmt::format("the step {} s is not positive", times.step_value));
  }
  return times;
}

}  // namespace

// .tran step stop [start [max_step]] [uic]
void read_tran(Line& line, Scope& scope) {
  TranAnalysis tran;
  const auto [step, stop, step_value, stop_value] = read_step_and_stop(line, scope);
  tran.step = step_value;
  tran.stop = stop_value;
  const auto accept_keyword = [&] {
    if (line.accept_word("uic")) tran.use_initial_conditions = true;
    return tran.use_initial_conditions;
  };
  if (!accept_keyword() && !line.done()) {
    const Token start = line.expect_value("the time from which results are kept");
    tran.start = scope.value(start);
    if (tran.start < 0) fail(start, fmt::format("the time {} s is negative", tran.start));
    if (!accept_keyword() && !line.done()) {
      const Token max_step = line.expect_value("the largest step");
      tran.max_step = scope.value(max_step);
      if (tran.max_step < 0) fail(max_step, "the largest step is negative");
      accept_keyword();
    }
  }
  line.expect_end();
  if (tran.stop <= tran.start) {
    fail(stop, fmt::format("the end {} s is not after {} s", tran.stop, tran.start));
  }
  if (tran.max_step == 0 && scope.dialect() == Dialect::kXyce) {
    tran.max_step = (tran.stop - tran.start) / kStepsOfXyce;
  }
  scope.circuit().analyses.push_back({tran, scope.sources().locate(line.head().text.data())});
}

}  // namespace wordline
