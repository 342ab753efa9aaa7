// .step: all analyses once for each combination of values, the first step innermost.
//   .step [lin|dec|oct] target start stop step|points
//   .step target list value ...
//   .step data=table
#include <fmt/format.h>

#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/statements/statements.hpp"
#include "wordline/netlist/statements/sweep_values.hpp"

namespace wordline {

namespace {

constexpr double kMostSteps = 1e6;

Step read_one(Line& line, const Scope& scope) {
  if (line.peek(1).is('=') && line.accept_word("data")) {
    line.expect('=');
    return read_step_table(line.expect_word("the name of a table"), scope);
  }
  Step step;
  std::optional<Spacing> spacing = accept_spacing(line);
  step.targets.push_back(read_step_target(line, scope));
  if (!spacing) spacing = accept_spacing(line);
  step.values = read_sweep_values(line, scope, spacing.value_or(Spacing::kLinear));
  return step;
}

}  // namespace

void read_step(Line& line, Scope& scope) {
  auto& steps = scope.circuit().steps;
  do {
    const Token where = line.peek();
    Step step = read_one(line, scope);
    for (const Step& other : steps) {
      for (const StepTarget& target : step.targets) {
        if (std::find(other.targets.begin(), other.targets.end(), target) != other.targets.end()) {
          fail(where, fmt::format("'{}' is stepped twice", target.label()));
        }
      }
    }
    steps.push_back(std::move(step));
    double combinations = 1;
    for (const Step& each : steps) combinations *= static_cast<double>(each.count());
    if (combinations > kMostSteps) {
      fail(where, fmt::format("the steps have {:g} combinations, more than {:g}", combinations,
                              kMostSteps));
    }
  } while (!line.done());
}

}  // namespace wordline
