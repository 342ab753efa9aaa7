#include "wordline/cli/sampled_deck.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wordline/cli/command.hpp"
#include "wordline/cli/samples.hpp"
#include "wordline/crossbar/deck_samples.hpp"
#include "wordline/engine/step_sink.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

std::string describe(const std::vector<Override>& values) {
  std::string text;
  for (const auto& [target, value] : values) {
    text += fmt::format("{}{} = {:g}", text.empty() ? "" : ", ", target.label(), value);
  }
  return text;
}

ResultFiles open_sample_file(const Circuit& circuit, const std::string& deck,
                             const ResultOptions& options) {
  Circuit asked;
  asked.files = circuit.files;
  asked.options = circuit.options;
  asked.steps = circuit.steps;
  asked.analyses.push_back({OpAnalysis{}, {}});
  return {deck, options, asked};
}

int sample_deck(const Circuit& circuit, const crossbar::Sampling& sampling, const std::string& deck,
                const std::optional<ResultOptions>& results, bool quiet) {
  std::optional<ResultFiles> files;
  if (results) files.emplace(open_sample_file(circuit, deck, *results));
  std::FILE* const out = files && files->standard_output() ? stderr : stdout;
  int exit_code = kOk;
  const std::size_t steps = step_count(circuit);
  for (std::size_t k = 0; k < steps && exit_code != kInterrupted; ++k) {
    const std::vector<Override> values = step_values(circuit, k);
    const crossbar::Samples samples =
        with_progress(sampling, quiet, [&](const crossbar::Sampling& with_hooks) {
          return crossbar::sample_circuit(circuit.steps.empty() ? circuit : at_step(circuit, k),
                                          with_hooks);
        });
    if (files) {
      StepSink sink(files->sink(0), values);
      write_samples(samples, circuit.title, sink);
    }
    if (!quiet) {
      if (!values.empty()) {
        fmt::print(out, "step {} of {}: {}\n", k + 1, steps, describe(values));
      }
      fmt::print(out, "mc: {} samples, seed {}{}\n", samples.samples.size() + samples.failed.size(),
                 sampling.seed, files ? ", " + files->path(0) : "");
      print_samples(samples, sampling, out);
    }
    report_failed_samples(samples);
    exit_code = std::max(exit_code, exit_code_of(samples));
  }
  return exit_code;
}

}  // namespace wordline::cli
