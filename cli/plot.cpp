// `wordline plot`: lists the signals of a waveform file, or draws them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/figure.hpp"
#include "wordline/cli/gnuplot.hpp"
#include "wordline/cli/phasor_figure.hpp"
#include "wordline/cli/thinning.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"

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
};

std::string extension_of(const std::string& path) {
  const std::string extension = to_lower(fs::path(path).extension().string());
  return extension.empty() ? extension : extension.substr(1);
}

std::vector<Waveforms> read_plots(const std::string& path) {
  std::vector<Waveforms> plots;
  if (extension_of(path) == "csv") {
    plots.push_back(read_csv(path));
  } else {
    plots = read_rawfile(path);
  }
  return plots;
}

std::string number(double value, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.4g}", value) : engineering(value, unit);
}

std::string range_of(std::span<const double> values, const std::string& unit) {
  if (values.empty()) return "no points";
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::string least = number(*low, unit);
  return *low == *high ? least : fmt::format("{} .. {}", least, number(*high, unit));
}

// Of a complex signal the range of its magnitudes.
std::string range_of(const Waveforms& plot, std::size_t signal) {
  const std::string& unit = plot.header().signals[signal].unit;
  if (!plot.header().complex || signal == 0) return range_of(plot.column(signal), unit);
  std::vector<double> magnitudes;
  for (std::size_t k = 0; k < plot.points(); ++k) {
    magnitudes.push_back(std::hypot(plot.column(signal)[k], plot.imaginary(signal)[k]));
  }
  return "|" + range_of(magnitudes, unit) + "|";
}

void list_signals(const std::string& path, const std::vector<Waveforms>& plots) {
  for (std::size_t p = 0; p < plots.size(); ++p) {
    const std::vector<Signal>& signals = plots[p].header().signals;
    fmt::print("{}[{}] {}: {} point{}\n", path, p + 1, printable(plots[p].header().plotname),
               plots[p].points(), plots[p].points() == 1 ? "" : "s");
    std::size_t width = 0;
    for (const Signal& signal : signals) width = std::max(width, signal.name.size());
    for (std::size_t k = 0; k < signals.size(); ++k) {
      fmt::print("  {:<{}}  {}\n", printable(signals[k].name), width, range_of(plots[p], k));
    }
  }
}

// By number as listed, or by the beginning of its name ("tran", "dc", "op"); without a wish, the
// last one that is more than a point.
const Waveforms& choose_plot(const std::vector<Waveforms>& plots, const std::string& wish) {
  if (wish.empty()) {
    const auto found = std::find_if(plots.rbegin(), plots.rend(),
                                    [](const Waveforms& plot) { return plot.points() > 1; });
    return found == plots.rend() ? plots.back() : *found;
  }
  std::size_t listed = 0;
  const auto [end, status] = std::from_chars(wish.data(), wish.data() + wish.size(), listed);
  if (status == std::errc() && end == wish.data() + wish.size()) {
    if (listed >= 1 && listed <= plots.size()) return plots[listed - 1];
    throw UsageError(fmt::format("--analysis {}: the file holds {}", listed, plots.size()));
  }
  const std::string beginning = to_lower(wish == "op" ? "operating point" : wish);
  for (const Waveforms& plot : plots) {
    if (to_lower(plot.header().plotname).starts_with(beginning)) return plot;
  }
  throw UsageError(fmt::format("--analysis {}: the file holds no such plot", wish));
}

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

// "1u:5u", either end may be left out.
void parse_range(const std::string& text, FigureRequest& request) {
  const std::size_t colon = text.find(':');
  const auto end = [&](std::string_view number, double& value) {
    if (number.empty()) return;
    const std::optional<double> parsed = parse_spice_number(number);
    if (!parsed) throw UsageError(fmt::format("--x-range {}: '{}' is no number", text, number));
    value = *parsed;
  };
  if (colon == std::string::npos) throw UsageError("--x-range wants LOW:HIGH, as 1u:5u");
  end(std::string_view(text).substr(0, colon), request.x_low);
  end(std::string_view(text).substr(colon + 1), request.x_high);
  if (!(request.x_low < request.x_high)) {
    throw UsageError(fmt::format("--x-range {}: the low end is not below the high end", text));
  }
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

int plot(const PlotOptions& options) {
  FigureRequest request;
  request.x = options.x;
  request.log_x = options.log.find('x') != std::string::npos;
  request.log_y = options.log.find('y') != std::string::npos;
  if (!options.x_range.empty()) parse_range(options.x_range, request);
  const std::string output =
      options.output.empty() ? fs::path(options.file).stem().string() + ".svg" : options.output;
  const ImageFormat format = image_format(options, output);

  const std::vector<Waveforms> plots = read_plots(options.file);
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
      ->add_option("--log", options->log, "Logarithmic axes: x, y or xy; y shows absolute values")
      ->check(CLI::IsMember({"x", "y", "xy"}));
  command->footer(R"(Of a complex plot each signal is drawn as magnitude in dB and phase over the
logarithm of the frequency; db(x), phase(x), mag(x), re(x), im(x) is one of them.

Examples:
  wordline plot array.raw
  wordline plot array.raw 'v(wl[3])' 'i(vr)' -o read.png
  wordline plot array.raw 'v(a)' / 'v(b)' --x-range 1u:5u
  wordline plot loop.raw 'i(v1)' --x 'v(a)' --log y -o loop.svg)");
  command->callback([options, &exit_code] { exit_code = plot(*options); });
}

}  // namespace wordline::cli
