// .dc: one sweep or several nested ones, the first innermost.
//   .dc [lin] target start stop step
//   .dc dec|oct target start stop points
//   .dc target list value ...
//   .dc target poi count value ...
//   .dc data=table
#include <fmt/format.h>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/statements/statements.hpp"
#include "wordline/netlist/statements/sweep_values.hpp"

namespace wordline {

namespace {

// What a sweep changes in the circuit as it is: a source, a resistor, the temperature. False if it
// is something else.
bool accept_target(Sweep& sweep, Line& line, const Scope& scope) {
  const Circuit& circuit = scope.circuit();
  const Token name = line.peek();
  const auto find = [&](const NameTable& names, Sweep::Target target) {
    const auto found = scope.find_element(names, name.text);
    if (found) {
      sweep.target = target;
      sweep.index = *found;
    }
    return found.has_value();
  };
  sweep.name = to_lower(name.text);
  if (sweep.name == "temp" || sweep.name == "temper") {
    // Where parameters use it, they change with it.
    if (scope.elaborator().temperature_was_used) return false;
    sweep.target = Sweep::Target::kTemperature;
  } else if (!find(circuit.voltage_sources.names, Sweep::Target::kVoltageSource) &&
             !find(circuit.current_sources.names, Sweep::Target::kCurrentSource) &&
             !find(circuit.resistors.names, Sweep::Target::kResistor)) {
    return false;
  }
  line.take();
  return true;
}

Sweep read_sweep(Line& line, const Scope& scope) {
  Sweep sweep;
  if (line.peek(1).is('=') && line.accept_word("data")) {
    line.expect('=');
    sweep.target = Sweep::Target::kNetlist;
    sweep.netlist = read_step_table(line.expect_word("the name of a table"), scope);
    return sweep;
  }
  std::optional<Spacing> spacing = accept_spacing(line);
  const bool in_place = accept_target(sweep, line, scope);
  if (!in_place) {
    sweep.target = Sweep::Target::kNetlist;
    sweep.netlist.targets.push_back(read_step_target(line, scope));
  }
  if (!spacing) spacing = accept_spacing(line);
  std::vector<double>& values = in_place ? sweep.values : sweep.netlist.values;
  values = read_sweep_values(line, scope, spacing.value_or(Spacing::kLinear));
  return sweep;
}

}  // namespace

void read_dc(Line& line, Scope& scope) {
  DcAnalysis dc;
  double points = 1;
  do {
    dc.sweeps.push_back(read_sweep(line, scope));
    points *= static_cast<double>(dc.sweeps.back().count());
    check_points(line.head(), points);
  } while (!line.done() && !equal_ignoring_case(line.peek().text, "sweep"));
  accept_sweep(line, scope);
  scope.circuit().analyses.push_back({dc, scope.sources().locate(line.head().text.data())});
}

}  // namespace wordline
