#include "wordline/crossbar/network.hpp"

#include <algorithm>
#include <cmath>

namespace wordline::crossbar {

namespace {

double siemens(double ohm) { return ohm == 0 ? kHeld : 1 / ohm; }

ArrayPlane make_plane(const Wires& wires, std::int32_t lines) {
  ArrayPlane plane;
  plane.segment = siemens(wires.segment);
  const auto ends = [&](bool driven) {
    return std::vector<double>(static_cast<std::size_t>(lines),
                               driven ? siemens(wires.driver) : 0.0);
  };
  plane.first = ends(wires.driven != DrivenEnds::kLast);
  plane.last = ends(wires.driven != DrivenEnds::kFirst);
  return plane;
}

}  // namespace

// The cells of one line in a table.
struct Network::Line {
  const ArrayPlane& plane;
  bool is_row;
  std::int32_t index, cells;
  std::size_t start, step;

  std::size_t at(std::int32_t cell) const { return start + step * static_cast<std::size_t>(cell); }
  double first() const { return plane.first[static_cast<std::size_t>(index)]; }
  double last() const { return plane.last[static_cast<std::size_t>(index)]; }

  // What flows from each driver into the line, and along it from every cell to the next.
  struct Currents {
    double first = 0, last = 0;
    std::vector<double> segment;
  };
  Currents currents(double volts, std::span<const double> x, std::span<const double> drawn) const;
  double bus_current(double volts, std::span<const double> x, std::span<const double> drawn) const {
    // What flows into a held end is the difference of voltages that hardly differ; what the cells
    // draw is not.
    if (first() == kHeld || last() == kHeld) {
      double all = 0;
      for (std::int32_t k = 0; k < cells; ++k) all += drawn[at(k)];
      return all;
    }
    return first() * (volts - x[at(0)]) + last() * (volts - x[at(cells - 1)]);
  }
};

Network::Line::Currents Network::Line::currents(double volts, std::span<const double> x,
                                                std::span<const double> drawn) const {
  Currents i;
  i.segment.resize(static_cast<std::size_t>(cells) - 1);
  const auto segment = [&](std::int32_t k) -> double& {
    return i.segment[static_cast<std::size_t>(k)];
  };
  const bool first_held = first() == kHeld;
  const bool last_held = last() == kHeld;
  if (!first_held) i.first = first() * (volts - x[at(0)]);
  if (!last_held) i.last = last() * (volts - x[at(cells - 1)]);
  double all = 0;
  for (std::int32_t k = 0; k < cells; ++k) all += drawn[at(k)];
  if (plane.merged() || cells == 1) {
    // Ohm's law says nothing of currents without resistance; Kirchhoff's does. Where they could
    // come from both ends, they are those of small resistances alone: of equal drivers for the
    // drivers, of equal segments for the segments.
    double flow = i.first;
    if (first_held && last_held) {
      i.first = i.last = 0.5 * all;
      for (std::int32_t k = 0; k < cells - 1; ++k) flow += drawn[at(k)] * (cells - 1 - k);
      flow /= std::max(1, cells - 1);
    } else if (first_held) {
      flow = i.first = all - i.last;
    } else if (last_held) {
      i.last = all - i.first;
    }
    for (std::int32_t k = 0; k + 1 < cells; ++k) segment(k) = flow -= drawn[at(k)];
    return i;
  }
  for (std::int32_t k = 0; k + 1 < cells; ++k) {
    segment(k) = plane.segment * (x[at(k)] - x[at(k + 1)]);
  }
  if (first_held) i.first = segment(0) + drawn[at(0)];
  if (last_held) i.last = drawn[at(cells - 1)] - segment(cells - 2);
  return i;
}

Network::Network(std::int32_t rows, std::int32_t cols, const Wires& row, const Wires& col,
                 bool parallel) {
  lines_.rows = rows;
  lines_.cols = cols;
  lines_.parallel = parallel;
  lines_.row = make_plane(row, parallel ? cols : rows);
  lines_.col = make_plane(col, cols);
}

template <class Visit>
void Network::for_lines(const Visit& visit) const {
  const auto cols = static_cast<std::size_t>(lines_.cols);
  const auto visit_column = [&](const ArrayPlane& plane, bool is_row, std::int32_t j) {
    visit(Line{plane, is_row, j, lines_.rows, static_cast<std::size_t>(j), cols});
  };
  for (std::int32_t i = 0; !lines_.parallel && i < lines_.rows; ++i) {
    visit(Line{lines_.row, true, i, lines_.cols, static_cast<std::size_t>(i) * cols, 1});
  }
  for (std::int32_t j = 0; lines_.parallel && j < lines_.cols; ++j) {
    visit_column(lines_.row, true, j);
  }
  for (std::int32_t j = 0; j < lines_.cols; ++j) visit_column(lines_.col, false, j);
}

void Network::drive_line(const Line& line, double volts, Drive& drive, std::span<double> f,
                         std::span<double> x) const {
  const auto drive_end = [&](double conductance, std::int32_t cell) {
    // Of a line whose nodes are one, nobody knows here what its cells conduct.
    const double beyond = line.plane.merged() ? 1e-3 * line.cells : line.plane.segment;
    if (conductance > 0)
      drive.scale = std::hypot(drive.scale, volts / (1 / conductance + 1 / beyond));
    if (conductance != kHeld) {
      f[line.at(cell)] += conductance * volts;
      return;
    }
    const std::int32_t first = line.plane.merged() ? 0 : cell;
    const std::int32_t last = line.plane.merged() ? line.cells - 1 : cell;
    for (std::int32_t k = first; k <= last; ++k) x[line.at(k)] = volts;
  };
  drive_end(line.first(), 0);
  drive_end(line.last(), line.cells - 1);
}

void Network::drive(const BusValues& volts, Drive& drive, std::span<double> x_row,
                    std::span<double> x_col) const {
  drive.f_row.assign(cells(), 0);
  drive.f_col.assign(cells(), 0);
  drive.scale = 0;
  for_lines([&](const Line& line) {
    const std::vector<double>& v = line.is_row ? volts.row : volts.col;
    drive_line(line, v[static_cast<std::size_t>(line.index)], drive,
               line.is_row ? drive.f_row : drive.f_col, line.is_row ? x_row : x_col);
  });
}

BusValues Network::bus_currents(const BusValues& volts, const ArrayTables& x,
                                const ArrayTables& currents) const {
  BusValues out;
  for_lines([&](const Line& line) {
    const std::vector<double>& v = line.is_row ? volts.row : volts.col;
    const double current =
        line.bus_current(v[static_cast<std::size_t>(line.index)], line.is_row ? x.row : x.col,
                         line.is_row ? currents.row : currents.col);
    (line.is_row ? out.row : out.col).push_back(current);
  });
  return out;
}

Network::Products Network::current_products(const Flow& a, const Flow& b) const {
  Products products;
  for_lines([&](const Line& line) {
    const auto currents = [&](const Flow& flow) {
      const std::vector<double>& v = line.is_row ? flow.volts.row : flow.volts.col;
      return line.currents(v[static_cast<std::size_t>(line.index)],
                           line.is_row ? flow.x.row : flow.x.col,
                           line.is_row ? flow.currents.row : flow.currents.col);
    };
    const Line::Currents p = currents(a);
    const Line::Currents q = currents(b);
    double& segments = line.is_row ? products.row_segment : products.col_segment;
    for (std::size_t k = 0; k < p.segment.size(); ++k) segments += p.segment[k] * q.segment[k];
    (line.is_row ? products.row_driver : products.col_driver) +=
        p.first * q.first + p.last * q.last;
  });
  return products;
}

}  // namespace wordline::crossbar
