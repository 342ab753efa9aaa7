// .temp: the temperatures of the circuit. Several of them, of one line or of several, are a step.
#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/statements/statements.hpp"
#include "wordline/netlist/statements/sweep_values.hpp"

namespace wordline {

namespace {

constexpr double kAbsoluteZero = -kZeroCelsius;  // C

}  // namespace

void read_temperatures(Line& line, Scope& scope) {
  const Token where = line.peek();
  std::vector<double>& temperatures = scope.elaborator().temperatures;
  const std::size_t before = temperatures.size();
  do {
    const Token token = line.expect_value("the temperature");
    const double value = scope.value(token);
    if (value <= kAbsoluteZero) fail(token, fmt::format("{} C is below absolute zero", value));
    const bool is_new =
        std::find(temperatures.begin(), temperatures.end(), value) == temperatures.end();
    if (is_new) temperatures.push_back(value);
    line.accept(',');
  } while (!line.done());
  Circuit& circuit = scope.circuit();
  circuit.options.temperature = temperatures.front();
  if (before > 0 && temperatures.size() > before && scope.dialect() == Dialect::kNgspice) {
    scope.warn(where, "all analyses are run at each of the temperatures; ngspice takes the last",
               "");
  }
  const StepTarget target{StepTarget::Kind::kTemperature, ""};
  std::erase_if(circuit.steps, [&](const Step& step) {
    return step.targets.size() == 1 && step.targets.front() == target;
  });
  if (temperatures.size() > 1) add_step(where, {{target}, temperatures}, scope);
}

}  // namespace wordline
