#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "wordline/cli/gnuplot.hpp"
#include "wordline/cli/gnuplot_text.hpp"

namespace wordline::cli {

namespace {

// Viridis by N. Smith and S. van der Walt, in ten steps: evenly lighter and told apart with every
// common colour blindness.
constexpr std::array<std::string_view, 10> kViridis = {"#440154", "#482878", "#3e4989", "#31688e",
                                                       "#26828e", "#1f9e89", "#35b779", "#6ece58",
                                                       "#b5de2b", "#fde725"};

std::string palette() {
  std::string text = "set palette defined (";
  for (std::size_t k = 0; k < kViridis.size(); ++k) {
    text += fmt::format("{}{} '{}'", k > 0 ? ", " : "", k, kViridis.at(k));
  }
  return text + ")\n";
}

// Where ticks stand at so many cells, at most `most` of them: 1, 2 or 5 times a power of ten apart.
std::int64_t tick_distance(std::int64_t count, std::int64_t most) {
  std::int64_t distance = 1;
  for (std::int64_t k = 0; (count - 1) / distance >= most; ++k) {
    distance = distance * (k % 3 == 1 ? 5 : 4) / 2;
  }
  return distance;
}

// Ticks at cells whose own numbers are round, `most` of them at most.
std::string ticks(const char* axis, std::int64_t first, std::int64_t last, std::int64_t block,
                  std::int64_t most) {
  const std::int64_t distance = tick_distance(last - first + 1, most);
  std::string text = fmt::format("set {}tics (", axis);
  const char* separator = "";
  for (std::int64_t n = (first + distance - 1) / distance * distance; n <= last; n += distance) {
    text += fmt::format("{}'{}' {}", separator, n,
                        (static_cast<double>(n - first) + 0.5) / static_cast<double>(block) - 0.5);
    separator = ", ";
  }
  return text + ")\n";
}

std::pair<double, double> range_of(const HeatMap& map) {
  double low = INFINITY, high = -INFINITY;
  for (const double v : map.values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (low > high) return {0, 1};
  if (low < high) return {low, high};
  const double margin = low == 0 ? 1 : 0.1 * std::abs(low);  // one colour, in the middle
  return {low - margin, high + margin};
}

// Where things are, in points: the map, and to its right the bar of colours.
struct Layout {
  static constexpr double kLeft = 90, kRight = 150, kTop = 60, kBottom = 70;
  double width, height;  // of the canvas
  double left, bottom, side_x, side_y;

  // Square cells, but for arrays that would be a mere line.
  explicit Layout(const HeatMap& map) {
    constexpr double kSide = 560, kLargestCell = 48, kThinnest = 60;
    const double cell =
        std::min(kLargestCell, kSide / static_cast<double>(std::max(map.rows, map.cols)));
    side_x = std::max(kThinnest, cell * static_cast<double>(map.cols));
    side_y = std::max(kThinnest, cell * static_cast<double>(map.rows));
    width = std::max(480.0, std::ceil(side_x + kLeft + kRight));
    height = std::max(260.0, std::ceil(side_y + kTop + kBottom));
    left = kLeft + (width - kLeft - kRight - side_x) / 2;
    bottom = kBottom + (height - kTop - kBottom - side_y) / 2;
  }

  // How many numbers up to `last` there is room for, below the map and beside it.
  std::int64_t most_columns(std::int64_t last) const {
    constexpr double kDigit = 12, kBetween = 12;
    return most(side_x, kBetween + kDigit * static_cast<double>(std::to_string(last).size()));
  }
  std::int64_t most_rows() const {
    constexpr double kLine = 24;
    return most(side_y, kLine);
  }
  static std::int64_t most(double side, double room) {
    constexpr std::int64_t kEnough = 9;
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(side / room), 1, kEnough);
  }

  std::string margins() const {
    return fmt::format(
        "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n"
        "set bmargin at screen {:.5f}\nset tmargin at screen {:.5f}\n",
        left / width, (left + side_x) / width, bottom / height, (bottom + side_y) / height);
  }

  std::string colour_bar() const {
    constexpr double kGap = 18, kBar = 20, kShortest = 130;
    const double length = std::max(kShortest, side_y);
    return fmt::format(
        "set colorbox vertical user origin screen {:.5f}, screen {:.5f} size screen {:.5f}, screen "
        "{:.5f}\n",
        (left + side_x + kGap) / width, (bottom + (side_y - length) / 2) / height, kBar / width,
        length / height);
  }
};

// Few cells are drawn as squares, which stay sharp however large the picture is shown; an image
// would also need two of them in each direction.
std::string plot_command(const HeatMap& map, ImageFormat format) {
  constexpr std::int64_t kMostSquares = 1 << 14;
  const std::int64_t cells = map.rows * map.cols;
  const bool is_line = map.rows == 1 || map.cols == 1;
  if (!is_line && (format == ImageFormat::kPng || cells > kMostSquares)) {
    return fmt::format("plot 'data' binary array=({},{}) format='%double' with image\n", map.cols,
                       map.rows);
  }
  return fmt::format(
      "col(k) = int(k) % {}\nrow(k) = int(k) / {}\n"
      "plot 'data' binary record=({}) format='%double' using "
      "(col($0)):(row($0)):(col($0)-0.5):(col($0)+0.5):(row($0)-0.5):(row($0)+0.5):1 "
      "with boxxyerror fillstyle solid noborder linecolor palette\n",
      map.cols, map.cols, cells);
}

}  // namespace

std::string gnuplot_script(const HeatMap& map, ImageFormat format) {
  const Layout layout(map);
  const auto [low, high] = range_of(map);
  std::string script = "set encoding utf8\n";
  script += set_terminal(static_cast<std::size_t>(layout.width),
                         static_cast<std::size_t>(layout.height), format);
  script += palette() + layout.margins() + layout.colour_bar();
  script += fmt::format("set title {}\nset cblabel {} offset 1.5,0\n", quoted(map.title),
                        quoted(map.label));
  script += "set xlabel 'column'\nset ylabel 'row'\nunset key\n";
  script += "set border lc rgb '#404040' lw 0.8\nset tics nomirror out scale 0.6\n";
  script += fmt::format("set xrange [-0.5:{}]\nset yrange [{}:-0.5]\n",
                        static_cast<double>(map.cols) - 0.5, static_cast<double>(map.rows) - 0.5);
  script += ticks("x", map.first_col, map.last_col, map.block, layout.most_columns(map.last_col));
  script += ticks("y", map.first_row, map.last_row, map.block, layout.most_rows());
  if (map.log) script += "set logscale cb\n";
  script += fmt::format("set cbrange [{}:{}]\n", low, high);
  return script + plot_command(map, format);
}

}  // namespace wordline::cli
