// `wordline run`: all analyses of a deck.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/interrupt.hpp"
#include "wordline/cli/progress_meter.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/crossbar/matmul.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::cli {

namespace {

struct RunOptions {
  std::string deck;
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
    fmt::print(stderr, "  {}: residual {}, last update {}\n", e.unknown,
               engineering(e.residual, branch ? "V" : "A"),
               engineering(e.update, branch ? "A" : "V"));
    if (!e.element.empty()) {
      fmt::print(stderr, "    its largest current: {} of '{}'\n", engineering(e.current, "A"),
                 e.element);
    }
  }
}

void print_operating_point(const Waveforms& waveforms, std::FILE* out) {
  const std::vector<Signal>& signals = waveforms.header().signals;
  std::size_t width = 0;
  for (const Signal& signal : signals) width = std::max(width, signal.name.size());
  for (std::size_t k = 0; k < signals.size(); ++k) {
    fmt::print(out, "{:<{}}  {}\n", signals[k].name, width,
               engineering(waveforms.column(k)[0], signals[k].unit, 6));
  }
}

// A Simulator writes arrays out as plain elements, which products do not need: it is made when an
// analysis asks for it.
Report run_analysis(const Circuit& circuit, std::optional<Simulator>& simulator,
                    const Analysis& analysis, WaveformSink& sink, bool quiet) {
  ProgressMeter meter(short_name(analysis));
  RunControl control;
  control.sink = &sink;
  control.interrupt = &interrupt_flag();
  if (!quiet) control.progress = [&meter](double fraction) { meter.update(fraction); };
  if (std::holds_alternative<MatmulAnalysis>(analysis.what)) {
    return crossbar::run_matmul(circuit, analysis, control).report;
  }
  if (!simulator) simulator.emplace(circuit);
  return simulator->run(analysis, control).report;
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

int run(const RunOptions& options) {
  const Circuit circuit = read_deck(options.deck);
  if (circuit.analyses.empty()) {
    throw UsageError(
        fmt::format("'{}' asks for no analysis: add .op, .dc, .tran or .matmul", options.deck));
  }
  const std::vector<Analysis>& analyses = circuit.analyses;
  std::optional<Simulator> simulator;
  ResultFiles files(options.deck, options.output, options.format, analyses);
  std::FILE* const out = files.standard_output() ? stderr : stdout;
  const bool op_alone =
      analyses.size() == 1 && std::holds_alternative<OpAnalysis>(analyses[0].what);

  int exit_code = kOk;
  for (std::size_t k = 0; k < analyses.size() && exit_code != kInterrupted; ++k) {
    const std::string name = short_name(analyses[k]);
    Waveforms table;
    const Report report =
        run_analysis(circuit, simulator, analyses[k],
                     op_alone ? static_cast<WaveformSink&>(table) : files.sink(k), options.quiet);
    if (op_alone) table.write_to(files.sink(k));
    if (op_alone && report.ok() && !options.quiet) print_operating_point(table, out);
    if (report.outcome == Outcome::kFailed) report_failure(name, report);
    if (report.outcome == Outcome::kInterrupted) spdlog::warn("{} was interrupted", name);
    if (!options.quiet) fmt::print(out, "{}\n", summary(name, report, files.path(k)));
    if (options.stats) fmt::print(out, "{}", statistics(report));
    exit_code = std::max(exit_code, exit_code_of(report.outcome));
  }
  return exit_code;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run all analyses of a deck");
  command->add_option("deck", options->deck, "The netlist file; - is standard input")->required();
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
