// `wordline characterize`: what a memristor model does, as tables and pictures.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "wordline/base/units.hpp"
#include "wordline/cli/characterization.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/device_card.hpp"
#include "wordline/cli/gnuplot.hpp"
#include "wordline/engine/output/csv.hpp"

namespace wordline::cli {

namespace {

struct CharacterizeOptions {
  std::string model, card, folder, format = "svg";
  std::vector<std::string> parameters;
  std::string amplitude, frequency, series;
  bool quiet = false;
};

// A quantity that an option sets: within these limits lies whatever a device can be asked for.
struct Limits {
  const char* option;
  double low, high;
  const char* unit;
};
constexpr Limits kAmplitude = {"amplitude", 1e-6, 1e4, "V"};
constexpr Limits kFrequency = {"frequency", 1e-9, 1e15, "Hz"};
constexpr Limits kSeries = {"series", 0, 1e15, "ohm"};

// 0 where the option is not given.
double number(const std::string& text, const Limits& limits) {
  if (text.empty()) return 0;
  const auto value = parse_spice_number(text);
  if (!value) throw UsageError(fmt::format("--{}: '{}' is no number", limits.option, text));
  if (!(*value >= limits.low && *value <= limits.high)) {
    throw UsageError(fmt::format("--{}: {} is not within {:g} and {:g} {}", limits.option, text,
                                 limits.low, limits.high, limits.unit));
  }
  return *value;
}

// When the state has made 90 % of its way; nan if it was given too little time.
double time_of_switching(const Waveforms& w) {
  const std::span<const double> x = w.column(3);
  const double goal = x.front() + 0.9 * (x.back() - x.front());
  for (std::size_t k = 1; k < x.size(); ++k) {
    if ((x[k] - goal) * (x.back() - x.front()) >= 0) return w.column(0)[k];
  }
  return std::nan("");
}

void print_summary(const std::string& name, const Characterization& c) {
  const std::string volts = engineering(c.drive.amplitude, "V", 3);
  fmt::print("{}: loops of {} at {}, {} and {}\n", name, volts,
             engineering(c.drive.frequency, "Hz", 3), engineering(10 * c.drive.frequency, "Hz", 3),
             engineering(100 * c.drive.frequency, "Hz", 3));
  for (const auto& [sign, run] : {std::pair{'+', &c.positive}, std::pair{'-', &c.negative}}) {
    if (run->points() < 2 || run->column(3).front() == run->column(3).back()) {
      fmt::print("  {}{}: the state does not go through its range within a year\n", sign, volts);
      continue;
    }
    fmt::print("  {}{}: state from {:.4g} to {:.4g}, 90 % of it in {}\n", sign, volts,
               run->column(3).front(), run->column(3).back(),
               engineering(time_of_switching(*run), "s", 3));
  }
  for (const Waveforms* run : {&c.low, &c.high}) {
    if (run->points() == 0) continue;
    const std::string signal = run->header().signals[3].name;
    fmt::print("  0 V: state {:.4g} at first, {:.4g} after a second, {:.4g} after ten years\n",
               run->column(3).front(), run->at(signal, 1), run->column(3).back());
  }
}

void write_tables(const std::filesystem::path& folder, const Characterization& c) {
  const auto write = [&](const char* name, const Waveforms& table) {
    if (table.points() == 0) return;
    CsvWriter writer((folder / name).string());
    table.write_to(writer);
  };
  write("loop_1.csv", c.loops[0]);
  write("loop_10.csv", c.loops[1]);
  write("loop_100.csv", c.loops[2]);
  write("positive.csv", c.positive);
  write("negative.csv", c.negative);
  write("retention_low.csv", c.low);
  write("retention_high.csv", c.high);
}

std::vector<std::string> names_from(const Waveforms& table, std::size_t first) {
  std::vector<std::string> names;
  for (std::size_t k = first; k < table.header().signals.size(); ++k) {
    names.push_back(table.header().signals[k].name);
  }
  return names;
}

void draw_pictures(const std::filesystem::path& folder, const std::string& format,
                   const Characterization& c) {
  const ImageFormat image = format == "png"   ? ImageFormat::kPng
                            : format == "pdf" ? ImageFormat::kPdf
                                              : ImageFormat::kSvg;
  const auto draw_table = [&](const Waveforms& table, const FigureRequest& request,
                              const char* name) {
    draw(make_figure(table, request), image, (folder / (name + ("." + format))).string());
  };
  const Waveforms loops = join_loops(c);
  draw_table(loops, {.panes = {names_from(loops, 2)}, .x = "v"}, "loops");
  if (c.low.points() == 0) return;
  const Waveforms states = join_switching(c);
  FigureRequest request{.panes = {names_from(states, 1)}, .x = "time"};
  request.log_x = true;
  draw_table(states, request, "switching");
}

int run_characterize(const CharacterizeOptions& o) {
  if (o.model.empty() == o.card.empty()) throw UsageError("characterize takes a model, or --card");
  const auto [line, name] = memristor_card(o.model, o.card, o.parameters);
  const std::filesystem::path folder = o.folder.empty() ? name : o.folder;
  const Characterization c =
      characterize(line, name,
                   {number(o.amplitude, kAmplitude), number(o.frequency, kFrequency),
                    number(o.series, kSeries)});
  std::error_code status;
  std::filesystem::create_directories(folder, status);
  if (status) throw Error(fmt::format("{}: {}", folder.string(), status.message()));
  write_tables(folder, c);
  draw_pictures(folder, o.format, c);
  if (!o.quiet) {
    print_summary(name, c);
    fmt::print("tables and pictures: {}/\n", folder.string());
  }
  return kOk;
}

}  // namespace

void add_characterize_command(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<CharacterizeOptions>();
  CLI::App* command = app.add_subcommand(
      "characterize", "What a memristor model does: I-V loops, switching, retention");
  command->add_option("model", o->model, "A model (wordline models lists them)");
  command->add_option("--card", o->card, "A device of memristors.lib instead")->type_name("NAME");
  command
      ->add_option("-s,--set", o->parameters,
                   "A parameter of the model, as name=value; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--amplitude", o->amplitude,
                   "Volts of the loops and pulses. By default the least of\n"
                   "0.3 to 6 V that takes the state through half its range,\n"
                   "or 1 V")
      ->type_name("NUMBER");
  command
      ->add_option("--frequency", o->frequency,
                   "Hertz of the slowest loop; the others have 10 and 100\n"
                   "times it. By default a period is 8, 80 or 800 times what\n"
                   "switching takes, or a second")
      ->type_name("NUMBER");
  command->add_option("--series", o->series, "Ohms between source and device; 0 by default")
      ->type_name("NUMBER");
  command->add_option("-o,--output", o->folder,
                      "The folder for tables and pictures; by default called as\nthe model");
  command->add_option("--format", o->format, "Of the pictures: svg, png or pdf")
      ->check(CLI::IsMember({"svg", "png", "pdf"}));
  command->add_flag("-q,--quiet", o->quiet, "No summary");
  command->callback([o, &exit_code] {
    try {
      exit_code = run_characterize(*o);
    } catch (const ExperimentFailed& failure) {
      spdlog::error("{}", failure.what());
      exit_code = kAnalysisFailed;
    }
  });
}

}  // namespace wordline::cli
