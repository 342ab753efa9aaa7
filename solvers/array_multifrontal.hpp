// Direct solution of array matrices by geometric nested dissection (a multifrontal method whose
// elimination tree is the recursive halving of the array): between two halves of a block of cells
// lie only the nodes of the lines that cross the cut, one a line.
//
// For many right-hand sides, and for the conductance matrix between the drivers of an array with
// everything inside eliminated. Work grows as n^3, memory as n^2 log n for n x n cells.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// A matrix grows by factor u u^T. `u` is valid until the next change.
struct RankOne {
  double factor;
  std::span<const double> u;
};

class ArrayMultifrontal {
 public:
  // The elimination tree of arrays of this size. `threads`: 0 takes OpenMP's number. Results do not
  // depend on it.
  ArrayMultifrontal(std::int32_t rows, std::int32_t cols, int threads = 0);
  ~ArrayMultifrontal();
  ArrayMultifrontal(ArrayMultifrontal&&) noexcept;
  ArrayMultifrontal& operator=(ArrayMultifrontal&&) noexcept;

  // Factors a matrix. Not ok: a line floats, without a path to a driver (`singular_column` is its
  // number, row lines first), or a pivot vanished beside the conductances at its node (-1: nearly
  // floating, or an indefinite matrix, as there is no pivoting).
  Factorization factor(const ArrayMatrix& matrix);
  // Factors again after the values of one cell, and nothing else, have changed since the last
  // factor() or update(): the fronts from its block to the root. The first call factors anew and
  // from then on keeps what this needs: for n x n cells 90 n^2 (n = 128) to 140 n^2 (n = 1024)
  // doubles, twice that if not symmetric.
  Factorization update(const ArrayMatrix& matrix, std::int32_t row, std::int32_t col);
  // Solves in place, after factor(). `count` right-hand sides, one after the other, each a table of
  // cells in f_row and one in f_col.
  void solve(std::span<double> f_row, std::span<double> f_col, std::int32_t count = 1) const;
  // The transposed system, for adjoints.
  void solve_transposed(std::span<double> f_row, std::span<double> f_col,
                        std::int32_t count = 1) const;

  // The conductance matrix Y between the buses [S]: entry (p, q), at p + q (rows + cols), is the
  // current that flows from bus p into the array per volt on bus q. Buses are those of the row
  // lines, then those of the column lines; both ends of a line lead to its one bus. The rows and
  // columns of a line without a driver are 0. Keeps no factors.
  Factorization reduce(const ArrayMatrix& matrix, std::vector<double>& y);
  // Of Y only what row lines give to column lines, in about 0.9 of the time: entry (j, i), at
  // j + i cols, is the current that flows from the bus of column line j into the array per volt on
  // the bus of row line i [S] (negative: it flows out). The transconductance matrix is its
  // negative.
  Factorization transfer(const ArrayMatrix& matrix, std::vector<double>& t);
  // transfer() keeps its factors from now on, for change(): for n x n cells 50 n^2 (n = 128) to
  // 75 n^2 (n = 1024) doubles, more where lines are driven at both ends. Changes take up to 1500 n
  // doubles.
  void keep_transfer();
  // What Y grows by, buses as in reduce(), as the conductance of a cell of a symmetric matrix
  // changes after transfer() and after all changes since. None: factors were not kept, the change
  // would cost digits, or there were too many; transfer() is due again.
  std::optional<RankOne> change(std::int32_t row, std::int32_t col, double before, double after);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline
