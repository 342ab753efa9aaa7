// `wordline program`: an array's cells to target conductances, by pulses through the solved
// circuit.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>

#include "wordline/base/output_file.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/array_options.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/interrupt.hpp"
#include "wordline/cli/progress_meter.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/crossbar/program.hpp"
#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline::cli {

namespace {

using crossbar::CellOutcome;
using crossbar::CellPlace;
using crossbar::Programmed;

const std::map<std::string, crossbar::WriteScheme> kSchemes = {
    {"half", crossbar::WriteScheme::kHalf}, {"third", crossbar::WriteScheme::kThird}};

struct LevelOptions {
  std::string volts, step, most, gate, gate_step, most_gate;
};

struct ProgramOptions {
  ArrayOptions array;
  std::string targets, output = "-", conductances, waveforms;
  std::vector<std::string> watched;
  std::string routine = "verify", scheme, parallel;
  LevelOptions all, positive, negative;  // empty: those of one sign as all, these as kUsual
  std::string width = "1u", gap = "0", least_move = "1u", tolerance = "0.01", gate_off;
  std::string state_tolerance = "1e-5";
  int most_pulses = 1000, sweeps = 1, threads = 0;
  bool allow_unreached = false, quiet = false;
};

const LevelOptions kUsual = {"1", "0", "3", "3", "0", "3"};

crossbar::PulseLevels levels(const LevelOptions& all, const LevelOptions& own,
                             const std::string& sign) {
  const auto number = [&](std::string LevelOptions::*option, const char* name) {
    if (!(own.*option).empty()) {
      return non_negative(own.*option, fmt::format("{}-{}", sign, name).c_str());
    }
    return non_negative((all.*option).empty() ? kUsual.*option : all.*option, name);
  };
  // A first pulse above the usual limit is its own; above one that was given, it is a mistake.
  const auto limit = [&](double first, std::string LevelOptions::*option, const char* name) {
    const double most = number(option, name);
    if (first > most && !((own.*option).empty() && (all.*option).empty())) {
      throw UsageError(
          fmt::format("--{}: {:g} V is below the first pulse's {:g} V", name, most, first));
    }
    return std::max(first, most);
  };
  crossbar::PulseLevels l;
  l.volts = number(&LevelOptions::volts, "voltage");
  l.volts_step = number(&LevelOptions::step, "voltage-step");
  l.most_volts = limit(l.volts, &LevelOptions::most, "most-voltage");
  l.gate = number(&LevelOptions::gate, "gate");
  l.gate_step = number(&LevelOptions::gate_step, "gate-step");
  l.most_gate = limit(l.gate, &LevelOptions::most_gate, "most-gate");
  return l;
}

bool has_gate_options(const ProgramOptions& o) {
  if (!o.gate_off.empty()) return true;
  for (const LevelOptions* levels : {&o.all, &o.positive, &o.negative}) {
    if (!levels->gate.empty() || !levels->gate_step.empty() || !levels->most_gate.empty())
      return true;
  }
  return false;
}

crossbar::PulseRule rule_of(const ProgramOptions& o) {
  const crossbar::RuleSettings settings{.positive = levels(o.all, o.positive, "positive"),
                                        .negative = levels(o.all, o.negative, "negative"),
                                        .width = non_negative(o.width, "width"),
                                        .least_move = non_negative(o.least_move, "least-move")};
  if (o.routine == "fixed") return fixed_pulses(settings, o.most_pulses);
  return o.routine == "verify" ? write_verify(settings) : increment_steps(settings);
}

crossbar::ProgramSettings settings_of(const ProgramOptions& o, const crossbar::PulsedArray& array) {
  crossbar::ProgramSettings s;
  if (array.has_transistors() && !o.scheme.empty()) {
    throw UsageError("--scheme is of arrays without transistors");
  }
  if (!array.has_transistors()) {
    if (has_gate_options(o))
      throw UsageError("options of gates, but the cells have no transistors");
    s.scheme = kSchemes.at(o.scheme.empty() ? "half" : o.scheme);
  }
  s.by_row = o.parallel.empty() ? array.has_transistors() : o.parallel == "row";
  s.tolerance = non_negative(o.tolerance, "tolerance");
  s.most_pulses = o.most_pulses;
  s.sweeps = o.sweeps;
  s.gap = non_negative(o.gap, "gap");
  s.gate_off = o.gate_off.empty() ? 0 : non_negative(o.gate_off, "gate-off");
  return s;
}

CellPlace place_of(const std::string& text) {
  CellPlace place;
  const char* end = text.data() + text.size();
  const auto row = std::from_chars(text.data(), end, place.row);
  if (row.ec == std::errc() && row.ptr != end && *row.ptr == ',') {
    const auto col = std::from_chars(row.ptr + 1, end, place.col);
    if (col.ec == std::errc() && col.ptr == end) return place;
  }
  throw UsageError(fmt::format("--watch: '{}' is no cell; write row,column, as 3,7", text));
}

std::unique_ptr<WaveformSink> open_table(const std::string& path) {
  const WaveformFormat* format = waveform_format_of(path);
  return (format != nullptr ? format : find_waveform_format("csv"))->open(path);
}

const char* name_of(CellOutcome outcome) {
  switch (outcome) {
    case CellOutcome::kReached:
      return "reached";
    case CellOutcome::kGivenUp:
      return "given up";
    case CellOutcome::kTooMany:
      return "out of pulses";
    case CellOutcome::kDisturbed:
      return "disturbed";
    case CellOutcome::kNotTried:
      break;
  }
  return "not tried";
}

// A point a cell, row by row.
void write_cells(const Programmed& done, const Matrix& targets, WaveformSink& sink) {
  const std::string siemens = "admittance";
  sink.begin({.title = "program",
              .plotname = "Programmed cells",
              .signals = {{"cell", "notype", ""},
                          {"row", "notype", ""},
                          {"col", "notype", ""},
                          {"target", siemens, "S"},
                          {"conductance", siemens, "S"},
                          {"error", "notype", ""},
                          {"pulses", "notype", ""},
                          {"energy", "notype", "J"},
                          {"disturbance", siemens, "S"},
                          {"outcome", "notype", ""}}});
  for (std::int64_t i = 0; i < targets.rows; ++i) {
    for (std::int64_t j = 0; j < targets.cols; ++j) {
      const auto k = static_cast<std::size_t>(i * targets.cols + j);
      sink.point(std::vector<double>{
          static_cast<double>(k), static_cast<double>(i), static_cast<double>(j), targets.values[k],
          done.conductance.values[k], done.error.values[k], static_cast<double>(done.pulses[k]),
          done.energy.values[k], done.disturbance.values[k], static_cast<double>(done.outcome[k])});
    }
  }
  sink.end();
}

// All cells have points at the same times.
void write_traces(const std::vector<crossbar::CellTrace>& traces, WaveformSink& sink) {
  PlotHeader header{.title = "program", .plotname = "Transient Analysis", .signals = {}};
  header.signals.push_back({"time", "time", "s"});
  for (const crossbar::CellTrace& t : traces) {
    const std::string cell = fmt::format("[{},{}]", t.cell.row, t.cell.col);
    header.signals.push_back({"v" + cell, "voltage", "V"});
    header.signals.push_back({"i" + cell, "current", "A"});
    header.signals.push_back({"g" + cell, "admittance", "S"});
  }
  sink.begin(header);
  for (std::size_t k = 0; k < traces.front().time.size(); ++k) {
    std::vector<double> values = {traces.front().time[k]};
    for (const crossbar::CellTrace& t : traces) {
      values.insert(values.end(), {t.voltage[k], t.current[k], t.conductance[k]});
    }
    sink.point(values);
  }
  sink.end();
}

// "program: 128 x 128 cells, 16384 reached, 215034 pulses (3120 of the array), 41 nJ, 1.2 us ..."
std::string summary(const Programmed& done, double seconds, const std::string& path) {
  std::map<CellOutcome, std::int64_t> counts;
  std::int64_t pulses = 0;
  for (const CellOutcome outcome : done.outcome) ++counts[outcome];
  for (const std::int32_t each : done.pulses) pulses += each;
  std::string text = fmt::format("program: {} x {} cells", done.error.rows, done.error.cols);
  for (const auto& [outcome, count] : counts) {
    text += fmt::format(", {} {}", count, name_of(outcome));
  }
  text +=
      fmt::format(", {} pulse{} ({} of the array), {} in {}, disturbed by {} at most", pulses,
                  pulses == 1 ? "" : "s", done.array_pulses, engineering(done.delivered, "J", 4),
                  engineering(done.seconds, "s", 4), engineering(done.largest_disturbance, "S", 3));
  return text + fmt::format(", {:.2f} s", seconds) + (path == "-" ? "" : ", " + path);
}

void check_paths(const ProgramOptions& o, const Circuit& circuit) {
  if (o.watched.empty() != o.waveforms.empty()) {
    throw UsageError("--watch says of which cells, --waveforms where to: give both");
  }
  std::vector<std::filesystem::path> read = circuit.files;
  read.insert(read.end(), {o.targets, o.array.initial});
  for (const std::string* path : {&o.output, &o.conductances, &o.waveforms}) {
    refuse_to_overwrite(read, *path);
    for (const std::string* other : {&o.output, &o.conductances, &o.waveforms}) {
      if (path < other && !path->empty() && *path == *other) {
        throw UsageError(fmt::format("two results go to {}", *path));
      }
    }
  }
}

void warn_of_targets_beyond(const crossbar::PulsedArray& array, const Matrix& targets) {
  std::int64_t beyond = 0;
  CellPlace last;
  for (std::int32_t i = 0; i < array.rows(); ++i) {
    for (std::int32_t j = 0; j < array.cols(); ++j) {
      if (array.can_have({i, j}, targets(i, j))) continue;
      ++beyond;
      last = {i, j};
    }
  }
  if (beyond == 0) return;
  spdlog::warn(
      "{} of {} targets are no conductance that their devices can have, as {:g} S of [{},{}]",
      beyond, targets.values.size(), targets(last.row, last.col), last.row, last.col);
}

// What the library refuses is what the command line has asked for.
template <class Work>
auto asked_for(const Work& work) {
  try {
    return work();
  } catch (const crossbar::UnsolvedError&) {
    throw;
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
}

Programmed run(const ProgramOptions& o, crossbar::PulsedArray& array, const Matrix& targets) {
  const std::atomic<bool>& interrupt = interrupt_flag();
  ProgressMeter meter("program");
  crossbar::ProgramSettings settings = settings_of(o, array);
  const auto all = static_cast<double>(targets.rows * targets.cols * o.sweeps);
  settings.progress = [&](int sweep, std::int64_t cells) {
    meter.update(static_cast<double>(sweep * targets.rows * targets.cols + cells) / all);
    return !interrupt;
  };
  return program(array, targets, rule_of(o), settings);
}

crossbar::PulsedArray make_pulsed(const ProgramOptions& o, const Circuit& circuit) {
  return asked_for([&] {
    crossbar::PulsedArray array(
        circuit.crossbars.front(), circuit,
        {.state_tolerance = non_negative(o.state_tolerance, "state-tolerance"),
         .method = circuit.options.solver == SolverKind::kCuda ? crossbar::Method::kCuda
                                                               : crossbar::Method::kAuto,
         .threads = o.threads > 0 ? o.threads : circuit.options.threads});
    std::vector<CellPlace> watched;
    for (const std::string& cell : o.watched) watched.push_back(place_of(cell));
    array.watch(watched);
    return array;
  });
}

int program(const ProgramOptions& o) {
  const Matrix targets = read_matrix(o.targets);
  const Circuit circuit = make_array(o.array, targets.rows, targets.cols);
  check_paths(o, circuit);
  crossbar::PulsedArray array = make_pulsed(o, circuit);
  warn_of_targets_beyond(array, targets);
  // Opened first: a path that cannot be written costs no computation.
  const std::unique_ptr<WaveformSink> table = open_table(o.output);
  const std::unique_ptr<WaveformSink> traces =
      o.watched.empty() ? nullptr : open_table(o.waveforms);
  const auto begin = std::chrono::steady_clock::now();
  Programmed done;
  try {
    done = asked_for([&] { return run(o, array, targets); });
  } catch (const crossbar::UnsolvedError& error) {
    spdlog::error("program failed: {}", error.what());
    return kAnalysisFailed;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_cells(done, targets, *table);
  if (traces) write_traces(array.traces(), *traces);
  if (traces && done.array_pulses == 0) {
    spdlog::warn("there was no pulse: {} has no points and is not kept", o.waveforms);
  }
  if (!o.conductances.empty()) write_matrix(o.conductances, done.conductance);
  if (!o.quiet) {
    fmt::print(o.output == "-" ? stderr : stdout, "{}\n", summary(done, seconds, o.output));
  }
  if (interrupt_flag()) return kInterrupted;
  const bool is_complete = done.reached == std::ssize(targets.values);
  return is_complete || o.allow_unreached ? kOk : kAnalysisFailed;
}

void add_levels(CLI::App& command, ProgramOptions& o) {
  struct Level {
    const char* name;
    std::string LevelOptions::*value;
    const char* text;
  };
  constexpr Level kLevels[] = {
      {"voltage", &LevelOptions::volts, "Of the first pulse, whatever its sign; 1 by default"},
      {"voltage-step", &LevelOptions::step, "By which pulses grow; 0 by default"},
      {"most-voltage", &LevelOptions::most, "To which they grow; 3 by default"},
      {"gate", &LevelOptions::gate, "At the gates of the selected row; 3 by default"},
      {"gate-step", &LevelOptions::gate_step, "By which that grows; 0 by default"},
      {"most-gate", &LevelOptions::most_gate, "To which it grows; 3 by default"}};
  for (const auto& [name, value, text] : kLevels) {
    command.add_option(fmt::format("--{}", name), o.all.*value, text)->type_name("VOLT");
    command
        .add_option(fmt::format("--positive-{}", name), o.positive.*value,
                    "The same of positive pulses alone")
        ->type_name("VOLT");
    command
        .add_option(fmt::format("--negative-{}", name), o.negative.*value,
                    "The same of negative pulses alone")
        ->type_name("VOLT");
  }
}

void add_pulse_options(CLI::App& command, ProgramOptions& o) {
  command
      .add_option("--routine", o.routine,
                  "verify: pulses that grow where they do not move a cell\n(the default); "
                  "increment: every one grows; fixed:\n--most-pulses alike, without a look at the "
                  "target")
      ->check(CLI::IsMember({"verify", "increment", "fixed"}));
  command
      .add_option("--scheme", o.scheme,
                  "Without transistors, on other lines: half of the voltage\n(the default), or "
                  "a third")
      ->check(CLI::IsMember(kSchemes));
  command
      .add_option("--parallel", o.parallel,
                  "row: all cells of a row at once (the default with\ntransistors); cell: one "
                  "after the other")
      ->check(CLI::IsMember({"row", "cell"}));
  add_levels(command, o);
  command.add_option("--gate-off", o.gate_off, "At the other rows' gates; 0 by default")
      ->type_name("VOLT");
  const auto number = [&](const char* name, std::string& value, const char* unit,
                          const char* text) {
    command.add_option(name, value, text)->type_name(unit);
  };
  number("--width", o.width, "SECOND", "Of a pulse; 1u by default");
  number("--gap", o.gap, "SECOND", "At 0 V after each; 0 by default");
  number("--tolerance", o.tolerance, "NUMBER",
         "Of the larger of target and conductance; 0.01 by default");
  number("--least-move", o.least_move, "NUMBER",
         "A pulse that moves a conductance by a smaller part of it\nhas not moved it; 1e-6 by "
         "default");
  number("--state-tolerance", o.state_tolerance, "NUMBER",
         "Of the error of states in a time step, as a part of\ntheir range; 1e-5 by default");
  command.add_option("--most-pulses", o.most_pulses, "For a cell and sweep; 1000 by default")
      ->check(CLI::Range(1, 1000000000))
      ->type_name("COUNT");
  command.add_option("--sweeps", o.sweeps, "Over the array; 1 by default")
      ->check(CLI::Range(1, 1000000))
      ->type_name("COUNT");
}

}  // namespace

void add_program_command(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<ProgramOptions>();
  CLI::App* command = app.add_subcommand("program", "Program the cells of an array by pulses");
  add_array_options(*command, o->array);
  command
      ->add_option("-t,--targets", o->targets,
                   "Conductances to reach in siemens, rows x cols: .npy or\ntext")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("-o,--output", o->output,
                   "A table of the cells, of the kind that its name says\n(.csv, .npz, .raw, .h5); "
                   "by default, or as -, CSV on\nstandard output")
      ->type_name("FILE");
  command
      ->add_option("--conductances", o->conductances,
                   "The conductances at the end, as 'matmul' reads them")
      ->type_name("FILE");
  command->add_option("--watch", o->watched, "A cell whose waveforms are kept; may be repeated")
      ->type_name("ROW,COL")
      ->allow_extra_args(false);
  command->add_option("--waveforms", o->waveforms, "The file for them")->type_name("FILE");
  add_pulse_options(*command, *o);
  command->add_flag("--allow-unreached", o->allow_unreached,
                    "Exit code 0 even where cells are not reached");
  command->add_option("--threads", o->threads, "Threads; by default one a processor")
      ->check(CLI::Range(1, 1024))
      ->type_name("COUNT");
  command->add_flag("-q,--quiet", o->quiet, "No summary");
  command->callback([o, &exit_code] { exit_code = program(*o); });
}

}  // namespace wordline::cli
