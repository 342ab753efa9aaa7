// `wordline mc`: statistics over samples of a deck, or of an array of conductances.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/device_options.hpp"
#include "wordline/cli/gpu_choice.hpp"
#include "wordline/cli/open_range.hpp"
#include "wordline/cli/sampled_deck.hpp"
#include "wordline/cli/samples.hpp"
#include "wordline/cli/wire_options.hpp"
#include "wordline/crossbar/deck_samples.hpp"
#include "wordline/crossbar/product_samples.hpp"

namespace wordline::cli {

namespace {

using crossbar::Sampling;

struct McOptions {
  std::string deck;
  DeckReading reading;
  std::string conductances;
  std::string inputs;
  bool transpose = false;
  WireOptions wires;
  DeviceOptions devices;
  std::optional<std::int64_t> samples;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> limits;
  ResultOptions results;
  int threads = 0;
  bool quiet = false;
};

// "vout=0.9:1.1"; the name may hold anything but the last =.
ResultLimit parse_limit(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError(fmt::format("--limit {}: write NAME=LOW:HIGH, as vout=0.9:1.1", text));
  }
  const OpenRange range = parse_range(text.substr(equals + 1), "--limit " + text + ":");
  return {to_lower(text.substr(0, equals)), range.low, range.high};
}

// What the command line says, over what the deck does.
void complete(Sampling& sampling, const McOptions& options) {
  sampling.samples = options.samples.value_or(sampling.samples);
  sampling.seed = options.seed.value_or(sampling.seed);
  if (options.threads > 0) sampling.threads = options.threads;
  std::vector<std::string> given;
  for (const std::string& text : options.limits) {
    ResultLimit limit = parse_limit(text);
    if (std::find(given.begin(), given.end(), limit.name) != given.end()) {
      throw UsageError(fmt::format("--limit: there are two of {}", printable(limit.name)));
    }
    given.push_back(limit.name);
    std::erase_if(sampling.limits, [&](const ResultLimit& l) { return l.name == limit.name; });
    sampling.limits.push_back(std::move(limit));
  }
}

std::optional<ResultOptions> result_options(const McOptions& options) {
  if (options.results.path.empty()) return std::nullopt;
  return options.results;
}

int sample_deck(const McOptions& options) {
  if (!(options.wires == WireOptions{})) {
    throw UsageError("a deck has its own lines: no options of them beside it");
  }
  Circuit circuit = read_deck(options.deck, options.reading, true);
  choose_device("", false, circuit);
  Sampling sampling;
  sampling.seed = circuit.options.seed;
  if (circuit.monte_carlo) sampling = crossbar::sampling_of(circuit);
  complete(sampling, options);
  return sample_deck(circuit, sampling, options.deck, result_options(options), options.quiet);
}

crossbar::ProductTask read_task(const McOptions& o) {
  crossbar::ProductTask task;
  task.conductances = read_conductances(o.conductances);
  const std::int64_t lines = o.transpose ? task.conductances.cols : task.conductances.rows;
  task.inputs =
      read_inputs(o.inputs, static_cast<std::int32_t>(lines), o.transpose ? "bit" : "word");
  task.range = conductance_range(o.devices, task.conductances);
  task.nonidealities = nonidealities_of(o.devices);
  task.read_noise = o.devices.read_noise;
  task.word = word_lines(o.wires);
  task.bit = bit_lines(o.wires);
  if (o.transpose) std::swap(task.settings.inputs, task.settings.outputs);
  const Matrix ideal = crossbar::ideal_products(task);
  if (std::all_of(ideal.values.begin(), ideal.values.end(), [](double i) { return i == 0; })) {
    throw UsageError("inputs times conductances is all 0: an error is no part of that");
  }
  return task;
}

int sample_array(const McOptions& options) {
  const crossbar::ProductTask task = read_task(options);
  Circuit read;
  read.files = {options.conductances, options.inputs};
  std::optional<ResultFiles> files;
  if (const auto results = result_options(options)) {
    files.emplace(open_sample_file(read, options.conductances, *results));
  }
  Sampling sampling;
  complete(sampling, options);
  const auto samples = with_progress(sampling, options.quiet, [&](const Sampling& with_hooks) {
    return crossbar::sample_products(task, with_hooks);
  });
  const std::string size =
      fmt::format("{} x {} cells", task.conductances.rows, task.conductances.cols);
  if (files) write_samples(samples, size, files->sink(0));
  if (!options.quiet) {
    std::FILE* const out = files && files->standard_output() ? stderr : stdout;
    fmt::print(out, "mc: {}, {} input{}, {} samples, seed {}{}\n", size, task.inputs.rows,
               task.inputs.rows == 1 ? "" : "s", samples.samples.size() + samples.failed.size(),
               sampling.seed, files ? ", " + files->path(0) : "");
    print_samples(samples, sampling, out);
  }
  report_failed_samples(samples);
  return exit_code_of(samples);
}

int sample(const McOptions& options) {
  if (!options.deck.empty()) return sample_deck(options);
  if (options.conductances.empty()) {
    throw UsageError("nothing to sample: give a deck, or --conductances and --inputs");
  }
  if (options.inputs.empty()) throw UsageError("--conductances needs --inputs");
  if (!options.reading.dialect.empty()) throw UsageError("--dialect is of a deck");
  return sample_array(options);
}

void add_array_options(CLI::App& command, McOptions& o, CLI::Option* deck) {
  CLI::Option* const conductances =
      command.add_option("-g,--conductances", o.conductances,
                         "In place of a deck, conductances in siemens, rows x cols:\n.npy or text");
  conductances->type_name("FILE")->excludes(deck);
  command
      .add_option("-i,--inputs", o.inputs,
                  "Voltages of the word lines, a row an input: .npy or text")
      ->type_name("FILE")
      ->needs(conductances);
  command
      .add_flag("--transpose", o.transpose,
                "Inputs on the bit lines, currents out of the word lines")
      ->needs(conductances);
  add_device_options(command, o.devices, conductances);
  add_wire_options(command, o.wires);
}

}  // namespace

