// The linear system of a circuit about its operating point, at complex frequencies s.
//
// Its matrix is J(s) = G + s C + what groups with states add, the derivative of the residuals by
// the unknowns when everything moves as e^(s t). At s = 0 the states stay where they are, as in an
// operating point or a `.dc` sweep.
#pragma once

#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/netlist/frequency_analyses.hpp"
#include "wordline/solvers/complex_solver.hpp"

namespace wordline {

using Phasors = std::vector<std::complex<double>>;

// 1/s; the a0 at which capacitances are told from conductances. It makes those of 1 fF a millionth
// of a siemens, far above the rounding of the conductances beside them.
inline constexpr double kSmallSignalRate = 1e9;

// The AC value of an independent source.
std::complex<double> ac_phasor(const IndependentSource& source);

class SmallSignal {
 public:
  // Linearises at the point `evaluation` was left at by solve_operating_point(), and leaves the
  // element groups loaded there with `evaluation.small_signal` set.
  SmallSignal(const AnalysisContext& context, Evaluation& evaluation);

  // Factors J(s). False with a message where it is singular.
  bool factor(std::complex<double> s, std::string& message);
  std::complex<double> s() const { return s_; }
  // J(s) X - b, with b of all AC values.
  Phasors residual(std::complex<double> s, const Phasors& x);

  // J X = b and J^T X = b in place, ground's entry included, which is left at 0.
  void solve(Phasors& right_hand_side) const;
  void solve_transposed(Phasors& right_hand_side) const;

  SmallSignalPoint point(const Phasors& x) const { return {evaluation_, s_, x}; }
  Phasors zeros() const { return Phasors(system_.unknowns()); }

  // b of all AC values together, and of one source alone with the AC value 1.
  Phasors excitation() const;
  Phasors excitation(const SmallSignalInput& input) const;
  // The output as a sum of unknowns: y = w^T X.
  Phasors weights(const SmallSignalOutput& output) const;

 private:
  void assemble(std::complex<double> s);
  void excite_voltage(std::size_t source, std::complex<double> value, Phasors& b) const;
  void excite_current(std::size_t source, std::complex<double> value, Phasors& b) const;

  System& system_;
  const Circuit& described_;
  Evaluation& evaluation_;
  std::unique_ptr<ComplexSolver> solver_;  // made when there is something to solve
  bool structurally_sound_ = true;
  std::vector<double> conductances_, capacitances_;  // in the slots of the system
  Phasors values_;
  std::complex<double> s_;
};

// w^T x.
std::complex<double> product(const Phasors& w, const Phasors& x);

// Finds the operating point that small signals are about. False, and the report says why, where
// there is none.
bool start_small_signals(AnalysisContext& context, std::vector<double>& x, Evaluation& evaluation,
                         Report& report);

}  // namespace wordline
