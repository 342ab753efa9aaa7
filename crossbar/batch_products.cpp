#include "wordline/crossbar/batch_products.hpp"

#include <algorithm>

namespace wordline::crossbar {

namespace {

BusValues planes_of(const Buses& buses) { return {buses.word, buses.bit}; }

// Tables of cells, those of one input after those of another.
class Batch {
 public:
  Batch(const ArrayProblem& problem, ArrayBatchMethod& method)
      : problem_(problem),
        method_(method),
        network_(problem.network()),
        scales_(static_cast<std::size_t>(method.members())) {
    for (std::vector<double>* table : {&f_row_, &f_col_, &x_row_, &x_col_}) {
      table->resize(scales_.size() * network_.cells());
    }
    ArrayMatrix matrix = network_.lines();
    matrix.row_row = matrix.row_col = matrix.col_row = matrix.col_col = problem.conductances.values;
    is_sound_ = method.set(matrix);
  }

  // `count` inputs from `first` on. False where one of them is not solved.
  bool multiply(const Matrix& voltages, std::int64_t first, std::int64_t count, Matrix& outputs,
                SolveReport& report) {
    drive(voltages, first, count);
    if (!is_sound_) return false;
    const auto outcomes =
        method_.solve({f_row_, f_col_}, x_row_, x_col_, problem_.settings.tolerance, scales_);
    for (std::int64_t k = 0; k < count; ++k) {
      const ArrayKrylov::Outcome& outcome = outcomes[static_cast<std::size_t>(k)];
      if (!outcome.ok) return false;
      report.inner += outcome.iterations;
      report.residual = std::max(report.residual, outcome.residual);
      read(static_cast<std::size_t>(k), outputs.values.begin() + (first + k) * outputs.cols);
    }
    return true;
  }

 private:
  template <class T>
  static std::span<T> part(std::vector<T>& table, std::size_t k, std::size_t cells) {
    return std::span(table).subspan(k * cells, cells);
  }

  void drive(const Matrix& voltages, std::int64_t first, std::int64_t count) {
    const std::size_t cells = network_.cells();
    for (std::vector<double>* table : {&f_row_, &f_col_, &x_row_, &x_col_}) {
      std::fill(table->begin(), table->end(), 0.0);
    }
    std::fill(scales_.begin(), scales_.end(), 0.0);
    volts_.clear();
    Network::Drive drive;
    for (std::int64_t k = 0; k < count; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const auto input = std::span(voltages.values)
                             .subspan(static_cast<std::size_t>((first + k) * voltages.cols),
                                      static_cast<std::size_t>(voltages.cols));
      volts_.push_back(planes_of(problem_.buses(input)));
      network_.drive(volts_.back(), drive, part(x_row_, at, cells), part(x_col_, at, cells));
      std::copy(drive.f_row.begin(), drive.f_row.end(), part(f_row_, at, cells).begin());
      std::copy(drive.f_col.begin(), drive.f_col.end(), part(f_col_, at, cells).begin());
      scales_[at] = drive.scale;
    }
  }

  // The outputs of an input that was solved.
  void read(std::size_t k, std::vector<double>::iterator to) {
    const std::size_t cells = network_.cells();
    const std::span<const double> row = part(x_row_, k, cells);
    const std::span<const double> col = part(x_col_, k, cells);
    std::vector<double> into_row(cells), into_col(cells);
    for (std::size_t c = 0; c < cells; ++c) {
      into_row[c] = problem_.conductances.values[c] * (row[c] - col[c]);
      into_col[c] = -into_row[c];
    }
    BusValues currents = network_.bus_currents(volts_[k], {row, col}, {into_row, into_col});
    const Buses buses{std::move(currents.row), std::move(currents.col), {}};
    const std::vector<double> out = problem_.outputs(buses);
    std::copy(out.begin(), out.end(), to);
  }

  const ArrayProblem& problem_;
  ArrayBatchMethod& method_;
  Network network_;
  bool is_sound_ = false;
  std::vector<double> f_row_, f_col_, x_row_, x_col_;
  std::vector<double> scales_;  // A, of what drives each input
  std::vector<BusValues> volts_;
};

}  // namespace

std::optional<Matrix> multiply_by_batches(const ArrayProblem& problem, const Matrix& voltages,
                                          ArrayBatchMethod& method, SolveReport& report) {
  Matrix outputs{voltages.rows, problem.lines(problem.settings.outputs), {}};
  outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
  SolveReport found;
  found.method = method.name();
  Batch batch(problem, method);
  for (std::int64_t first = 0; first < voltages.rows; first += method.members()) {
    const auto count = std::min<std::int64_t>(method.members(), voltages.rows - first);
    if (!batch.multiply(voltages, first, count, outputs, found)) return std::nullopt;
  }
  report = found;
  return outputs;
}

std::optional<Matrix> multiply_on_gpu(const ArrayProblem& problem, const Matrix& voltages,
                                      SolveReport& report) {
  const ArrayMatrix lines = problem.network().lines();
  if (lines.row.merged() || lines.col.merged()) return std::nullopt;
  // Some twenty tables of them; 0.5 GB each.
  constexpr std::int64_t kNumbers = std::int64_t{1} << 26;
  constexpr std::int64_t kMostMembers = 64;
  const std::int64_t cells = static_cast<std::int64_t>(lines.cells());
  const std::int64_t members =
      std::clamp<std::int64_t>(kNumbers / cells, 1, std::min(kMostMembers, voltages.rows));
  const auto method =
      make_gpu_batch_method(lines.rows, lines.cols, static_cast<std::int32_t>(members));
  if (method == nullptr) return std::nullopt;
  return multiply_by_batches(problem, voltages, *method, report);
}

}  // namespace wordline::crossbar
