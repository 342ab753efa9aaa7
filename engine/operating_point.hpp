// The operating point: Newton's method, and where it does not converge the homotopies gmin
// stepping, source stepping and a pseudo-transient. Each ends on the unmodified equations with the
// full convergence test.
#pragma once

#include <map>
#include <vector>

#include "wordline/engine/newton.hpp"

namespace wordline {

// Solves from x. False if no way led to a solution; the report says why. `evaluation` brings the
// time and is left at the solution.
bool solve_operating_point(System& system, Newton& newton, std::vector<double>& x,
                           Evaluation& evaluation, int max_iterations, Report& report);

// `.nodeset`: solves with these nodes held, beside those of `initial`, and makes that the guess x.
// One that cannot be met changes nothing. No node is held afterwards.
void guess_from_node_sets(System& system, Newton& newton, std::vector<double>& x,
                          Evaluation& evaluation, const std::map<NodeId, double>& initial = {});

}  // namespace wordline
