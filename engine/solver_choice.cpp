#include "wordline/engine/solver_choice.hpp"

#include <algorithm>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/solvers/array_solver.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline {

namespace {

// Of the residual of the array's linear equations. Newton's method, which has its own tests,
// corrects what is left.
constexpr double kArrayTolerance = 1e-8;
// Arrays with fewer lines in both directions are as fast with KLU.
constexpr std::int32_t kFewLines = 24;

ArrayGeometry::Plane find_plane(const Circuit& compiled, const std::string& name, bool along_rows) {
  ArrayGeometry::Plane plane{along_rows, compiled.nodes.block(name)};
  for (std::int32_t& unknown : plane.unknown) --unknown;
  return plane;
}

bool is_large_array(const std::vector<ArrayGeometry>& arrays) {
  return arrays.size() == 1 && std::max(arrays[0].rows, arrays[0].cols) >= kFewLines;
}

std::unique_ptr<ArrayMethod> choose_method(SolverKind kind, const ArrayGeometry& array) {
  const auto along_columns = [](const ArrayGeometry::Plane& plane) { return !plane.along_rows; };
  if (std::count_if(array.planes.begin(), array.planes.end(), along_columns) > 1) {
    return make_ladder_method(array);
  }
  if (kind == SolverKind::kCuda) return make_gpu_krylov_method(array);
  return kind == SolverKind::kKrylov ? make_krylov_method(array) : make_multifrontal_method(array);
}

// For what has not the form of an array after all.
GeneralSolverMaker choose_general_solver(SolverKind kind, double pivot_ratio) {
  return [kind, pivot_ratio](const ArrayGeometry& array) {
    return kind == SolverKind::kCuda ? make_gpu_sparse_solver({array}, pivot_ratio)
                                     : make_klu_solver({array}, pivot_ratio);
  };
}

}  // namespace

std::vector<ArrayGeometry> find_arrays(const Circuit& described, const Circuit& compiled) {
  std::vector<ArrayGeometry> arrays;
  for (const Crossbar& xb : described.crossbars) {
    ArrayGeometry array{xb.rows, xb.cols, {}};
    array.planes.push_back(find_plane(compiled, xb.name + ".wl", true));
    array.planes.push_back(find_plane(compiled, xb.name + ".bl", false));
    if (xb.cell == CellKind::k1T1R) {
      array.planes.push_back(find_plane(compiled, xb.name + ".sl", !xb.source_along_columns));
    }
    arrays.push_back(std::move(array));
  }
  return arrays;
}

std::unique_ptr<LinearSolver> choose_solver(const Circuit& described, const Circuit& compiled) {
  std::vector<ArrayGeometry> arrays = find_arrays(described, compiled);
  SolverKind kind = compiled.options.solver;
  if (kind == SolverKind::kAuto && is_large_array(arrays)) kind = SolverKind::kKrylov;
  switch (kind) {
    case SolverKind::kCuda:
      if (arrays.size() != 1) {
        return make_gpu_sparse_solver(arrays, compiled.options.pivrel);
      }
      [[fallthrough]];
    case SolverKind::kKrylov:
    case SolverKind::kMultifrontal: {
      if (arrays.size() != 1) {
        throw Error("this solver is for circuits of one crossbar and its drivers; take solver=klu");
      }
      auto method = choose_method(kind, arrays[0]);
      return make_array_solver(std::move(arrays[0]), std::move(method), kArrayTolerance,
                               choose_general_solver(kind, compiled.options.pivrel));
    }
    case SolverKind::kKlu:
    case SolverKind::kAuto:
      break;
  }
  return make_klu_solver(std::move(arrays), compiled.options.pivrel);
}

}  // namespace wordline
