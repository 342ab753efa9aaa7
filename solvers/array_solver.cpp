#include "wordline/solvers/array_solver.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "wordline/solvers/array_condensation.hpp"

namespace wordline {

namespace {

using Tables = ArrayCondensation::Tables;

double squared_norm(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return sum;
}

// A fixed point of an affine map, by Anderson's acceleration (Walker and Ni, SIAM J. Numer. Anal.
// 49, 2011), which is GMRES in another guise: asked for the next point, told what the map made of
// it.
class FixedPoint {
 public:
  static constexpr int kMostSteps = 40;

  // The next point, from the last point and its image.
  std::vector<double> next(const std::vector<double>& point, const std::vector<double>& image) {
    const auto size = static_cast<Eigen::Index>(point.size());
    const Eigen::Map<const Eigen::VectorXd> x(point.data(), size);
    const Eigen::Map<const Eigen::VectorXd> y(image.data(), size);
    const Eigen::VectorXd residual = y - x;
    std::vector<double> result = image;
    if (last_image_.size() == size) {
      images_.conservativeResize(size, images_.cols() + 1);
      residuals_.conservativeResize(size, residuals_.cols() + 1);
      images_.rightCols(1) = y - last_image_;
      residuals_.rightCols(1) = residual - last_residual_;
      const Eigen::VectorXd weights = residuals_.colPivHouseholderQr().solve(residual);
      Eigen::Map<Eigen::VectorXd>(result.data(), size) -= images_ * weights;
    }
    last_image_ = y;
    last_residual_ = residual;
    return result;
  }

 private:
  Eigen::MatrixXd images_, residuals_;  // their differences from point to point
  Eigen::VectorXd last_image_, last_residual_;
};

class ArraySolver final : public LinearSolver {
 public:
  ArraySolver(ArrayGeometry array, std::unique_ptr<ArrayMethod> method, double tolerance,
              GeneralSolverMaker make_general)
      : array_(std::move(array)),
        method_(std::move(method)),
        tolerance_(tolerance),
        make_general_(std::move(make_general)) {}

  std::string_view name() const override {
    if (general_ == nullptr) return method_->name();
    name_ = general_->name();
    if (solves_ > 0) {
      name_ = std::string(method_->name()) + " and " + name_;
    } else {
      name_ += " (no " + std::string(method_->name()) + ": " + refusal_ + ")";
    }
    return name_;
  }

  bool factors_cheaply() const override { return takes_pattern_ && method_->factors_cheaply(); }

  Factorization analyze(const SparsePattern& pattern) override {
    pattern_ = pattern;
    general_.reset();
    solves_ = stagnations_ = 0;
    refusal_ = condensation_.analyze(pattern, array_);
    takes_pattern_ = refusal_.empty();
    return takes_pattern_ ? Factorization{} : analyze_general();
  }

  Factorization factor(std::span<const double> values) override {
    takes_values_ = false;
    general_is_factored_ = false;
    if (takes_pattern_ && stagnations_ < kMostStagnations) {
      values_.assign(values.begin(), values.end());
      refusal_ = condensation_.condense(values);
      takes_values_ = refusal_.empty() && method_->set(condensation_.matrix());
      if (takes_values_) return {};
      if (refusal_.empty()) refusal_ = "it cannot factor the array";
    }
    return factor_general(values);
  }

  void solve(std::span<double> right_hand_sides, std::int32_t count) const override {
    const auto size = static_cast<std::size_t>(pattern_.size);
    for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
      solve_one(right_hand_sides.subspan(k * size, size));
    }
  }

 private:
  static constexpr int kMostStagnations = 3;
  static constexpr std::size_t kRow = ArrayParts::kRow;
  static constexpr std::size_t kCol = ArrayParts::kCol;
  static constexpr std::size_t kGate = ArrayParts::kGate;

  Factorization analyze_general() const {
    if (general_ != nullptr) return {};
    general_ = make_general_(array_);
    return general_->analyze(pattern_);
  }

