#include "wordline/crossbar/transfer.hpp"

#include "wordline/solvers/dense.hpp"

namespace wordline::crossbar {

Transfer::Transfer(const ArrayProblem& problem, int threads) : threads_(threads) {
  const Network network = problem.network();
  ArrayMatrix a = network.lines();
  a.row_row = a.row_col = a.col_row = a.col_col = problem.conductances.values;
  ArrayMultifrontal solver(a.rows, a.cols, threads);
  if (!solver.reduce(a, y_).ok) {
    throw Error("the array's equations are singular: a line without a driver or a cell");
  }
  report_.method = "transfer";
  choose(problem);
}

// The part of y_ from the inputs to the outputs, with the sign of a current that is read.
void Transfer::choose(const ArrayProblem& problem) {
  const auto rows = static_cast<std::size_t>(problem.rows());
  const auto buses = rows + static_cast<std::size_t>(problem.cols());
  const bool from_words = problem.settings.inputs == Lines::kWord;
  const std::size_t first_input = from_words ? 0 : rows;
  const std::size_t first_output = from_words ? rows : 0;
  t_ = Matrix{problem.lines(problem.settings.outputs), problem.lines(problem.settings.inputs), {}};
  t_.values.resize(static_cast<std::size_t>(t_.rows * t_.cols));
  for (std::int64_t input = 0; input < t_.cols; ++input) {
    for (std::int64_t output = 0; output < t_.rows; ++output) {
      t_(output, input) = -y_[first_output + static_cast<std::size_t>(output) +
                              (first_input + static_cast<std::size_t>(input)) * buses];
    }
  }
  transposed_ = Matrix{t_.cols, t_.rows, std::vector<double>(t_.values.size())};
  for (std::int64_t input = 0; input < t_.cols; ++input) {
    for (std::int64_t output = 0; output < t_.rows; ++output) {
      transposed_(input, output) = t_(output, input);
    }
  }
  offsets_.assign(static_cast<std::size_t>(t_.rows), 0);
  const Buses bias = problem.buses(std::vector<double>(static_cast<std::size_t>(t_.cols)));
  for (std::size_t q = 0; q < buses; ++q) {
    const double volts = q < rows ? bias.word[q] : bias.bit[q - rows];
    if (volts == 0) continue;
    for (std::size_t k = 0; k < offsets_.size(); ++k) {
      offsets_[k] -= y_[first_output + k + q * buses] * volts;
    }
  }
}

Matrix Transfer::multiply(const Matrix& inputs) const {
  Matrix outputs{inputs.rows, t_.rows, {}};
  outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
  const auto batch = static_cast<std::int32_t>(inputs.rows);
  const auto k = static_cast<std::int32_t>(t_.cols);
  const auto n = static_cast<std::int32_t>(t_.rows);
  wordline::multiply(batch, n, k, inputs.values.data(), k, transposed_.values.data(), n,
                     outputs.values.data(), n, threads_);
  for (std::int64_t i = 0; i < outputs.rows; ++i) {
    for (std::int64_t k = 0; k < outputs.cols; ++k) {
      outputs(i, k) += offsets_[static_cast<std::size_t>(k)];
    }
  }
  return outputs;
}

}  // namespace wordline::crossbar
