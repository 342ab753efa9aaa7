#include "wordline/engine/newton.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace wordline {

namespace {

// Factors are kept while each update is at most this fraction of the one before. The error left
// after the last update is then below a third of it.
constexpr double kContraction = 0.25;
// Factors of another step length serve as long as a0 is this near.
constexpr double kNearStep = 0.2;
// Where the residual and the step that it asks for are both this small, as fractions of their
// tolerances, the step need not be taken: where a solution starts, and later.
constexpr double kNegligibleAtStart = 0.01;
constexpr double kNegligible = 0.1;
// No residual can be smaller than the rounding of the numbers it is the difference of.
constexpr double kRounding = 16 * std::numeric_limits<double>::epsilon();

// The largest fraction of its tolerance that any of the values is, so far; NaN is larger than all.
void find_largest_fraction(double& largest, double value, double tolerance) {
  if (!(std::abs(value) <= largest * tolerance)) largest = std::abs(value) / tolerance;
}

}  // namespace

Newton::Newton(System& system, std::unique_ptr<LinearSolver> solver)
    : system_(system), solver_(std::move(solver)), step_(system.unknowns()) {
  structurally_sound_ = solver_->analyze(system.pattern()).ok;
  const Options& o = system.options();
  for (std::size_t k = 0; k < system.unknowns(); ++k) {
    smallest_step_.push_back(system.is_node(k) ? o.vntol : o.abstol);
    smallest_residual_.push_back(system.is_node(k) ? o.abstol : o.vntol);
  }
}

bool Newton::factor(double shunt, Report& report) {
  ++report.factorizations;
  factored_a0_ = -1;
  const Factorization outcome =
      structurally_sound_ ? solver_->factor(system_.jacobian()) : Factorization{.ok = false};
  if (!outcome.ok) {
    report.message = "the matrix is singular";
    if (outcome.singular_column >= 0) {
      report.message +=
          " at " + system_.name_of(static_cast<std::size_t>(outcome.singular_column) + 1);
    }
    return false;
  }
  factored_a0_ = system_.dynamics().a0();
  factored_shunt_ = shunt;
  return true;
}

double Newton::tolerance_of_equation(std::size_t k) const {
  return system_.options().reltol * system_.scale()[k] + smallest_residual_[k] +
         kRounding * system_.gross()[k];
}

void Newton::measure_residual() {
  const double* residual = system_.residual().data();
  const double* scale = system_.scale().data();
  const double* gross = system_.gross().data();
  const double reltol = system_.options().reltol;
  residual_fraction_ = 0;
  only_rounding_ = true;
  for (std::size_t k = 1; k < system_.unknowns(); ++k) {
    const double rounding = kRounding * gross[k];
    find_largest_fraction(residual_fraction_, residual[k],
                          reltol * scale[k] + smallest_residual_[k] + rounding);
    only_rounding_ &= std::abs(residual[k]) <= std::max(rounding, kRounding * scale[k]);
  }
}

double Newton::find_step(const std::vector<double>& x) {
  const double reltol = system_.options().reltol;
  const std::span<const double> residual = system_.residual();
  std::transform(residual.begin() + 1, residual.end(), step_.begin() + 1, std::negate<>());
  solver_->solve(std::span(step_).subspan(1));
  double norm = 0;
  for (std::size_t k = 1; k < x.size(); ++k) {
    const double largest = std::max(std::abs(x[k]), std::abs(x[k] + step_[k]));
    find_largest_fraction(norm, step_[k], reltol * largest + smallest_step_[k]);
  }
  return norm;
}

Newton::Status Newton::solve(std::vector<double>& x, Evaluation& e, const Settings& settings,
                             Report& report) {
  try {
    return iterate(x, e, settings, report);
  } catch (const ElementFailure& failure) {
    report.message = failure.what();
    report.worst.clear();
    return Status::kNotConverged;
  }
}

Newton::Status Newton::iterate(std::vector<double>& x, Evaluation& e, const Settings& settings,
                               Report& report) {
  const double shunt = system_.options().gshunt + settings.shunt;
  const double a0 = system_.dynamics().a0();
  const bool reuse = settings.reuse_jacobian && !solver_->factors_cheaply();
  bool refactor = !reuse || factored_a0_ < 0 || factored_shunt_ != shunt ||
                  std::abs(a0 - factored_a0_) > kNearStep * factored_a0_;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double last_norm = kInfinity;
  double next_norm = kInfinity;  // of the update that would follow, as far as updates have shrunk
  for (int iteration = 0; iteration <= settings.max_iterations; ++iteration) {
    e.x = x;
    e.first_iteration = iteration == 0;
    system_.load(e, shunt, refactor, settings.injected);
    measure_residual();
    const bool is_near = last_norm <= 1 || next_norm <= kNegligible;
    if (is_near && residual_fraction_ <= 1 && !e.limited) return Status::kConverged;
    if (iteration > 0 && only_rounding_ && !e.limited) return Status::kConverged;
    if (iteration == settings.max_iterations || !std::isfinite(residual_fraction_)) break;
    if (refactor && !factor(shunt, report)) return Status::kSingular;
    ++report.iterations;
    const double norm = find_step(x);
    if (!std::isfinite(norm)) break;
    const double negligible = iteration == 0 ? kNegligibleAtStart : kNegligible;
    if (settings.accept_guess && !e.limited && std::max(norm, residual_fraction_) <= negligible) {
      return Status::kConverged;
    }
    std::transform(x.begin(), x.end(), step_.begin(), x.begin(), std::plus<>());
    refactor = !reuse || e.limited || norm > kContraction * last_norm;
    // The first update has nothing to be compared with, and may start far off.
    if (iteration == 0) refactor = !reuse || e.limited;
    next_norm = e.limited || iteration == 0 ? kInfinity : norm * (norm / last_norm);
    // What has probably converged needs no derivatives to be seen to have.
    if (settings.reuse_jacobian && !e.limited && (norm <= 1 || next_norm <= kNegligible)) {
      refactor = false;
    }
    last_norm = norm;
  }
  report_worst(x, e, report);
  return Status::kNotConverged;
}

void Newton::report_worst(const std::vector<double>& x, const Evaluation& e, Report& report) const {
  constexpr std::size_t kShown = 5;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t k = 1; k < x.size(); ++k) {
    const double fraction = std::abs(system_.residual()[k]) / tolerance_of_equation(k);
    order.push_back({std::isnan(fraction) ? std::numeric_limits<double>::infinity() : fraction, k});
  }
  const std::size_t shown = std::min(kShown, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    std::greater<>());
  report.worst.clear();
  for (std::size_t k = 0; k < shown; ++k) {
    const std::size_t at = order[k].second;
    const double residual = system_.residual()[at];
    if (std::abs(residual) <= tolerance_of_equation(at)) break;
    UnmetEquation unmet{system_.name_of(at), residual, step_[at]};
    if (system_.is_node(at)) {
      const auto [element, current] = system_.largest_contribution(e, at);
      unmet.element = element;
      unmet.current = current;
    }
    report.worst.push_back(std::move(unmet));
  }
}

}  // namespace wordline
