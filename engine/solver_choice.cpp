#include "wordline/engine/solver_choice.hpp"

#include "wordline/base/error.hpp"

namespace wordline {

namespace {

ArrayGeometry::Plane find_plane(const Circuit& compiled, const std::string& name, bool along_rows) {
  ArrayGeometry::Plane plane{along_rows, compiled.nodes.block(name)};
  for (std::int32_t& unknown : plane.unknown) --unknown;
  return plane;
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
  switch (compiled.options.solver) {
    case SolverKind::kCuda:
      throw Error("this build has no GPU solver (solver=cuda)");
    case SolverKind::kKrylov:
    case SolverKind::kMultifrontal:
      throw Error("this build has no array solvers (solver=krylov, multifrontal)");
    case SolverKind::kKlu:
    case SolverKind::kAuto:
      break;
  }
  return make_klu_solver(find_arrays(described, compiled));
}

}  // namespace wordline
