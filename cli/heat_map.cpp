#include "wordline/cli/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "wordline/base/matrix.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/figure.hpp"
#include "wordline/cli/plots.hpp"
#include "wordline/cli/si_scale.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/engine/output/zip.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/npy.hpp"

namespace wordline::cli {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kCells = "[*,*]";

// Values of cells as they are in a file, with what they are.
struct Cells {
  std::string title;
  std::string quantity, unit;
  std::int64_t first_row = 0, first_col = 0;
  Matrix matrix;
};

std::string file_name(const MapRequest& request) {
  return std::filesystem::path(request.file).filename().string();
}

// ---- matrices ----

// An array of an .npz: the only one, or the one that is named.
Matrix read_archived(const MapRequest& request) {
  constexpr std::string_view kEnding = ".npy";
  std::vector<std::string> names;
  for (const ZipMember& member : read_zip(read_file(request.file), request.file)) {
    std::string name = member.name;
    if (name.ends_with(kEnding)) name.resize(name.size() - kEnding.size());
    if (name == request.signal) {
      return read_npy(member.content, fmt::format("{}: {}", request.file, name));
    }
    names.push_back(std::move(name));
  }
  if (request.signal.empty() && names.size() == 1) {
    MapRequest named = request;
    named.signal = names.front();
    return read_archived(named);
  }
  throw UsageError(
      fmt::format("{}: name one of its arrays: {}", request.file, fmt::join(names, ", ")));
}

Cells cells_of_matrix(const MapRequest& request) {
  const bool is_archive = extension_of(request.file) == "npz";
  if (request.at) throw UsageError("--at is a point of results, of which a matrix has none");
  if (!is_archive && !request.signal.empty()) {
    throw UsageError(fmt::format("'{}' stands for no cells: write v(xb.wl[*,*]) or @xb.m[*,*][g]",
                                 request.signal));
  }
  Cells cells;
  cells.title = request.signal.empty() ? file_name(request)
                                       : fmt::format("{}, {}", file_name(request), request.signal);
  cells.quantity = "value";
  cells.matrix = is_archive ? read_archived(request) : read_matrix(request.file);
  return cells;
}

// ---- signals ----

struct Cell {
  std::int64_t row, col;
  std::size_t signal;
};

// The cell of a signal whose name is `before`, "[3,7]", `after`.
std::optional<Cell> cell_of(std::string_view name, std::string_view before,
                            std::string_view after) {
  if (!name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
  if (name.size() < before.size() + after.size() + 2) return std::nullopt;
  name.remove_prefix(before.size());
  name.remove_suffix(after.size());
  if (!name.starts_with('[') || !name.ends_with(']')) return std::nullopt;
  Cell cell{};
  const char* const end = name.data() + name.size() - 1;
  const auto row = std::from_chars(name.data() + 1, end, cell.row);
  if (row.ec != std::errc() || row.ptr == end || *row.ptr != ',') return std::nullopt;
  const auto col = std::from_chars(row.ptr + 1, end, cell.col);
  if (col.ec != std::errc() || col.ptr != end) return std::nullopt;
  return cell;
}

std::vector<Cell> find_cells(const Waveforms& plot, const MapRequest& request) {
  const std::string pattern = to_lower(request.signal);
  const std::size_t at = pattern.find(kCells);
  std::vector<Cell> cells;
  for (std::size_t s = 0; s < plot.header().signals.size(); ++s) {
    const std::string name = to_lower(plot.header().signals[s].name);
    auto cell = cell_of(name, std::string_view(pattern).substr(0, at),
                        std::string_view(pattern).substr(at + kCells.size()));
    if (!cell) continue;
    cell->signal = s;
    cells.push_back(*cell);
  }
  if (!cells.empty()) return cells;
  throw UsageError(
      fmt::format("no signal of '{}' in '{}' is one of {}; the deck must save them, "
                  "as in '.save {}'",
                  plot.header().plotname, request.file, request.signal, request.signal));
}

// A place between two points of the first axis.
struct Place {
  std::size_t before = 0, after = 0;
  double weight = 0;  // of the one after
};

Place place_of(const Waveforms& plot, const std::optional<double>& at) {
  if (plot.points() == 0) throw UsageError("the plot has no points");
  if (!at) return {plot.points() - 1, plot.points() - 1, 0};
  const std::span<const double> x = plot.column(0);
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k] == *at) return {k, k, 0};
    if (k > 0 && (x[k - 1] < *at) == (*at < x[k])) {
      return {k - 1, k, (*at - x[k - 1]) / (x[k] - x[k - 1])};
    }
  }
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  throw UsageError(fmt::format("--at {:g} is outside of {}, which goes from {:g} to {:g}", *at,
                               plot.header().signals.front().name, *low, *high));
}

