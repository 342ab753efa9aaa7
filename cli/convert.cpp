// `wordline convert`: waveform files from one kind to another.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/plots.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

namespace {

struct ConvertOptions {
  std::string input, output;
  std::vector<std::string> signals;
  std::string format, plot;
  bool list = false;
};

// The signals that are wanted, after the first axis; all without a wish. `*` and `?` match.
std::vector<std::size_t> choose_signals(const Waveforms& plot,
                                        const std::vector<std::string>& wishes) {
  NameTable names;
  for (const Signal& signal : plot.header().signals) names.intern(to_lower(signal.name));
  std::vector<std::size_t> chosen;
  const auto choose = [&](std::size_t k) {
    if (std::find(chosen.begin(), chosen.end(), k) == chosen.end()) chosen.push_back(k);
  };
  if (plot.header().signals.empty()) return chosen;
  const bool has_axis = plot.header().plotname != "Operating Point";
  if (has_axis || wishes.empty()) choose(0);
  for (std::size_t k = 0; wishes.empty() && k < plot.header().signals.size(); ++k) choose(k);
  for (const std::string& wish : wishes) {
    const std::vector<std::string> matching = names.matching(to_lower(wish), false);
    if (matching.empty()) static_cast<void>(plot[wish]);  // an error with the nearest name
    for (const std::string& name : matching) choose(static_cast<std::size_t>(*names.find(name)));
  }
  return chosen;
}

void write_signals(const Waveforms& plot, const std::vector<std::size_t>& signals,
                   WaveformSink& sink) {
  PlotHeader header = plot.header();
  header.signals.clear();
  for (const std::size_t s : signals) header.signals.push_back(plot.header().signals[s]);
  sink.begin(header);
  std::vector<double> numbers(header.numbers());
  for (std::size_t k = 0; k < plot.points(); ++k) {
    for (std::size_t s = 0; s < signals.size(); ++s) {
      numbers[s] = plot.column(signals[s])[k];
      if (header.complex) numbers[signals.size() + s] = plot.imaginary(signals[s])[k];
    }
    sink.point(numbers);
  }
  sink.end();
}

const WaveformFormat& format_of(const ConvertOptions& options) {
  const WaveformFormat* const format = options.format.empty()
                                           ? waveform_format_of(options.output)
                                           : find_waveform_format(options.format);
  if (format != nullptr) return *format;
  throw UsageError(fmt::format(
      "'{}': the name should end in .raw, .csv, .prn, .npz or .h5, or --format say what it is",
      options.output));
}

std::string name_of_plot(const Waveforms& plot) {
  const std::string name = to_lower(plot.header().plotname);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
      {{"operating point", "op"},
       {"dc transfer", "dc"},
       {"transient", "tran"},
       {"ac analysis", "ac"},
       {"noise", "noise"}}};
  for (const auto& [beginning, shorter] : kNames) {
    if (name.starts_with(beginning)) return std::string(shorter);
  }
  return "plot";
}

int convert(const ConvertOptions& options) {
  const std::vector<Waveforms> plots = read_waveforms(options.input);
  if (options.list) {
    list_signals(options.input, plots);
    return kOk;
  }
  if (options.output.empty()) throw UsageError("the file to write is missing");
  refuse_to_overwrite({options.input}, options.output);
  std::vector<const Waveforms*> chosen;
  if (options.plot.empty()) {
    for (const Waveforms& plot : plots) chosen.push_back(&plot);
  } else {
    chosen.push_back(&choose_plot(plots, options.plot));
  }
  // The errors of a wrong name come before a file is touched.
  std::vector<std::vector<std::size_t>> signals;
  for (const Waveforms* plot : chosen) signals.push_back(choose_signals(*plot, options.signals));
  const WaveformFormat& format = format_of(options);
  const bool apart = !format.holds_plots && chosen.size() > 1;
  std::unique_ptr<WaveformSink> sink;
  FileNames names(options.output);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const std::string path = apart ? names.next(name_of_plot(*chosen[k])) : options.output;
    if (sink == nullptr || apart) sink = format.open(path);
    write_signals(*chosen[k], signals[k], *sink);
  }
  return kOk;
}

}  // namespace

void add_convert_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = app.add_subcommand("convert", "Waveform files from one kind to another");
  command
      ->add_option("input", options->input,
                   "A rawfile of Wordline, ngspice or LTspice, or .csv, .prn, .npz, .h5")
      ->required();
  command->add_option("output", options->output,
                      "The file to write; its kind follows from its extension");
  command->add_option("signals", options->signals,
                      "The signals to keep; * and ? match. By default all");
  command->add_option("--format", options->format, "raw, ascii, csv, prn, npz or h5")
      ->check(CLI::IsMember({"raw", "ascii", "csv", "prn", "npz", "h5"}));
  command->add_option("--plot", options->plot,
                      "One plot of several: its number in the list, or op, dc, tran ...");
  command->add_flag("--list", options->list, "List the plots and signals of the input");
  command->callback([options, &exit_code] { exit_code = convert(*options); });
}

}  // namespace wordline::cli
