// .ac, .noise, .tf and .sens: analyses of small signals.
//   .ac dec|oct|lin points start stop
//   .noise v(out[,ref]) source dec|oct|lin points start stop [points_per_summary]
//   .tf v(out[,ref])|i(source) source
//   .sens v(out[,ref])|i(source) [dc | ac dec|oct|lin points start stop]
#include <fmt/format.h>

#include <cmath>

#include "wordline/netlist/statements/small_signal_output.hpp"
#include "wordline/netlist/statements/statements.hpp"
#include "wordline/netlist/statements/sweep_values.hpp"

namespace wordline {

namespace {

template <class What>
void add_analysis(const Line& line, const Scope& scope, What what) {
  scope.circuit().analyses.push_back(
      {std::move(what), scope.sources().locate(line.head().text.data())});
}

}  // namespace

void read_ac(Line& line, Scope& scope) {
  const AcAnalysis ac{read_frequencies(line, scope)};
  accept_sweep(line, scope);
  add_analysis(line, scope, ac);
}

void read_noise(Line& line, Scope& scope) {
  const Token where = line.peek();
  NoiseAnalysis noise;
  noise.output = read_small_signal_output(line, scope);
  if (noise.output.current_of) {
    fail(where, "the output of .noise is a voltage",
         "a source H turns a current into a voltage without noise of its own");
  }
  noise.input = read_small_signal_input(line, scope);
  noise.frequencies = read_frequencies(line, scope);
  if (const auto points = line.accept_value()) {
    const double count = scope.value(*points);
    if (!(count >= 0 && count == std::floor(count) && count <= 1e9)) {
      fail(*points, fmt::format("{} is no number of points", count));
    }
    noise.points_per_summary = static_cast<int>(count);
  }
  line.expect_end();
  add_analysis(line, scope, noise);
}

void read_tf(Line& line, Scope& scope) {
  TransferAnalysis tf;
  tf.output = read_small_signal_output(line, scope);
  tf.input = read_small_signal_input(line, scope);
  line.expect_end();
  add_analysis(line, scope, tf);
}

void read_sens(Line& line, Scope& scope) {
  SensitivityAnalysis sens;
  sens.output = read_small_signal_output(line, scope);
  if (line.accept_word("ac")) {
    sens.frequencies = read_frequencies(line, scope);
  } else {
    line.accept_word("dc");
  }
  line.expect_end();
  add_analysis(line, scope, sens);
}

}  // namespace wordline
