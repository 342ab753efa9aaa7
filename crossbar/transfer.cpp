#include "wordline/crossbar/transfer.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/solvers/dense.hpp"

namespace wordline::crossbar {

namespace {

// More changes at once are not worth making one by one.
constexpr std::size_t kMostChanges = 32;
// Where all entries have become smaller than what they were by this, so have their digits.
constexpr double kMostLoss = 1e3;

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
  report_.method = "transfer";
  rebuild(problem);
}

void Transfer::rebuild(const ArrayProblem& problem) {
  changes_.clear();
  is_stale_ = true;
  const Network network = problem.network();
  ArrayMatrix a = network.lines();
  a.row_row = a.row_col = a.col_row = a.col_col = problem.conductances.values;
  if (!solver_.transfer(a, y_).ok) {
    throw Error("the array's equations are singular: a line without a driver or a cell");
  }
  // y_ is rows x cols, and has the sign of currents into the array. Between word and bit lines the
  // matrix is symmetric.
  constexpr std::int64_t kBlock = 8;
  for (std::int64_t first = 0; first < t_.cols; first += kBlock) {
    for (std::int64_t k = 0; k < t_.rows; ++k) {
      for (std::int64_t i = first; i < std::min(first + kBlock, t_.cols); ++i) {
        const std::int64_t at = from_words_ ? i * t_.rows + k : k * t_.cols + i;
        t_(k, i) = -y_[static_cast<std::size_t>(at)];
      }
    }
  }
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
  is_stale_ = is_merged_ || !is_kept_ || changes_.size() == kMostChanges;
  if (!is_merged_ && !is_kept_) {
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
  add_outer(outputs, inputs, -by.factor, out, in, t_.values.data(), inputs);
  peak_ = std::max(peak_, std::abs(by.factor) * largest(out, outputs) * largest(in, inputs));
  if (std::abs(t_.values[top_]) * kMostLoss > peak_) return;
  find_top();
  is_stale_ = !(std::abs(t_.values[top_]) * kMostLoss > peak_);
}

Matrix Transfer::multiply(const Matrix& inputs) const {
  Matrix outputs{inputs.rows, t_.rows, {}};
  outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
  const auto batch = static_cast<std::int32_t>(inputs.rows);
  const auto k = static_cast<std::int32_t>(t_.cols);
  const auto n = static_cast<std::int32_t>(t_.rows);
  const auto product = [&](const Matrix& volts) {
    multiply_transposed(batch, n, k, volts.values.data(), k, t_.values.data(), k,
                        outputs.values.data(), n, threads_);
  };
  if (bias_ == 0) {
    product(inputs);
    return outputs;
  }
  // Only differences of voltages matter, and all other buses have this one.
  Matrix shifted = inputs;
  for (double& v : shifted.values) v -= bias_;
  product(shifted);
  return outputs;
}

}  // namespace wordline::crossbar