void add_mc_command(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<McOptions>();
  CLI::App* command =
      app.add_subcommand("mc", "Monte Carlo: statistics and yield of a deck or an array");
  CLI::Option* const deck = command->add_option(
      "deck", o->deck, "The netlist file, with or without .mc; - is standard input");
  command->add_option("-n,--samples", o->samples, "By default as .mc says, else 1000")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
      ->type_name("COUNT");
  command->add_option("--seed", o->seed, "By default as the deck says, else 1")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 53))
      ->type_name("NUMBER");
  command
      ->add_option(
          "--limit", o->limits,
          "What a result should lie within, for the yield, as\nvout=0.9:1.1; either end may "
          "be left out, and the option\nrepeated")
      ->type_name("NAME=LOW:HIGH")
      ->allow_extra_args(false);
  CLI::Option* const output = command->add_option(
      "-o,--output", o->results.path,
      "A file for the results of every sample: .csv, .npz, .raw,\n.h5, .prn; - is "
      "standard output. By default none");
  output->type_name("FILE");
  command
      ->add_option("--format", o->results.format,
                   "raw, ascii, h5, csv, prn, npz; by default what the file's\nname says")
      ->needs(output)
      ->check(CLI::IsMember({"raw", "ascii", "csv", "prn", "npz", "h5"}));
  command->add_option("--threads", o->threads, "Threads; by default one a processor")
      ->check(CLI::Range(1, 1024))
      ->type_name("COUNT");
  add_reading_options(*command, o->reading);
  command->add_flag("-q,--quiet", o->quiet, "No table, no progress; errors alone");
  add_array_options(*command, *o, deck);
  command->footer(
      R"(Of a deck the results are those of .measure, the signals of an .op, the currents
of a .matmul. Of an array they are the error of its products beside inputs times
conductances: rms_error and mean_error as parts of the rms of these products,
max_error as a part of the largest.

Examples:
  wordline mc amplifier.cir -n 1000 --seed 7 --limit gain=9:11 -o samples.csv
  wordline mc -g g.npy -i v.npy -n 200 --levels 32 --stuck-low 0.01 --read-noise 0.02)");
  command->callback([o, &exit_code] { exit_code = sample(*o); });
}

}  // namespace wordline::cli
