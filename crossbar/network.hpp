// The wires of an array between its buses and its cells: what they make of bus voltages, and which
// currents the buses then deliver. Two planes of lines: row lines run along rows, column lines
// along columns (solvers/array_matrix.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/crossbar/array.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline::crossbar {

// Voltages or currents of the buses of both planes, one a line.
struct BusValues {
  std::vector<double> row, col;
};

class Network {
 public:
  // `parallel`: the row lines run along columns too.
  Network(std::int32_t rows, std::int32_t cols, const Wires& row, const Wires& col,
          bool parallel = false);

  std::int32_t rows() const { return lines_.rows; }
  std::int32_t cols() const { return lines_.cols; }
  std::size_t cells() const { return lines_.cells(); }
  // The lines; its owner puts the tables of cells into it.
  const ArrayMatrix& lines() const { return lines_; }

  // The currents [A] that drivers push into the lines, and the voltages of held ends, which are
  // written into x and leave the rest of it as it is.
  struct Drive {
    std::vector<double> f_row, f_col;
    double scale = 0;  // of what the held ends push, A
  };
  void drive(const BusValues& volts, Drive& drive, std::span<double> x_row,
             std::span<double> x_col) const;

  // Currents [A] from the buses into the lines, for cells that draw `currents` at the voltages x.
  BusValues bus_currents(const BusValues& volts, const ArrayTables& x,
                         const ArrayTables& currents) const;

  // Sums over all segments and all drivers of a plane of the products of the currents that flow in
  // them in two solutions [A^2].
  struct Products {
    double row_segment = 0, col_segment = 0, row_driver = 0, col_driver = 0;
  };
  struct Flow {
    const BusValues& volts;
    ArrayTables x, currents;
  };
  Products current_products(const Flow& a, const Flow& b) const;

 private:
  struct Line;
  template <class Visit>
  void for_lines(const Visit& visit) const;
  void drive_line(const Line& line, double volts, Drive& drive, std::span<double> f,
                  std::span<double> x) const;

  ArrayMatrix lines_;
};

}  // namespace wordline::crossbar
