// How an analysis went: plain data beside its results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wordline {

enum class Outcome { kConverged, kFailed, kInterrupted };

// A node or branch equation that was not met, worst first.
struct UnmetEquation {
  std::string unknown;       // "v(out)", "i(v1)"
  double residual;           // A for a node, V for a branch
  double update;             // last change of the unknown, V or A
  std::string element = {};  // of a node: the element with the largest current
  double current = 0;        // A, that of this element
};

struct Report {
  Outcome outcome = Outcome::kConverged;
  std::string message;  // why it failed
  std::vector<UnmetEquation> worst;

  std::int64_t points = 0;          // results computed
  std::int64_t iterations = 0;      // Newton iterations
  std::int64_t factorizations = 0;  // of the Jacobian; fewer than iterations where it was reused
  std::int64_t accepted_steps = 0;
  std::int64_t rejected_steps = 0;  // by local error or failed iterations
  double residual = 0;  // the largest at any accepted point, as a fraction of its tolerance
  std::string
      homotopy;        // what the operating point needed: "", "gmin", "source", "pseudo-transient"
  std::string solver;  // "klu", and where it is not alone what more was used
  double seconds = 0;

  bool ok() const { return outcome == Outcome::kConverged; }
};

}  // namespace wordline
