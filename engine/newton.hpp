// Newton's method in residual form: J dx = -f, with the Jacobian kept as long as it contracts well.
//
// Convergence asks for both a small last update and a small residual at the very point that is
// returned: for every unknown |dx| <= reltol |x| + vntol (abstol for currents), and for every
// equation |f| <= reltol * (largest term in it) + abstol (vntol for branches). For a small last
// update passes one after which the next would be a tenth of that, as updates have shrunk so far.
// A residual that is nothing but the rounding of its terms after an update, as in a linear circuit,
// cannot be improved and is taken.
// In a time step, a point where both the residual and the update that would follow are negligible
// is taken as it is.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wordline/engine/report.hpp"
#include "wordline/engine/system.hpp"

namespace wordline {

class Newton {
 public:
  Newton(System& system, std::unique_ptr<LinearSolver> solver);

  struct Settings {
    int max_iterations = 100;
    double shunt = 0;                       // S, from every node to ground, beyond .options gshunt
    std::span<const double> injected = {};  // A, into the nodes; empty: none
    // Start with the factors of the last solve if they are near enough, unless new ones are cheap.
    bool reuse_jacobian = false;
    // Take x as it is where its residual and the update that would follow are negligible.
    bool accept_guess = false;
  };

  enum class Status { kConverged, kNotConverged, kSingular };

  // Starts from x and leaves the solution there. Counts its work in `report`; on failure the worst
  // equations are in it.
  Status solve(std::vector<double>& x, Evaluation& evaluation, const Settings& settings,
               Report& report);

  // The largest residual at the last solution, as a fraction of its tolerance.
  double residual_fraction() const { return residual_fraction_; }
  const LinearSolver& solver() const { return *solver_; }

 private:
  Status iterate(std::vector<double>& x, Evaluation& evaluation, const Settings& settings,
                 Report& report);
  bool factor(double shunt, Report& report);
  double tolerance_of_equation(std::size_t k) const;
  void measure_residual();
  // Finds the update for the present residual; returns its weighted norm.
  double find_step(const std::vector<double>& x);
  void report_worst(const std::vector<double>& x, const Evaluation& evaluation,
                    Report& report) const;

  System& system_;
  std::unique_ptr<LinearSolver> solver_;
  bool structurally_sound_ = true;
  std::vector<double> step_;
  std::vector<double> smallest_step_,
      smallest_residual_;  // tolerances of unknowns and equations near 0
  double residual_fraction_ = 0;
  bool only_rounding_ = false;  // no residual is more than the rounding of what it is made of
  double factored_a0_ = -1;     // what the factors were made for; -1: there are none
  double factored_shunt_ = 0;
};

}  // namespace wordline
