#include "wordline/crossbar/transfer_error.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/crossbar/bus_solver.hpp"

namespace wordline::crossbar {

double transfer_error(const ArrayProblem& problem,
                      const std::function<Matrix(const Matrix&)>& multiply, int threads) {
  std::vector<double> probe(static_cast<std::size_t>(problem.lines(problem.settings.inputs)));
  for (std::size_t k = 0; k < probe.size(); ++k) probe[k] = 0.5 + 0.1 * static_cast<double>(k % 7);
  const std::vector<double> by_matrix = multiply({1, std::ssize(probe), probe}).values;
  ArrayProblem tight = problem;
  tight.settings.tolerance = 1e-14;  // outputs may be a small part of what is driven
  const std::unique_ptr<BusSolver> solver = make_bus_solver(tight, threads);
  // It goes as far as rounding lets it, which need not be so far.
  const SolveReport report = solver->solve(problem.buses(probe));
  if (!report.ok && !(report.residual <= problem.settings.tolerance)) throw Error(report.message);
  const std::vector<double> one_by_one = problem.outputs(solver->currents());
  double largest = 0;
  double difference = 0;
  for (std::size_t k = 0; k < one_by_one.size(); ++k) {
    largest = std::max(largest, std::fabs(one_by_one[k]));
    difference = std::max(difference, std::fabs(one_by_one[k] - by_matrix[k]));
  }
  return difference == 0 ? 0 : difference / largest;
}

}  // namespace wordline::crossbar
