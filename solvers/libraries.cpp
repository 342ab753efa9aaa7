#include "wordline/solvers/libraries.hpp"

#include <fmt/format.h>
#include <suitesparse/SuiteSparse_config.h>
#include <suitesparse/klu.h>

#include <Eigen/Core>
#include <array>

namespace wordline {

std::vector<LibraryVersion> solver_libraries() {
  std::array<int, 3> suitesparse{};  // of the library that is loaded, which may be a later one
  SuiteSparse_version(suitesparse.data());
  return {
      {"KLU", fmt::format("{}.{}.{}", KLU_MAIN_VERSION, KLU_SUB_VERSION, KLU_SUBSUB_VERSION)},
      {"SuiteSparse", fmt::format("{}", fmt::join(suitesparse, "."))},
      {"Eigen",
       fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
  };
}

}  // namespace wordline