// "array, time = 5 us"; nothing of the place where there is one point.
std::string title_of(const Waveforms& plot, const std::optional<double>& at) {
  if (plot.points() == 1) return plot.header().title;
  const Signal& axis = plot.header().signals.front();
  const double value = at.value_or(plot.column(0).back());
  return fmt::format(
      "{}, {} = {}", plot.header().title, axis.name,
      axis.unit.empty() ? fmt::format("{:g}", value) : engineering(value, axis.unit));
}

Cells cells_of_signals(const MapRequest& request) {
  const std::vector<Waveforms> plots = read_waveforms(request.file);
  const Waveforms& plot = choose_plot(plots, request.analysis);
  if (plot.header().complex) throw UsageError("complex results have no map: use real ones");
  const std::vector<Cell> found = find_cells(plot, request);
  const Place place = place_of(plot, request.at);
  const auto by_row = [](const Cell& a, const Cell& b) { return a.row < b.row; };
  const auto by_col = [](const Cell& a, const Cell& b) { return a.col < b.col; };
  const auto [top, bottom] = std::minmax_element(found.begin(), found.end(), by_row);
  const auto [left, right] = std::minmax_element(found.begin(), found.end(), by_col);
  const Signal& first = plot.header().signals[found.front().signal];
  Cells cells{title_of(plot, request.at),
              fmt::format("{} {}", quantity_of(first), request.signal),
              first.unit,
              top->row,
              left->col,
              {bottom->row - top->row + 1, right->col - left->col + 1, {}}};
  constexpr std::int64_t kMost = 1 << 26;
  if (cells.matrix.rows > kMost / cells.matrix.cols) {
    throw UsageError(
        fmt::format("{} x {} cells are too many to draw", cells.matrix.rows, cells.matrix.cols));
  }
  cells.matrix.values.assign(static_cast<std::size_t>(cells.matrix.rows * cells.matrix.cols),
                             kNone);
  for (const auto& [row, col, signal] : found) {
    const std::span<const double> y = plot.column(signal);
    cells.matrix(row - cells.first_row, col - cells.first_col) =
        std::lerp(y[place.before], y[place.after], place.weight);
  }
  return cells;
}

// ---- the picture ----

double largest_of(const Matrix& matrix) {
  double largest = 0;
  for (const double v : matrix.values) {
    if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
  }
  return largest;
}

// More cells than a picture has points are drawn as means of blocks.
Matrix shrink(const Matrix& matrix, std::int64_t block) {
  Matrix small{(matrix.rows + block - 1) / block, (matrix.cols + block - 1) / block, {}};
  for (std::int64_t i = 0; i < small.rows; ++i) {
    for (std::int64_t j = 0; j < small.cols; ++j) {
      double sum = 0;
      std::int64_t count = 0;
      for (std::int64_t r = i * block; r < std::min(matrix.rows, (i + 1) * block); ++r) {
        for (std::int64_t c = j * block; c < std::min(matrix.cols, (j + 1) * block); ++c) {
          if (std::isnan(matrix(r, c))) continue;
          sum += matrix(r, c);
          ++count;
        }
      }
      small.values.push_back(count > 0 ? sum / static_cast<double>(count) : kNone);
    }
  }
  return small;
}

}  // namespace

HeatMap make_heat_map(const MapRequest& request) {
  const bool has_cells = request.signal.find(kCells) != std::string::npos;
  Cells cells = has_cells ? cells_of_signals(request) : cells_of_matrix(request);
  if (!request.unit.empty()) cells.unit = request.unit;
  if (!request.label.empty()) cells.quantity = request.label;
  constexpr std::int64_t kMostCells = 1200;  // along a side
  const auto [rows, cols] = std::pair(cells.matrix.rows, cells.matrix.cols);
  HeatMap map{.title = cells.title,
              .log = request.log,
              .first_row = cells.first_row,
              .last_row = cells.first_row + rows - 1,
              .first_col = cells.first_col,
              .last_col = cells.first_col + cols - 1,
              .block = (std::max(rows, cols) + kMostCells - 1) / kMostCells};
  const Matrix drawn = map.block > 1 ? shrink(cells.matrix, map.block) : std::move(cells.matrix);
  map.rows = drawn.rows;
  map.cols = drawn.cols;
  const SiScale scale = si_scale(largest_of(drawn), cells.unit);
  map.label = axis_label(cells.quantity, scale.prefix, cells.unit);
  for (const double value : drawn.values) {
    if (request.log && value <= 0) {
      throw UsageError(fmt::format("--log c: a value of {:g} has no logarithm", value));
    }
    map.values.push_back(value * scale.factor);
  }
  return map;
}

}  // namespace wordline::cli
