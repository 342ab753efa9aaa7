#include "wordline/crossbar/bus_solver.hpp"

namespace wordline::crossbar {

std::unique_ptr<BusSolver> make_bus_solver(const ArrayProblem& problem, int threads) {
  if (problem.settings.method != Method::kKlu) {
    if (auto solver = make_plane_solver(problem, threads)) return solver;
  }
  return make_circuit_solver(problem);
}

}  // namespace wordline::crossbar
