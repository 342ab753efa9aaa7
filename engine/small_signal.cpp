#include "wordline/engine/small_signal.hpp"

#include <algorithm>
#include <numbers>
#include <numeric>

#include "wordline/engine/operating_point.hpp"
#include "wordline/engine/solver_choice.hpp"

namespace wordline {

std::complex<double> ac_phasor(const IndependentSource& source) {
  return std::polar(1.0, source.ac_phase * std::numbers::pi / 180) * source.ac_magnitude;
}

SmallSignal::SmallSignal(const AnalysisContext& context, Evaluation& evaluation)
    : system_(context.system), described_(context.described), evaluation_(evaluation) {
  for (const auto& group : system_.groups()) group->accept(evaluation_);
  evaluation_.small_signal = true;
  evaluation_.first_iteration = true;
  const auto load = [&](double a0) {
    system_.dynamics().hold(a0);
    system_.load(evaluation_, system_.options().gshunt, true);
    const std::span<const double> jacobian = system_.jacobian();
    return std::vector<double>(jacobian.begin(), jacobian.end());
  };
  capacitances_ = load(kSmallSignalRate);
  conductances_ = load(0);
  for (std::size_t k = 0; k < capacitances_.size(); ++k) {
    capacitances_[k] = (capacitances_[k] - conductances_[k]) / kSmallSignalRate;
  }
  values_.resize(system_.slots());
}

void SmallSignal::assemble(std::complex<double> s) {
  s_ = s;
  for (std::size_t k = 0; k < conductances_.size(); ++k) {
    values_[k + 1] = conductances_[k] + s * capacitances_[k];
  }
  if (s != 0.0) {
    for (const auto& group : system_.groups()) {
      group->add_small_signal(evaluation_, s, values_.data());
    }
  }
}

Phasors SmallSignal::residual(std::complex<double> s, const Phasors& x) {
  assemble(s);
  Phasors r = excitation();
  for (std::complex<double>& term : r) term = -term;
  const SparsePattern& pattern = system_.pattern();
  for (std::size_t j = 0; j < static_cast<std::size_t>(pattern.size); ++j) {
    for (auto k = pattern.start[j]; k < pattern.start[j + 1]; ++k) {
      const auto slot = static_cast<std::size_t>(k);
      r[static_cast<std::size_t>(pattern.row[slot]) + 1] += values_[slot + 1] * x[j + 1];
    }
  }
  return r;
}

bool SmallSignal::factor(std::complex<double> s, std::string& message) {
  assemble(s);
  if (solver_ == nullptr) {
    solver_ = make_complex_klu_solver(find_arrays(described_, system_.circuit()));
    structurally_sound_ = solver_->analyze(system_.pattern()).ok;
  }
  const Factorization outcome =
      structurally_sound_ ? solver_->factor(std::span(values_).subspan(1, conductances_.size()))
                          : Factorization{.ok = false};
  if (outcome.ok) return true;
  message = "the matrix of small signals is singular";
  if (outcome.singular_column >= 0) {
    message += " at " + system_.name_of(static_cast<std::size_t>(outcome.singular_column) + 1);
  }
  return false;
}

void SmallSignal::solve(Phasors& b) const {
  solver_->solve(std::span(b).subspan(1));
  b[0] = 0;
}

void SmallSignal::solve_transposed(Phasors& b) const {
  solver_->solve_transposed(std::span(b).subspan(1));
  b[0] = 0;
}

// A voltage source's residual holds -V, a current source's I at p and -I at n.
void SmallSignal::excite_voltage(std::size_t source, std::complex<double> value, Phasors& b) const {
  b[static_cast<std::size_t>(*system_.voltage_sources().branch(source))] += value;
}

void SmallSignal::excite_current(std::size_t source, std::complex<double> value, Phasors& b) const {
  const IndependentSource& row = system_.circuit().current_sources.rows[source];
  b[static_cast<std::size_t>(row.p)] -= value;
  b[static_cast<std::size_t>(row.n)] += value;
}

Phasors SmallSignal::excitation() const {
  Phasors b = zeros();
  const Circuit& circuit = system_.circuit();
  for (std::size_t k = 0; k < circuit.voltage_sources.size(); ++k) {
    excite_voltage(k, ac_phasor(circuit.voltage_sources.rows[k]), b);
  }
  for (std::size_t k = 0; k < circuit.current_sources.size(); ++k) {
    excite_current(k, ac_phasor(circuit.current_sources.rows[k]), b);
  }
  b[0] = 0;
  return b;
}

Phasors SmallSignal::excitation(const SmallSignalInput& input) const {
  Phasors b = zeros();
  const auto source = static_cast<std::size_t>(input.index);
  if (input.is_voltage) {
    excite_voltage(source, 1, b);
  } else {
    excite_current(source, 1, b);
  }
  b[0] = 0;
  return b;
}

Phasors SmallSignal::weights(const SmallSignalOutput& output) const {
  Phasors w = zeros();
  if (output.current_of) {
    const auto source = static_cast<std::size_t>(*output.current_of);
    w[static_cast<std::size_t>(*system_.voltage_sources().branch(source))] = 1;
  } else {
    w[static_cast<std::size_t>(output.p)] += 1;
    w[static_cast<std::size_t>(output.n)] -= 1;
  }
  w[0] = 0;
  return w;
}

std::complex<double> product(const Phasors& w, const Phasors& x) {
  return std::inner_product(w.begin(), w.end(), x.begin(), std::complex<double>(0));
}

bool start_small_signals(AnalysisContext& context, std::vector<double>& x, Evaluation& evaluation,
                         Report& report) {
  x.assign(context.system.unknowns(), 0.0);
  const int limit = context.system.options().itl1;
  guess_from_node_sets(context.system, context.newton, x, evaluation);
  if (solve_operating_point(context.system, context.newton, x, evaluation, limit, report)) {
    return true;
  }
  report.outcome = Outcome::kFailed;
  return false;
}

}  // namespace wordline
