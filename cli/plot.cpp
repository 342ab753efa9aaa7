// `wordline plot`: lists the signals of a waveform file, or draws them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/figure.hpp"
#include "wordline/cli/gnuplot.hpp"
#include "wordline/cli/heat_map.hpp"
#include "wordline/cli/open_range.hpp"
#include "wordline/cli/phasor_figure.hpp"
#include "wordline/cli/plots.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/cli/thinning.hpp"
#include "wordline/engine/output/waveform_file.hpp"

namespace wordline::cli {

namespace {

namespace fs = std::filesystem;

struct PlotOptions {
  std::string file;
  std::vector<std::string> signals;
  std::string output;
  std::string format;
  std::string analysis;
  std::string x;
  std::string x_range;
  std::string log;
  bool map = false;
  std::string at;
  std::string unit;
  std::string label;
};

// "v(a) v(b) / i(v1)": panes parted by a slash.
std::vector<std::vector<std::string>> part_panes(const std::vector<std::string>& signals) {
  std::vector<std::vector<std::string>> panes(1);
  for (const std::string& signal : signals) {
    if (signal == "/") {
      panes.emplace_back();
    } else {
      panes.back().push_back(signal);
    }
  }
  for (const auto& pane : panes) {
    if (pane.empty()) throw UsageError("a / stands between the signals of two panes");
  }
  return panes;
}

ImageFormat image_format(const PlotOptions& options, const std::string& output) {
  const std::string name = options.format.empty() ? extension_of(output) : options.format;
  if (name == "svg") return ImageFormat::kSvg;
  if (name == "png") return ImageFormat::kPng;
  if (name == "pdf") return ImageFormat::kPdf;
  throw UsageError(
      fmt::format("'{}': the picture's name should end in .svg, .png or .pdf, or --format say "
                  "which it is",
                  output));
}

// Frequencies are drawn over a logarithmic axis, unless they lie close together.
bool spans_decades(const Waveforms& plot) {
  constexpr double kDecade = 10;
  if (plot.header().signals.front().type != "frequency" || plot.points() == 0) return false;
  const std::span<const double> x = plot.column(0);
  return x.front() > 0 && x.back() >= kDecade * x.front();
}

Figure figure_of_phasors(const Waveforms& plot, FigureRequest request) {
  RealPlot real = real_plot(plot, request.panes, request.x);
  request.panes = std::move(real.panes);
  return make_figure(real.waveforms, request);
}

std::string output_of(const PlotOptions& options) {
  std::string output =
      options.output.empty() ? fs::path(options.file).stem().string() + ".svg" : options.output;
  refuse_to_overwrite({options.file}, output);
  return output;
}

int plot_map(const PlotOptions& options) {
  if (!options.x.empty() || !options.x_range.empty() || options.log.find_first_of("xy") == 0) {
    throw UsageError("--x, --x-range and --log x, y are of curves, not of --map");
  }
  if (options.signals.size() > 1) throw UsageError("--map draws one array: name one");
  const std::string output = output_of(options);
  const ImageFormat format = image_format(options, output);
  MapRequest request{.file = options.file,
                     .signal = options.signals.empty() ? "" : options.signals.front(),
                     .analysis = options.analysis,
                     .label = options.label,
                     .unit = options.unit,
                     .log = options.log == "c"};
  if (!options.at.empty()) {
    request.at = parse_spice_number(options.at);
    if (!request.at) throw UsageError(fmt::format("--at: '{}' is no number", options.at));
  }
  draw(make_heat_map(request), format, output);
  if (output != "-") fmt::print("{}\n", output);
  return kOk;
}

int plot(const PlotOptions& options) {
  if (options.map) return plot_map(options);
  if (options.log == "c") throw UsageError("--log c is of the colours of --map");
  FigureRequest request;
  request.x = options.x;
  request.log_x = options.log.find('x') != std::string::npos;
  request.log_y = options.log.find('y') != std::string::npos;
  if (!options.x_range.empty()) {
    const OpenRange range = parse_range(options.x_range, "--x-range");
    request.x_low = range.low;
    request.x_high = range.high;
  }
  const std::string output = output_of(options);
  const ImageFormat format = image_format(options, output);
  const std::vector<Waveforms> plots = read_waveforms(options.file);
  if (options.signals.empty()) {
    list_signals(options.file, plots);
    return kOk;
  }
  request.panes = part_panes(options.signals);
  const Waveforms& chosen = choose_plot(plots, options.analysis);
  if (options.log.empty() && options.x.empty()) request.log_x = spans_decades(chosen);
  Figure figure =
      chosen.header().complex ? figure_of_phasors(chosen, request) : make_figure(chosen, request);
  thin_out(figure);
  draw(figure, format, output);
  if (output != "-") fmt::print("{}\n", output);
  return kOk;
}

}  // namespace

void add_plot_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<PlotOptions>();
  CLI::App* command = app.add_subcommand("plot", "Draw signals of a waveform file, or list them");
  command->add_option("file", options->file, "A rawfile, or a file named .csv")->required();
  command->add_option("signals", options->signals,
                      "What to draw: v(out) i(v1) ...; a / begins a new pane.\n"
                      "Without one, every quantity has its pane. None: list\n"
                      "the signals");
  command->add_option("-o,--output", options->output,
                      "The picture: .svg, .png or .pdf; - is standard output.\n"
                      "By default the file's name with .svg, in the current\n"
                      "folder");
  command->add_option("--format", options->format, "svg, png or pdf, whatever the name says")
      ->check(CLI::IsMember({"svg", "png", "pdf"}));
  command->add_option("--analysis", options->analysis,
                      "Which plot of the file: its number in the list, or op,\ndc, tran, ac");
  command->add_option("--x", options->x, "The signal along the x axis, as v(a) for an I-V loop");
  command->add_option("--x-range", options->x_range, "LOW:HIGH, as 1u:5u; either may be left out");
  command
      ->add_option(
          "--log", options->log,
          "Logarithmic axes: x, y or xy; y shows absolute values. Of\n--map: c, the colours")
      ->check(CLI::IsMember({"x", "y", "xy", "c"}));
  CLI::Option* const map = command->add_flag(
      "--map", options->map,
      "A heat map: of a matrix in a .csv, .npy or .npz file, or of\nthe cells of an array in "
      "results, as v(xb.wl[*,*])");
  command->add_option("--at", options->at, "The time, or place, of the results in a map; the last")
      ->type_name("NUMBER")
      ->needs(map);
  command->add_option("--unit", options->unit, "Of a matrix, for its label: S, A ...")->needs(map);
  command->add_option("--label", options->label, "What the colours of a map are")->needs(map);
  command->footer(R"(Of a complex plot each signal is drawn as magnitude in dB and phase over the
logarithm of the frequency; db(x), phase(x), mag(x), re(x), im(x) is one of them.

Examples:
  wordline plot array.raw
  wordline plot array.raw 'v(wl[3])' 'i(vr)' -o read.png
  wordline plot array.raw 'v(a)' / 'v(b)' --x-range 1u:5u
  wordline plot loop.raw 'i(v1)' --x 'v(a)' --log y -o loop.svg
  wordline plot --map g.npy --unit S --label conductance -o g.png
  wordline plot --map array.raw 'v(xb.wl[*,*])' --at 5u)");
  command->callback([options, &exit_code] { exit_code = plot(*options); });
}

}  // namespace wordline::cli
