// .op and .tran
#include <fmt/format.h>

#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

void read_op(Line& line, Scope& scope) {
  line.expect_end();
  scope.circuit().analyses.push_back(
      {OpAnalysis{}, scope.sources().locate(line.head().text.data())});
}

// .tran step stop [start [max_step]] [uic]
void read_tran(Line& line, Scope& scope) {
  TranAnalysis tran;
  const Token step = line.expect_value("the step");
  tran.step = scope.value(step);
  if (tran.step <= 0) fail(step, fmt::format("the step {} s is not positive", tran.step));
  const Token stop = line.expect_value("the end of the simulation");
  tran.stop = scope.value(stop);
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
  scope.circuit().analyses.push_back({tran, scope.sources().locate(line.head().text.data())});
}

}  // namespace wordline
