#include "wordline/crossbar/transfer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "wordline/solvers/dense.hpp"

namespace wordline::crossbar {

namespace {

// More changes at once are not worth making one by one.
constexpr std::size_t kMostChanges = 32;
// Where all entries have become smaller than what they were by this, so have their digits.
constexpr double kMostLoss = 1e3;

// Products with batches this large take longer on the matrix as it stands than transposing it does.
constexpr std::int32_t kWorthTransposing = 64;

// to = factor from^T
void transpose(const double* from, std::int64_t rows, std::int64_t cols, double factor,
               double* to) {
  constexpr std::int64_t kBlock = 32;
  for (std::int64_t row = 0; row < rows; row += kBlock) {
    for (std::int64_t col = 0; col < cols; col += kBlock) {
      for (std::int64_t j = col; j < std::min(col + kBlock, cols); ++j) {
        for (std::int64_t i = row; i < std::min(row + kBlock, rows); ++i) {
          to[j * rows + i] = factor * from[i * cols + j];
        }
      }
    }
  }
}

double largest(const double* values, std::int32_t count) {
  double most = 0;
  for (std::int32_t k = 0; k < count; ++k) most = std::max(most, std::abs(values[k]));
  return most;
}

}  // namespace

Transfer::Transfer(const ArrayProblem& problem, int threads)
    : threads_(threads),
      from_words_(problem.settings.inputs == Lines::kWord),
      is_merged_(problem.word.segment == 0 || problem.bit.segment == 0),
      bias_(from_words_ ? problem.settings.bit_bias : problem.settings.word_bias),
      solver_(problem.rows(), problem.cols(), threads),
      t_{problem.lines(problem.settings.outputs), problem.lines(problem.settings.inputs), {}} {
  t_.values.resize(static_cast<std::size_t>(t_.rows * t_.cols));
  y_.resize(t_.values.size());
  if (problem.settings.method == Method::kCuda && !is_merged_) {
    gpu_ = make_gpu_transfer_method(problem.rows(), problem.cols(), threads);
  }
}

bool Transfer::find(const ArrayMatrix& matrix) {
  const bool is_found =
      gpu_ != nullptr ? gpu_->transfer({&matrix, 1}, y_)[0] : solver_.transfer(matrix, y_).ok;
  report_.method = gpu_ != nullptr ? gpu_->name() : "transfer";
  return is_found;
}

void Transfer::rebuild(const ArrayProblem& problem) {
  changes_.clear();
  is_stale_ = true;
  const Network network = problem.network();
  ArrayMatrix a = network.lines();
  a.row_row = a.row_col = a.col_row = a.col_col = problem.conductances.values;
  gpu_products_.reset();
  if (!find(a)) {
    throw Error("the array's equations are singular: a line without a driver or a cell");
  }
  // y_ is rows x cols, and has the sign of currents into the array. Between word and bit lines the
  // matrix is symmetric.
  if (from_words_) {
    transpose(y_.data(), t_.cols, t_.rows, -1, t_.values.data());
  } else {
    std::transform(y_.begin(), y_.end(), t_.values.begin(), std::negate<>());
  }
  transposed_.clear();
  is_stale_ = false;
  find_top();
  peak_ = std::abs(t_.values[top_]);
}

void Transfer::find_top() {
  const auto top = std::max_element(t_.values.begin(), t_.values.end(),
                                    [](double a, double b) { return std::abs(a) < std::abs(b); });
  top_ = static_cast<std::size_t>(top - t_.values.begin());
}

void Transfer::change(std::int32_t row, std::int32_t col, double before, double after) {
  if (is_stale_ || before == after) return;
  const bool can_change = !is_merged_ && gpu_ == nullptr;
  is_stale_ = !can_change || !is_kept_ || changes_.size() == kMostChanges;
  if (can_change && !is_kept_) {
    solver_.keep_transfer();
    is_kept_ = true;
  }
  if (!is_stale_) changes_.push_back({row, col, before, after});
}

bool Transfer::update() {
  for (const Change& change : changes_) {
    if (is_stale_) break;
    const auto by = solver_.change(change.row, change.col, change.before, change.after);
    is_stale_ = !by;
    if (by) grow(*by);
  }
  changes_.clear();
  return !is_stale_;
}

void Transfer::grow(const RankOne& by) {
  const auto outputs = static_cast<std::int32_t>(t_.rows);
  const auto inputs = static_cast<std::int32_t>(t_.cols);
  // Buses of word lines come first.
  const double* words = by.u.data();
  const double* bits = words + (from_words_ ? inputs : outputs);
  const double* out = from_words_ ? bits : words;
  const double* in = from_words_ ? words : bits;
  transposed_.clear();
  add_outer(outputs, inputs, -by.factor, out, in, t_.values.data(), inputs);
  peak_ = std::max(peak_, std::abs(by.factor) * largest(out, outputs) * largest(in, inputs));
  if (std::abs(t_.values[top_]) * kMostLoss > peak_) return;
  find_top();
  is_stale_ = !(std::abs(t_.values[top_]) * kMostLoss > peak_);
}

void Transfer::product(const Matrix& inputs, Matrix& outputs) {
  const auto batch = static_cast<std::int32_t>(inputs.rows);
  const auto k = static_cast<std::int32_t>(t_.cols);
  const auto n = static_cast<std::int32_t>(t_.rows);
  if (transposed_.empty() && batch >= kWorthTransposing) {
    transposed_.resize(t_.values.size());
    transpose(t_.values.data(), t_.rows, t_.cols, 1, transposed_.data());
  }
  if (gpu_ != nullptr && !transposed_.empty() && product_on_gpu(inputs, outputs)) return;
  if (transposed_.empty()) {
    multiply_transposed(batch, n, k, inputs.values.data(), k, t_.values.data(), k,
                        outputs.values.data(), n, threads_);
  } else {
    wordline::multiply(batch, n, k, inputs.values.data(), k, transposed_.data(), n,
                       outputs.values.data(), n, threads_);
  }
}

bool Transfer::product_on_gpu(const Matrix& inputs, Matrix& outputs) {
  const ProductShape shape{0, static_cast<std::int32_t>(t_.cols),
                           static_cast<std::int32_t>(t_.rows)};
  if (gpu_products_ == nullptr) gpu_products_ = make_gpu_product_method({&shape, 1}, transposed_);
  if (gpu_products_ == nullptr) return false;
  // Of inputs as many at once as take some GB.
  constexpr std::int64_t kNumbers = std::int64_t{1} << 26;
  const std::int64_t step = std::max<std::int64_t>(1, kNumbers / std::max(t_.rows, t_.cols));
  for (std::int64_t first = 0; first < inputs.rows; first += step) {
    const std::int64_t count = std::min(step, inputs.rows - first);
    const auto part = [&](auto& values, std::int64_t width) {
      return std::span(values).subspan(static_cast<std::size_t>(first * width),
                                       static_cast<std::size_t>(count * width));
    };
    if (!gpu_products_->multiply(part(inputs.values, inputs.cols), static_cast<std::int32_t>(count),
                                 part(outputs.values, outputs.cols))) {
      return false;
    }
  }
  return true;
}

Matrix Transfer::multiply(const Matrix& inputs) {
  Matrix outputs{inputs.rows, t_.rows, {}};
  outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
  if (bias_ == 0) {
    product(inputs, outputs);
    return outputs;
  }
  // Only differences of voltages matter, and all other buses have this one.
  Matrix shifted = inputs;
  for (double& v : shifted.values) v -= bias_;
  product(shifted, outputs);
  return outputs;
}

}  // namespace wordline::crossbar
