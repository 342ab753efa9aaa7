#include "wordline/netlist/statements/small_signal_output.hpp"

#include <fmt/format.h>

#include <cmath>

#include "wordline/base/units.hpp"

namespace wordline {

SmallSignalOutput read_small_signal_output(Line& line, const Scope& scope) {
  const Token letter = line.expect_word("v(node), v(node,node) or i(source)");
  const bool is_voltage = equal_ignoring_case(letter.text, "v");
  if (!is_voltage && !equal_ignoring_case(letter.text, "i")) {
    fail(letter, fmt::format("'{}' is no output of this analysis", letter.text),
         "there are v(node), v(node,node) and i(voltage source)");
  }
  line.expect('(');
  const Token first = line.expect_word(is_voltage ? "a node" : "a voltage source");
  SmallSignalOutput output;
  std::string names = to_lower(first.text);
  if (is_voltage) {
    output.p = scope.existing_node(first);
    if (line.accept(',')) {
      const Token second = line.expect_word("a node");
      output.n = scope.existing_node(second);
      names += ',' + to_lower(second.text);
    }
  } else {
    output.current_of = scope.voltage_source(first);
  }
  line.expect(')');
  output.label = fmt::format("{}({})", is_voltage ? 'v' : 'i', names);
  return output;
}

SmallSignalInput read_small_signal_input(Line& line, const Scope& scope) {
  const Token name = line.expect_word("an independent source");
  const Circuit& circuit = scope.circuit();
  SmallSignalInput input;
  input.name = to_lower(name.text);
  if (const auto found = scope.find_element(circuit.voltage_sources.names, name.text)) {
    input.index = *found;
    return input;
  }
  if (const auto found = scope.find_element(circuit.current_sources.names, name.text)) {
    input.is_voltage = false;
    input.index = *found;
    return input;
  }
  std::vector<std::string> known = circuit.voltage_sources.names.stored();
  for (std::string& stored : circuit.current_sources.names.stored()) {
    known.push_back(std::move(stored));
  }
  fail(name, fmt::format("there is no independent source called '{}'", name.text),
       did_you_mean(name.text, known));
}

FrequencySweep read_frequencies(Line& line, const Scope& scope) {
  FrequencySweep sweep;
  const Token spacing = line.expect_word("dec, oct or lin");
  if (equal_ignoring_case(spacing.text, "oct")) {
    sweep.spacing = FrequencySweep::Spacing::kOctave;
  } else if (equal_ignoring_case(spacing.text, "lin")) {
    sweep.spacing = FrequencySweep::Spacing::kLinear;
  } else if (!equal_ignoring_case(spacing.text, "dec")) {
    fail(spacing, fmt::format("'{}' should be dec, oct or lin", spacing.text));
  }
  const Token points = line.expect_value("the number of points");
  const double count = scope.value(points);
  constexpr double kMost = 1e7;
  if (!(count >= 1 && count <= kMost)) {
    fail(points, fmt::format("{} is no number of points", count));
  }
  sweep.points = static_cast<int>(std::lround(count));
  const Token start = line.expect_value("the first frequency");
  sweep.start = scope.value(start);
  const Token stop = line.expect_value("the last frequency");
  sweep.stop = scope.value(stop);
  const bool linear = sweep.spacing == FrequencySweep::Spacing::kLinear;
  if (sweep.start < 0 || (sweep.start == 0 && !linear)) {
    fail(start, fmt::format("the frequency {} Hz is not positive", sweep.start),
         sweep.start == 0 ? "a logarithmic sweep cannot begin at 0; take lin" : "");
  }
  if (sweep.stop < sweep.start) {
    fail(stop, fmt::format("the last frequency {} Hz is below the first, {} Hz", sweep.stop,
                           sweep.start));
  }
  return sweep;
}

}  // namespace wordline
