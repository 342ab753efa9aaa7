// Array matrices with tables of their own, of any wiring and any cells.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"

namespace wordline::testing {

enum class LineEnds { kFree, kDriven, kHeld };

struct RandomArrayOptions {
  std::int32_t rows = 8, cols = 8;
  bool symmetric = true;
  bool parallel = false;
  double segment = 1;    // ohm; that of the column plane is 1.5 times this
  double driver = 20;    // ohm
  double low = 1e-5;     // S, of cells; their logarithms are uniform
  double high = 1e-3;    // S
  double open = 0;       // the part of the cells that are 0 S
  double to_ground = 0;  // S, from both lines of every cell
  LineEnds row_first = LineEnds::kDriven, row_last = LineEnds::kFree;
  LineEnds col_first = LineEnds::kFree, col_last = LineEnds::kDriven;
  unsigned seed = 1;
};

struct RandomArray {
  ArrayMatrix matrix;
  std::vector<double> row_row, row_col, col_row, col_col;

  explicit RandomArray(const RandomArrayOptions& o) {
    matrix.rows = o.rows;
    matrix.cols = o.cols;
    matrix.parallel = o.parallel;
    matrix.row.segment = 1 / o.segment;
    matrix.col.segment = 1 / (1.5 * o.segment);
    const auto ends = [&](LineEnds kind, std::int32_t lines) {
      const double g = kind == LineEnds::kFree ? 0 : kind == LineEnds::kHeld ? kHeld : 1 / o.driver;
      return std::vector<double>(static_cast<std::size_t>(lines), g);
    };
    const std::int32_t row_lines = o.parallel ? o.cols : o.rows;
    matrix.row.first = ends(o.row_first, row_lines);
    matrix.row.last = ends(o.row_last, row_lines);
    matrix.col.first = ends(o.col_first, o.cols);
    matrix.col.last = ends(o.col_last, o.cols);
    std::mt19937 random(o.seed);
    std::uniform_real_distribution<double> exponent(std::log(o.low), std::log(o.high)), part(0, 1);
    for (std::size_t k = 0; k < matrix.cells(); ++k) {
      const double g = part(random) < o.open ? 0 : std::exp(exponent(random));
      // As a transistor's: not both terminals control the current alike.
      const double across = o.symmetric ? 1 : 0.5 + 0.5 * part(random);
      const double back = o.symmetric ? 1 : 0.5 + 0.5 * part(random);
      row_row.push_back(g + o.to_ground);
      row_col.push_back(g * across);
      col_row.push_back(g * back);
      col_col.push_back(g + o.to_ground);
    }
    matrix.row_row = row_row;
    matrix.row_col = row_col;
    matrix.col_row = o.symmetric ? row_col : col_row;
    matrix.col_col = col_col;
  }
  RandomArray(const RandomArray&) = delete;  // the matrix looks into the tables
  RandomArray& operator=(const RandomArray&) = delete;

  // A conductance between the lines of a cell.
  void set(std::size_t cell, double siemens) {
    row_row[cell] = row_col[cell] = col_row[cell] = col_col[cell] = siemens;
  }
  bool is_held(bool of_row, std::size_t cell) const {
    const auto cols = static_cast<std::size_t>(matrix.cols);
    const auto rows = static_cast<std::size_t>(matrix.rows);
    const bool along_row = of_row && !matrix.parallel;
    const std::size_t line = along_row ? cell / cols : cell % cols;
    const std::size_t place = along_row ? cell % cols : cell / cols;
    const std::size_t length = along_row ? cols : rows;
    const ArrayPlane& plane = of_row ? matrix.row : matrix.col;
    return (place == 0 && plane.first[line] == kHeld) ||
           (place == length - 1 && plane.last[line] == kHeld);
  }
};

inline std::vector<double> random_currents(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(-1e-3, 1e-3);
  std::vector<double> table(size);
  for (double& v : table) v = value(random);
  return table;
}

inline std::string text_of(const RandomArrayOptions& o) {
  std::string text = std::to_string(o.rows) + " x " + std::to_string(o.cols) + ", segments " +
                     std::to_string(o.segment) + " ohm, drivers " + std::to_string(o.driver) +
                     " ohm, seed " + std::to_string(o.seed) + ", ends";
  for (const LineEnds e : {o.row_first, o.row_last, o.col_first, o.col_last}) {
    text += " " + std::to_string(static_cast<int>(e));
  }
  return text + (o.symmetric ? "" : ", not symmetric");
}

constexpr std::int32_t kArrayShapes[][2] = {{1, 1}, {1, 2},  {2, 1},  {1, 40}, {40, 1},  {2, 2},
                                            {7, 9}, {8, 16}, {9, 17}, {24, 5}, {20, 20}, {3, 50}};

// Visits `options` with all kinds of ends of lines, but for an array that floats as a whole.
template <class Visit>
void for_each_wiring(RandomArrayOptions options, const Visit& visit) {
  constexpr LineEnds kKinds[] = {LineEnds::kFree, LineEnds::kDriven, LineEnds::kHeld};
  for (const LineEnds row_first : kKinds) {
    for (const LineEnds row_last : kKinds) {
      for (const LineEnds col_first : kKinds) {
        for (const LineEnds col_last : kKinds) {
          const bool floats = row_first == LineEnds::kFree && row_last == LineEnds::kFree &&
                              col_first == LineEnds::kFree && col_last == LineEnds::kFree;
          if (floats) continue;
          options.row_first = row_first;
          options.row_last = row_last;
          options.col_first = col_first;
          options.col_last = col_last;
          visit(options);
        }
      }
    }
  }
}

}  // namespace wordline::testing
