// .step: all analyses once for each combination of values, the first step innermost.
//   .step [lin|dec|oct] target start stop step|points
//   .step target list value ...
//   .step target poi count value ...
//   .step target file=name
//   .step data=table
#include <fmt/format.h>

#include <algorithm>

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
  if (line.peek(1).is('=') && line.accept_word("file")) {
    line.expect('=');
    step.values = read_values_in_file(line.expect_value("a file name"), scope);
    return step;
  }
  if (!spacing) spacing = accept_spacing(line);
  step.values = read_sweep_values(line, scope, spacing.value_or(Spacing::kLinear));
  return step;
}

// `sweep` is behind; see accept_sweep().
Step read_sweep(Line& line, const Scope& scope) {
  if (line.peek(1).is('=') && line.accept_word("data")) {
    line.expect('=');
    return read_step_table(line.expect_word("the name of a table"), scope);
  }
  const Token target = line.peek();
  if (line.accept_word("monte")) fail(target, "'monte' is not supported here", "there is .mc");
  Step step;
  step.targets.push_back(read_step_target(line, scope));
  const std::optional<Spacing> spacing = accept_spacing(line);
  const bool has_points = spacing && *spacing != Spacing::kList && *spacing != Spacing::kCounted;
  step.values = has_points ? read_points_first(line, scope, *spacing)
                           : read_sweep_values(line, scope, spacing.value_or(Spacing::kLinear));
  return step;
}

}  // namespace

void add_step(const Token& where, Step step, Scope& scope) {
  auto& steps = scope.circuit().steps;
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
    fail(where,
         fmt::format("the steps have {:g} combinations, more than {:g}", combinations, kMostSteps));
  }
}

void read_step(Line& line, Scope& scope) {
  do {
    const Token where = line.peek();
    add_step(where, read_one(line, scope), scope);
  } while (!line.done());
}

void accept_sweep(Line& line, Scope& scope) {
  const Token where = line.peek();
  if (line.accept_word("sweep")) {
    add_step(where, read_sweep(line, scope), scope);
    scope.warn(where, "a sweep is of all analyses here, as .step is");
  }
  line.expect_end();
}

}  // namespace wordline
