#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "wordline/cli/gnuplot.hpp"
#include "wordline/cli/gnuplot_text.hpp"

namespace wordline::cli {

namespace {

// Colours of Okabe and Ito (2008), told apart with every common colour blindness; their yellow is
// left out as too pale for lines on white.
constexpr std::array<std::string_view, 7> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#e69f00", "#56b4e9", "#000000"};

std::string terminal(const Figure& figure, ImageFormat format) {
  constexpr std::size_t kWidth = 960;
  constexpr std::size_t kLegendLine = 22;
  std::size_t pane_height = figure.panes.size() == 1 ? 420 : 250;
  for (const Pane& pane : figure.panes) {
    pane_height = std::max(pane_height, kLegendLine * (pane.traces.size() + 1));
  }
  const std::size_t height = 120 + pane_height * figure.panes.size();
  return set_terminal(kWidth, height, format);
}

std::string x_range(const Figure& figure) {
  const auto end = [](double value) {
    return std::isfinite(value) ? fmt::format("{}", value) : std::string("*");
  };
  return fmt::format("set xrange [{}:{}] noextend\n", end(figure.x_low), end(figure.x_high));
}

// The legend stands in the right margin, where it hides nothing; the margin fits its longest name.
std::string layout(const Figure& figure) {
  std::size_t longest = 0;
  for (const Pane& pane : figure.panes) {
    for (const Trace& trace : pane.traces) longest = std::max(longest, trace.name.size());
  }
  const double legend = static_cast<double>(std::clamp<std::size_t>(longest, 4, 40));
  return fmt::format(
      "set key at graph 1.015,1.0 left top Left reverse samplen 1.5 spacing 1.2\n"
      "set multiplot layout {},1 title {} margins char 11,char {:.1f},char 3.6,char 2.2 "
      "spacing char 0,char 1.6\n",
      figure.panes.size(), quoted(figure.title), legend + 7);
}

// Zero crossings would stretch a logarithmic axis without end: it shows twelve decades at most.
std::string logarithmic_range(const Figure& figure, const Pane& pane) {
  constexpr double kDecades = 1e-12;
  double largest = 0;
  for (const Trace& trace : pane.traces) {
    for (std::size_t k = trace.column; k < figure.data.size(); k += figure.columns) {
      if (std::isfinite(figure.data[k])) largest = std::max(largest, figure.data[k]);
    }
  }
  return largest > 0 ? fmt::format("set yrange [{} < * : *]\n", largest * kDecades) : "";
}

std::string pane_script(const Figure& figure, const Pane& pane, bool last) {
  std::string script = fmt::format("set ylabel {}\n", quoted(pane.label));
  if (last) script += fmt::format("set format x\nset xlabel {}\n", quoted(figure.x_label));
  if (last && figure.log_x) script += "set format x '%.0s%c'\n";
  if (figure.log_y) script += logarithmic_range(figure, pane);
  const std::size_t points = figure.data.size() / figure.columns;
  const char* separator = "plot ";
  std::size_t k = 0;
  for (const Trace& trace : pane.traces) {
    script += fmt::format(
        "{}'data' binary record=({}) format='%{}double' using 1:{} with {} lc rgb '{}' lw 1.8 "
        "dt {} title {}",
        separator, points, figure.columns, trace.column + 1, points == 1 ? "points pt 7" : "lines",
        kColours.at(k % kColours.size()), 1 + k / kColours.size(), quoted(trace.name));
    separator = ", \\\n  ";
    ++k;
  }
  return script + '\n';
}

}  // namespace

std::string gnuplot_script(const Figure& figure, ImageFormat format) {
  std::string script = "set encoding utf8\n" + terminal(figure, format);
  script +=
      "set border 3 lc rgb '#404040' lw 0.8\n"
      "set tics nomirror out scale 0.6\n"
      "set grid lt 1 lc rgb '#dcdcdc' lw 0.8\n"
      "set format x ''\n";
  if (figure.log_x) script += "set logscale x\n";
  script += figure.log_y ? "set logscale y\nset format y '%.0s%c'\n"
                         : "set offsets 0, 0, graph 0.04, graph 0.04\n";
  script += x_range(figure) + layout(figure);
  for (const Pane& pane : figure.panes) {
    script += pane_script(figure, pane, &pane == &figure.panes.back());
  }
  return script + "unset multiplot\n";
}

}  // namespace wordline::cli
