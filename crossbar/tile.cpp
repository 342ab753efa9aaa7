#include "wordline/crossbar/tile.hpp"

#include <algorithm>

#include "wordline/crossbar/transfer_error.hpp"
#include "wordline/solvers/dense.hpp"

namespace wordline::crossbar {

namespace {

bool is_ideal(const Wires& wires) { return wires.segment == 0 && wires.driver == 0; }

Matrix transposed(const Matrix& m) {
  Matrix t{m.cols, m.rows, {}};
  t.values.reserve(m.values.size());
  for (std::int64_t i = 0; i < t.rows; ++i) {
    for (std::int64_t j = 0; j < t.cols; ++j) t.values.push_back(m(j, i));
  }
  return t;
}

// Rows and columns beyond the matrix are filled, those beyond the new size left out.
Matrix resized(const Matrix& m, std::int64_t rows, std::int64_t cols, double fill) {
  Matrix result{rows, cols, {}};
  result.values.assign(static_cast<std::size_t>(rows * cols), fill);
  for (std::int64_t i = 0; i < std::min(rows, m.rows); ++i) {
    for (std::int64_t j = 0; j < std::min(cols, m.cols); ++j) result(i, j) = m(i, j);
  }
  return result;
}

// With the first rows and columns of t.
void product(const Matrix& t, std::int64_t rows, std::int64_t cols, const double* inputs,
             std::int64_t stride, std::int64_t count, double* outputs) {
  const auto small = [](std::int64_t n) { return static_cast<std::int32_t>(n); };
  wordline::multiply(small(count), small(cols), small(rows), inputs, small(stride), t.values.data(),
                     small(t.cols), outputs, small(cols));
}

}  // namespace

Tile::Tile(Matrix conductances, const TileSettings& settings)
    : conductances_(std::move(conductances)) {
  if (!settings.make) check_conductances(conductances_);
}

void Tile::set_conductance(std::int64_t row, std::int64_t col, double siemens) {
  conductances_(row, col) = siemens;
  is_stale_ = true;
}

Matrix Tile::padded(const TileSettings& settings) const {
  if (!settings.pad) return conductances_;
  return resized(conductances_, settings.shape.rows, settings.shape.cols, *settings.pad);
}

void Tile::update(const TileSettings& settings, int threads) {
  if (!is_stale_) return;
  array_.reset();
  transfer_ = {};
  const Matrix cells = padded(settings);
  if (!settings.make && is_ideal(settings.word) && is_ideal(settings.bit)) {
    transfer_ = cells;
  } else {
    array_ = settings.make ? settings.make(cells)
                           : Array(cells, settings.word, settings.bit, {.threads = threads});
    if (array_->inputs() != cells.rows || array_->outputs() != cells.cols) {
      throw Error("the array made for a tile has other inputs and outputs than the tile");
    }
  }
  if (array_ && array_->is_linear()) {
    try {
      transfer_ = transposed(array_->transfer());
      array_.reset();
    } catch (const Error&) {
      // Its resistances differ by so much that inputs are solved one by one.
      transfer_ = {};
    }
  }
  is_stale_ = false;
}

void Tile::take_transfer(const ArrayProblem& problem, std::span<const double> t) {
  Matrix found{problem.rows(), problem.cols(), {t.begin(), t.end()}};
  for (double& g : found.values) g = -g;
  const auto multiply = [&](const Matrix& inputs) {
    Matrix outputs{inputs.rows, found.cols, {}};
    outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
    product(found, found.rows, found.cols, inputs.values.data(), inputs.cols, inputs.rows,
            outputs.values.data());
    return outputs;
  };
  try {
    if (!(transfer_error(problem, multiply, 1) <= kMostTransferError)) return;
  } catch (const Error&) {  // singular, or nearly so
    return;
  }
  array_.reset();
  transfer_ = std::move(found);
  is_stale_ = false;
}

void Tile::multiply(const double* voltages, std::int64_t stride, std::int64_t count,
                    double* currents) const {
  product(transfer_, conductances_.rows, conductances_.cols, voltages, stride, count, currents);
}

Matrix Tile::solve(const Matrix& voltages) {
  const Matrix currents = array_->matmul(resized(voltages, voltages.rows, array_->inputs(), 0));
  return resized(currents, currents.rows, conductances_.cols, 0);
}

}  // namespace wordline::crossbar