  Factorization factor_general(std::span<const double> values) const {
    Factorization outcome = analyze_general();
    if (outcome.ok) outcome = general_->factor(values);
    general_is_factored_ = outcome.ok;
    return outcome;
  }

  void solve_one(std::span<double> b) const {
    if (takes_values_) {
      condensation_.reduce(b, f_);
      if (solve_planes()) {
        ++solves_;
        return condensation_.expand(x_, b);
      }
      takes_values_ = false;
      ++stagnations_;
      refusal_ = "it stagnates";
    }
    if (general_is_factored_ || factor_general(values_).ok) return general_->solve(b);
    std::fill(b.begin(), b.end(), std::numeric_limits<double>::quiet_NaN());
  }

  bool solve_planes() const {
    for (std::vector<double>& table : x_) table.assign(f_[kRow].size(), 0.0);
    if (!condensation_.has_gates()) return solve_conducting(f_);
    x_[kGate] = f_[kGate];
    condensation_.solve_gate_lines(x_[kGate]);
    if (condensation_.gates_are_loaded()) return solve_with_gates();
    condensation_.subtract_gates(x_[kGate], f_);
    return solve_conducting(f_);
  }

  bool solve_conducting(const Tables& f) const {
    return method_->solve(f[kRow], f[kCol], x_[kRow], x_[kCol], tolerance_);
  }

  // Gate voltages that the cells leave as they are: these determine the planes, whose currents into
  // the gates determine gate voltages again. Where the map stops, its image meets the gates'
  // equations and misses the planes' by what its last change causes there.
  bool solve_with_gates() const {
    FixedPoint map;
    std::vector<double> gate = x_[kGate];
    for (int step = 0; step < FixedPoint::kMostSteps; ++step) {
      Tables f = f_;
      condensation_.subtract_gates(gate, f);
      if (!solve_conducting(f)) return false;
      x_[kGate] = f_[kGate];
      condensation_.subtract_planes(x_, x_[kGate]);
      condensation_.solve_gate_lines(x_[kGate]);

      std::vector<double> change = gate;
      for (std::size_t k = 0; k < change.size(); ++k) change[k] -= x_[kGate][k];
      Tables missing;
      missing[kRow].assign(change.size(), 0.0);
      missing[kCol].assign(change.size(), 0.0);
      condensation_.subtract_gates(change, missing);
      const double drive = squared_norm(f[kRow]) + squared_norm(f[kCol]);
      const double miss = squared_norm(missing[kRow]) + squared_norm(missing[kCol]);
      if (!std::isfinite(miss)) return false;
      if (miss <= tolerance_ * tolerance_ * drive) return true;
      gate = map.next(gate, x_[kGate]);
    }
    return false;
  }

  ArrayGeometry array_;
  std::unique_ptr<ArrayMethod> method_;
  double tolerance_;
  GeneralSolverMaker make_general_;
  SparsePattern pattern_;
  bool takes_pattern_ = false;
  std::vector<double> values_;  // for the general solver, should it be needed after all

  // A solve that stagnates changes over to the general solver.
  mutable ArrayCondensation condensation_;
  mutable bool takes_values_ = false;
  mutable bool general_is_factored_ = false;
  mutable std::unique_ptr<LinearSolver> general_;
  mutable std::int64_t solves_ = 0;
  mutable int stagnations_ = 0;
  mutable std::string refusal_, name_;
  mutable Tables f_, x_;
};

}  // namespace

std::unique_ptr<LinearSolver> make_array_solver(ArrayGeometry array,
                                                std::unique_ptr<ArrayMethod> method,
                                                double tolerance, GeneralSolverMaker make_general) {
  if (!make_general) {
    make_general = [](const ArrayGeometry& geometry) { return make_klu_solver({geometry}); };
  }
  return std::make_unique<ArraySolver>(std::move(array), std::move(method), tolerance,
                                       std::move(make_general));
}

}  // namespace wordline
