// One tile: an array whose transconductance matrix is kept, or the array itself where it has none.
#pragma once

#include <optional>
#include <span>

#include "wordline/crossbar/problem.hpp"
#include "wordline/crossbar/tiles.hpp"

namespace wordline::crossbar {

class Tile {
 public:
  // The conductances of the tile's part of the matrix.
  Tile(Matrix conductances, const TileSettings& settings);

  const Matrix& conductances() const { return conductances_; }
  void set_conductance(std::int64_t row, std::int64_t col, double siemens);

  // With its padding.
  Matrix padded(const TileSettings& settings) const;
  bool is_stale() const { return is_stale_; }
  // Of an array that was solved elsewhere, as ArrayMultifrontal::transfer() gives it, unless it has
  // lost its digits.
  void take_transfer(const ArrayProblem& problem, std::span<const double> t);

  // Finds what has changed. `threads` is for the array.
  void update(const TileSettings& settings, int threads);
  // As of the last update. Nonlinear cells, or resistances that differ by too much for a matrix.
  bool is_solved_each() const { return array_.has_value(); }

  // Of a tile with a matrix: inputs x outputs [S], those of the padding included.
  const Matrix& transfer() const { return transfer_; }
  // Of a tile with a matrix: currents of `count` inputs, `stride` apart, to as many rows of the
  // part's columns.
  void multiply(const double* voltages, std::int64_t stride, std::int64_t count,
                double* currents) const;
  // Of one without: all at once. Inputs are rows x the part's rows.
  Matrix solve(const Matrix& voltages);

 private:
  Matrix conductances_;
  Matrix transfer_;
  std::optional<Array> array_;
  bool is_stale_ = true;
};

}  // namespace wordline::crossbar
