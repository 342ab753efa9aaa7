// `wordline run`: all analyses of a deck.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/interrupt.hpp"
#include "wordline/cli/progress_meter.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/cli/tables.hpp"
#include "wordline/crossbar/matmul.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/step_sink.hpp"

namespace wordline::cli {

namespace {

struct RunOptions {
  std::string deck;
  std::string dialect;
  std::string output;
  std::string format;
  bool quiet = false;
  bool stats = false;
};

std::string count_of(std::int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "tran: 1103 points, 1240 steps (37 rejected), 3120 iterations, 0.84 s, array.raw"
std::string summary(const std::string& name, const Report& report, const std::string& path) {
  std::string text = fmt::format("{}: {}", name, count_of(report.points, "point"));
  if (report.accepted_steps > 0) {
    text += fmt::format(", {}", count_of(report.accepted_steps, "step"));
    if (report.rejected_steps > 0) text += fmt::format(" ({} rejected)", report.rejected_steps);
  }
  return text + fmt::format(", {}, {:.2f} s{}", count_of(report.iterations, "iteration"),
                            report.seconds, report.points > 0 ? ", " + path : "");
}

std::string statistics(const Report& report) {
  return fmt::format(
      "  solver            {}\n"
      "  factorizations    {}\n"
      "  accepted steps    {}\n"
      "  rejected steps    {}\n"
      "  largest residual  {:.2g} of its tolerance\n"
      "  homotopy          {}\n",
      report.solver, report.factorizations, report.accepted_steps, report.rejected_steps,
      report.residual, report.homotopy.empty() ? "not needed" : report.homotopy);
}

void report_failure(const std::string& name, const Report& report) {
  spdlog::error("{} failed: {}", name, report.message);
  constexpr std::size_t kShown = 5;
  for (std::size_t k = 0; k < std::min(kShown, report.worst.size()); ++k) {
    const UnmetEquation& e = report.worst[k];
    const bool branch = e.unknown.starts_with("i(");
    if (!std::isfinite(e.residual) || !std::isfinite(e.update)) {
      fmt::print(stderr, "  {}: no number comes out; see the values of what is there\n",
                 printable(e.unknown));
      continue;
    }
    fmt::print(stderr, "  {}: residual {}, last update {}\n", printable(e.unknown),
               engineering(e.residual, branch ? "V" : "A"),
               engineering(e.update, branch ? "A" : "V"));
  }
}

// A Simulator writes arrays out as plain elements, which products do not need: it is made when an
// analysis asks for it.
Result run_analysis(const Circuit& circuit, std::optional<Simulator>& simulator,
                    const Analysis& analysis, WaveformSink& sink, bool quiet) {
  ProgressMeter meter(short_name(analysis));
  RunControl control;
  control.sink = &sink;
  control.interrupt = &interrupt_flag();
  if (!quiet) control.progress = [&meter](double fraction) { meter.update(fraction); };
  if (std::holds_alternative<MatmulAnalysis>(analysis.what)) {
    return crossbar::run_matmul(circuit, analysis, control);
  }
  if (!simulator) simulator.emplace(circuit);
  return simulator->run(analysis, control);
}

// Whether an analysis is a handful of numbers, to be printed too: an operating point that is all a
// deck asks for, a transfer function, sensitivities for direct current.
bool is_few_numbers(const std::vector<Analysis>& analyses, std::size_t k) {
  const auto& what = analyses[k].what;
  if (std::holds_alternative<OpAnalysis>(what)) return analyses.size() == 1;
  if (const auto* sens = std::get_if<SensitivityAnalysis>(&what)) return !sens->frequencies;
  return std::holds_alternative<TransferAnalysis>(what);
}

int exit_code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kConverged:
      return kOk;
    case Outcome::kFailed:
      return kAnalysisFailed;
    case Outcome::kInterrupted:
      break;
  }
  return kInterrupted;
}

// "rload = 2 k, temp = 50"
std::string describe(const std::vector<Override>& values) {
  std::string text;
  for (const auto& [target, value] : values) {
    text += fmt::format("{}{} = {:g}", text.empty() ? "" : ", ", target.label(), value);
  }
  return text;
}

// All analyses of one circuit; the values are those of its step, which counts from 1.
int run_all(const Circuit& circuit, const std::vector<Override>& values, std::size_t step,
            ResultFiles& files, const RunOptions& options) {
  const std::vector<Analysis>& analyses = circuit.analyses;
  std::optional<Simulator> simulator;
  std::FILE* const out = files.standard_output() ? stderr : stdout;

  int exit_code = kOk;
  for (std::size_t k = 0; k < analyses.size() && exit_code != kInterrupted; ++k) {
    const std::string name = short_name(analyses[k]);
    const bool is_few = is_few_numbers(analyses, k);
    StepSink sink(files.sink(k), values);
    Waveforms few;
    const Result result =
        run_analysis(circuit, simulator, analyses[k],
                     is_few ? static_cast<WaveformSink&>(few) : sink, options.quiet);
    const Report& report = result.report;
    if (is_few) few.write_to(sink);
    files.write_tables(k, result.tables, values, step);
    if (report.ok() && !options.quiet) {
      if (is_few && result.tables.empty()) print_values(few, out);
      print_tables(few, result.tables, out);
    }
    if (report.outcome == Outcome::kFailed) report_failure(name, report);
    if (report.outcome == Outcome::kInterrupted) spdlog::warn("{} was interrupted", name);
    if (!options.quiet) fmt::print(out, "{}\n", summary(name, report, files.path(k)));
    if (options.stats) fmt::print(out, "{}", statistics(report));
    exit_code = std::max(exit_code, exit_code_of(report.outcome));
  }
  return exit_code;
}

int run(const RunOptions& options) {
  const Circuit circuit = read_deck(options.deck, options.dialect);
  if (circuit.analyses.empty()) {
    throw UsageError(
        fmt::format("'{}' asks for no analysis: add .op, .dc, .ac, .tran ...", options.deck));
  }
  if (!circuit.control.empty()) spdlog::warn("the commands of .control are not executed");
  if (circuit.nodes.size() == 1 && circuit.crossbars.empty()) {
    throw UsageError(fmt::format("'{}' has no elements", options.deck));
  }
  ResultFiles files(options.deck, options.output, options.format, circuit);
  if (circuit.steps.empty()) return run_all(circuit, {}, 0, files, options);
  int exit_code = kOk;
  const std::size_t steps = step_count(circuit);
  for (std::size_t k = 0; k < steps && exit_code != kInterrupted; ++k) {
    const std::vector<Override> values = step_values(circuit, k);
    if (!options.quiet) {
      fmt::print(files.standard_output() ? stderr : stdout, "step {} of {}: {}\n", k + 1, steps,
                 describe(values));
    }
    const Circuit step = at_step(circuit, k);
    if (step.analyses.size() != circuit.analyses.size()) {
      throw Error(fmt::format("the step {} has other analyses than the deck", describe(values)));
    }
    exit_code = std::max(exit_code, run_all(step, values, k + 1, files, options));
  }
  return exit_code;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run all analyses of a deck");
  command->add_option("deck", options->deck, "The netlist file; - is standard input")->required();
  add_dialect_option(*command, options->dialect);
  command->add_option("-o,--output", options->output,
                      "The file for the results; - is standard output. By default\n"
                      "the deck's name with .raw or .csv, in the current folder");
  command
      ->add_option("--format", options->format,
                   "raw (binary ngspice rawfile), ascii (the same as text),\n"
                   "csv (a file for each analysis). By default csv for a file\n"
                   "that is called so, else raw")
      ->check(CLI::IsMember({"raw", "ascii", "csv"}));
  command->add_flag("-q,--quiet", options->quiet, "No summary, no progress; errors alone");
  command->add_flag("--stats", options->stats, "Print how the solver fared");
  command->footer(R"(A deck whose only analysis is .op also prints the operating point. Ctrl-C ends
a run cleanly: what was computed is in the file; a second Ctrl-C kills.)");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace wordline::cli
