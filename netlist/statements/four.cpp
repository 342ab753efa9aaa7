// .four frequency signal ...: harmonics of signals at the end of every transient.
#include <fmt/format.h>

#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

void read_four(Line& line, Scope& scope) {
  const Token frequency = line.expect_value("the fundamental frequency");
  Fourier fourier;
  fourier.fundamental = scope.value(frequency);
  if (fourier.fundamental <= 0) {
    fail(frequency, fmt::format("the frequency {} Hz is not positive", fourier.fundamental));
  }
  const std::size_t before = scope.circuit().outputs.size();
  const Token first = line.peek();
  read_output_list(line, scope, "four");
  const std::vector<OutputRequest>& outputs = scope.circuit().outputs;
  for (std::size_t k = before; k < outputs.size(); ++k) {
    if (outputs[k].kind == OutputRequest::Kind::kExpression) {
      fail(first, ".four is of signals, not of expressions",
           "a source B makes a signal of an expression");
    }
    fourier.signals.push_back(outputs[k].label);
  }
  scope.circuit().fouriers.push_back(std::move(fourier));
}

}  // namespace wordline
