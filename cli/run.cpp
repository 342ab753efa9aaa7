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
#include "wordline/cli/control/interpreter.hpp"
#include "wordline/cli/gpu_choice.hpp"
#include "wordline/cli/interrupt.hpp"
#include "wordline/cli/measures.hpp"
#include "wordline/cli/progress_meter.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/cli/sampled_deck.hpp"
#include "wordline/cli/tables.hpp"
#include "wordline/crossbar/deck_samples.hpp"
#include "wordline/crossbar/matmul.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/step_sink.hpp"
#include "wordline/netlist/analysis_name.hpp"

namespace wordline::cli {

namespace {

struct RunOptions {
  std::string deck;
  DeckReading reading;
  std::string device;
  ResultOptions results;
  std::string measure_format = "xyce";
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
    if (!e.element.empty()) {
      fmt::print(stderr, "    its largest current: {} of '{}'\n", engineering(e.current, "A"),
                 e.element);
    }
  }
}

// A Simulator writes arrays out as plain elements, which products do not need: it is made when an
// analysis asks for it.
Result run_analysis(const Circuit& circuit, std::optional<Simulator>& simulator,
                    const Analysis& analysis, WaveformSink& sink, bool quiet) {
  ProgressMeter meter{std::string(name_of(analysis))};
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

// Measures and spectra of an analysis that the deck does not hold have no results at all.
void warn_of_what_has_no_analysis(const Circuit& circuit) {
  const auto has = [&](const std::string& wanted) {
    return std::any_of(circuit.analyses.begin(), circuit.analyses.end(),
                       [&](const Analysis& analysis) { return name_of(analysis) == wanted; });
  };
  for (const Measure& measure : circuit.measures) {
    if (!measure.analysis.empty() && !has(measure.analysis)) {
      spdlog::warn("measure {}: there is no .{}", measure.name, measure.analysis);
    }
  }
  if (!circuit.fouriers.empty() && !has("tran")) spdlog::warn(".four: there is no .tran");
  if (!circuit.spectra.empty() && !has("tran")) spdlog::warn(".fft: there is no .tran");
}

class Run {
 public:
  Run(const RunOptions& options, const Circuit& circuit)
      : options_(options),
        circuit_(circuit),
        files_(options.deck, options.results, circuit),
        measure_files_(files_.base(), options.measure_format),
        out_(files_.standard_output() ? stderr : stdout) {}

  int all() {
    if (circuit_.steps.empty()) return analyses(circuit_);
    int exit_code = kOk;
    const std::size_t steps = step_count(circuit_);
    for (step_ = 1; step_ <= steps && exit_code != kInterrupted; ++step_) {
      values_ = step_values(circuit_, step_ - 1);
      const std::string text = describe(values_);
      if (!options_.quiet) fmt::print(out_, "step {} of {}: {}\n", step_, steps, text);
      Circuit circuit = at_step(circuit_, step_ - 1);
      choose_device(options_.device, false, circuit);
      if (circuit.analyses.size() != circuit_.analyses.size()) {
        throw Error(fmt::format("the step {} has other analyses than the deck", text));
      }
      exit_code = std::max(exit_code, analyses(circuit));
    }
    return exit_code;
  }

 private:
  int analyses(const Circuit& circuit) {
    std::optional<Simulator> simulator;
    int exit_code = kOk;
    for (std::size_t k = 0; k < circuit.analyses.size() && exit_code != kInterrupted; ++k) {
      exit_code = std::max(exit_code, one(circuit, simulator, k));
    }
    return exit_code;
  }

  int one(const Circuit& circuit, std::optional<Simulator>& simulator, std::size_t k) {
    const Analysis& analysis = circuit.analyses[k];
    const std::string name(name_of(analysis));
    const bool is_few = is_few_numbers(circuit.analyses, k);
    StepSink sink(files_.sink(k), values_);
    Waveforms few;
    const Result result =
        run_analysis(circuit, simulator, analysis, is_few ? static_cast<WaveformSink&>(few) : sink,
                     options_.quiet);
    const Report& report = result.report;
    if (is_few) few.write_to(sink);
    files_.write_tables(k, result.tables, values_, step_);
    if (report.ok() && !options_.quiet) {
      const bool is_op = std::holds_alternative<OpAnalysis>(analysis.what);
      if (is_few && (is_op || result.tables.empty())) print_values(few, out_);
      if (is_few || !is_op) print_tables(few, result.tables, out_);
    }
    if (report.outcome == Outcome::kFailed) report_failure(name, report);
    if (report.outcome == Outcome::kInterrupted) spdlog::warn("{} was interrupted", name);
    if (!options_.quiet) fmt::print(out_, "{}\n", summary(name, report, files_.path(k)));
    if (options_.stats) fmt::print(out_, "{}", statistics(report));
    const bool measured = report_measures(result.measures, options_.quiet ? nullptr : out_);
    measure_files_.write(result.measures, name, circuit.title);
    return std::max<int>(exit_code_of(report.outcome), measured ? kOk : kAnalysisFailed);
  }

  const RunOptions& options_;
  const Circuit& circuit_;
  ResultFiles files_;
  MeasureFiles measure_files_;
  std::FILE* out_;
  std::vector<Override> values_;  // of the present step
  std::size_t step_ = 0;          // from 1, 0 without any
};

// All analyses of the deck.
int run_analyses(const Circuit& circuit, const RunOptions& options) {
  if (circuit.analyses.empty()) {
    throw UsageError(
        fmt::format("'{}' asks for no analysis: add .op, .dc, .ac, .tran ...", options.deck));
  }
  warn_of_what_has_no_analysis(circuit);
  if (circuit.monte_carlo) {
    return sample_deck(circuit, crossbar::sampling_of(circuit), options.deck, options.results,
                       options.quiet);
  }
  return Run(options, circuit).all();
}

// What a script made, in its order.
struct ScriptResults {
  Circuit asked;  // its analyses, as if the deck had asked for them
  std::vector<Waveforms> plots;
  std::vector<std::vector<Waveforms>> tables;
  int exit_code = kOk;

  void write(const RunOptions& options) const {
    if (plots.empty()) return;
    ResultFiles files(options.deck, options.results, asked);
    for (std::size_t k = 0; k < plots.size(); ++k) {
      plots[k].write_to(files.sink(k));
      files.write_tables(k, tables[k]);
    }
  }
};

// The commands of `.control`. Nothing where they neither ask for an analysis nor quit: those of the
// deck are run then.
std::optional<int> run_script(const Circuit& circuit, const RunOptions& options) {
  ScriptResults results;
  results.asked.files = circuit.files;
  control::Session session{.circuit = circuit, .host = {}};
  session.host.interrupted = [] { return interrupt_flag().load(); };
  session.host.run = [&](const Circuit& now, const Analysis& analysis, Waveforms& plot,
                         std::vector<Waveforms>& tables) {
    std::optional<Simulator> simulator;
    std::optional<Circuit> there;  // a circuit that the script has changed is read anew
    if (!options.device.empty()) choose_device(options.device, false, there.emplace(now));
    Result result = run_analysis(there ? *there : now, simulator, analysis, plot, options.quiet);
    if (result.report.outcome == Outcome::kFailed) {
      report_failure(std::string(name_of(analysis)), result.report);
    }
    results.exit_code = std::max(results.exit_code, exit_code_of(result.report.outcome));
    results.asked.analyses.push_back(analysis);
    results.plots.push_back(plot);
    results.tables.push_back(result.tables);
    tables = std::move(result.tables);
    return result.report;
  };
  control::execute(control::read_script(circuit.control), session);
  if (!session.skipped.empty()) {
    spdlog::warn("commands of .control that are not executed: {}",
                 fmt::join(session.skipped, ", "));
  }
  if (session.has_run && (circuit.monte_carlo || !circuit.steps.empty())) {
    spdlog::warn("the analyses of .control are run once: .mc and .step do not repeat them");
  }
  results.write(options);
  if (session.has_failed_measures)
    results.exit_code = std::max<int>(results.exit_code, kAnalysisFailed);
  if (!session.has_run && !session.quit) return std::nullopt;
  return results.exit_code;
}

int run(const RunOptions& options) {
  Circuit circuit = read_deck(options.deck, options.reading);
  if (circuit.nodes.size() == 1 && circuit.crossbars.empty()) {
    throw UsageError(fmt::format("'{}' has no elements", options.deck));
  }
  choose_device(options.device, !options.quiet, circuit);
  if (!circuit.control.empty()) {
    if (const auto exit_code = run_script(circuit, options)) return *exit_code;
  }
  return run_analyses(circuit, options);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run all analyses of a deck");
  command->add_option("deck", options->deck, "The netlist file; - is standard input")->required();
  add_reading_options(*command, options->reading);
  add_device_option(*command, options->device);
  command->add_option("-o,--output", options->results.path,
                      "The file for the results; - is standard output. By default\n"
                      "the deck's name with .raw, in the current folder");
  command
      ->add_option("--format", options->results.format,
                   "raw (binary ngspice rawfile), ascii (the same as text), h5\n"
                   "(HDF5); csv, prn (as Xyce), npz (NumPy): a file for each\n"
                   "analysis. By default what the file's name says, else raw")
      ->check(CLI::IsMember({"raw", "ascii", "csv", "prn", "npz", "h5"}));
  command->add_flag_callback(
      "--ascii", [options] { options->results.format = "ascii"; }, "The same as --format ascii");
  command->add_flag("--one-file-per-plot", options->results.apart,
                    "A file for each analysis, also of raw, ascii and h5");
  command
      ->add_option("--measure-format", options->measure_format,
                   "xyce (a line a measure; the default) or hspice (a table) for\n"
                   "the files .mt0, .ma0, .ms0 of .measure")
      ->check(CLI::IsMember({"xyce", "hspice"}));
  command->add_flag("-q,--quiet", options->quiet, "No summary, no progress; errors alone");
  command->add_flag("--stats", options->stats, "Print how the solver fared");
  command->footer(R"(A deck whose only analysis is .op also prints the operating point. Ctrl-C ends
a run cleanly: what was computed is in the file; a second Ctrl-C kills.)");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace wordline::cli
