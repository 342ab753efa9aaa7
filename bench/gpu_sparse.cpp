// Sparse LU on a GPU beside KLU: an N x N array (as one of several in a circuit, eliminated in the
// order of its geometry) and a square of N x N resistors. Wall-clock time in ms, medians.
//
//   gpu_sparse [N ...]
//
// `levels` are those of the elimination and of the solution, each of which waits for the one
// before. `factor` takes new values with the old pivots. `solve` is refined until the residual is
// one of rounding, and includes the way of the vectors there and back; 1 and 32 right-hand sides.
// `alone` is the substitution without all that, by our kernels and by cuSPARSE (SpSV, SpSM).
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "array_case.hpp"
#include "milliseconds.hpp"
#include "wordline/base/error.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/sparse_factors.hpp"
#include "wordline/solvers/gpu.hpp"
#include "wordline/solvers/pivot_order.hpp"
#ifdef WORDLINE_HAVE_CUDA
#include "wordline/cuda/device_queue.hpp"
#endif
#ifdef WORDLINE_HAVE_CUDA_LIBRARIES
#include "../tests/cuda/library_triangular.hpp"
#endif

namespace wordline::bench {
namespace {

constexpr std::int32_t kMany = 32;

struct Case {
  std::string name;
  SparsePattern pattern;
  std::vector<double> values;
  std::vector<ArrayGeometry> arrays;

  std::vector<double> right_hand_sides(std::int32_t count) const {
    std::vector<double> b(static_cast<std::size_t>(pattern.size) * static_cast<std::size_t>(count));
    for (std::size_t k = 0; k < b.size(); ++k) b[k] = std::sin(static_cast<double>(k + 1));
    return b;
  }
};

Case array_of(std::int32_t n) {
  const ArrayCase a(n);
  Case made{fmt::format("array {}", n), a.pattern(), {}, {{n, n, {}}}};
  made.values = a.values(made.pattern);
  for (const std::int32_t first : {0, n * n}) {
    ArrayGeometry::Plane plane{first == 0, {}};
    for (std::int32_t k = 0; k < n * n; ++k) plane.unknown.push_back(first + k);
    made.arrays[0].planes.push_back(std::move(plane));
  }
  return made;
}

Case square_of(std::int32_t n) {
  PatternBuilder builder(n * n);
  const auto for_entries = [n](const auto& visit) {
    for (std::int32_t k = 0; k < n * n; ++k) {
      visit(k, k, 1e-6);
      for (const std::int32_t other : {k % n + 1 < n ? k + 1 : -1, k + n < n * n ? k + n : -1}) {
        if (other < 0) continue;
        const double g = 1e-3 * (1 + k % 7);
        visit(k, k, g);
        visit(other, other, g);
        visit(k, other, -g);
        visit(other, k, -g);
      }
    }
  };
  for_entries([&](std::int32_t i, std::int32_t j, double) { builder.add(i, j); });
  Case made{fmt::format("square {}", n), builder.build(), {}, {}};
  made.values.resize(made.pattern.nonzeros());
  for_entries([&](std::int32_t i, std::int32_t j, double g) {
    made.values[static_cast<std::size_t>(made.pattern.slot(i, j))] += g;
  });
  return made;
}

void expect(bool ok) {
  if (!ok) throw Error("the circuit was not solved");
}

// Of new values each time.
template <class Factor>
double factor_time(std::vector<double> values, const Factor& factor) {
  return milliseconds([&] {
    for (double& value : values) value *= 1.01;
    expect(factor(values));
  });
}

void print_klu(const Case& c, PivotingSolver& klu) {
  fmt::print(" {:>9.2f}", factor_time(c.values, [&](const std::vector<double>& values) {
               return klu.factor(values).ok;
             }));
  for (const std::int32_t count : {1, kMany}) {
    std::vector<double> x = c.right_hand_sides(count);
    fmt::print(" {:>9.2f}", milliseconds([&] { klu.solve(x, count); }));
  }
}

template <class Queue>
void print_queue(const Case& c, gpu::SparseFactors<Queue>& factors) {
  fmt::print(" {:>9.2f}", factor_time(c.values, [&](const std::vector<double>& values) {
               return factors.factor(values);
             }));
  for (const std::int32_t count : {1, kMany}) {
    const std::vector<double> b = c.right_hand_sides(count);
    std::vector<double> x(b.size());
    fmt::print(" {:>9.2f}", milliseconds([&] { factors.solve(b, x, count); }));
  }
}

#ifdef WORDLINE_HAVE_CUDA
void print_device(const Case& c, const gpu::SparsePlan& plan) {
  gpu::DeviceQueue queue;
  gpu::SparseFactors<gpu::DeviceQueue> factors(queue, plan, c.values);
  print_queue(c, factors);
  for (const std::int32_t count : {1, kMany}) {
    const std::vector<double> b = c.right_hand_sides(count);
    std::vector<double> x(b.size());
    factors.solve(b, x, count);
    fmt::print(" {:>9.2f}", milliseconds([&] {
                 factors.substitute();
                 queue.wait();
               }));
#ifdef WORDLINE_HAVE_CUDA_LIBRARIES
    std::vector<double> values(factors.factors().size());
    queue.download<double>(factors.factors(), values);
    testing::LibraryTriangular library(plan, values, count);
    library.solve(b);
    fmt::print(" {:>9.2f}", milliseconds([&] { library.substitute(); }));
#endif
  }
}
#else
void print_device(const Case& /*c*/, const gpu::SparsePlan& /*plan*/) {}
#endif

void print_heads(bool has_device) {
  fmt::print("{:>12} {:>9} {:>9} {:>11}", "", "unknowns", "factors", "levels");
  for (const char* who : {"KLU", "twin", "GPU"}) {
    if (who == std::string("GPU") && !has_device) continue;
    fmt::print(" {:>9} {:>9} {:>9}", fmt::format("{} factor", who), "solve 1",
               fmt::format("solve {}", kMany));
  }
  for (const std::int32_t count : {1, kMany}) {
    if (!has_device) break;
    fmt::print(" {:>9}", fmt::format("alone {}", count));
#ifdef WORDLINE_HAVE_CUDA_LIBRARIES
    fmt::print(" {:>9}", "cuSPARSE");
#endif
  }
  fmt::print("\n");
}

void print_row(const Case& c, bool has_device) {
  const auto klu = make_pivoting_solver(c.arrays);
  expect(klu->analyze(c.pattern).ok && klu->choose_pivots(c.values).ok);
  const gpu::SparsePlan plan(c.pattern, klu->pivot_order());
  fmt::print("{:>12} {:>9} {:>9} {:>11}", c.name, plan.size, plan.factors,
             fmt::format("{}+{}", plan.elimination.size(), plan.substitution.size()));
  print_klu(c, *klu);
  gpu::HostQueue host;
  gpu::SparseFactors<gpu::HostQueue> twin(host, plan, c.values);
  print_queue(c, twin);
  if (has_device) print_device(c, plan);
  fmt::print("\n");
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  std::vector<std::int32_t> sizes = wordline::bench::sizes_of(argc, argv);
  const std::string reason = wordline::why_no_gpu();
  const bool has_device = reason.empty();
  if (!has_device) {
    fmt::print("No GPU is usable here ({}): the columns of the processor alone.\n\n", reason);
  }
  if (sizes.empty()) sizes = {64, 128};
  if (argc == 1 && has_device) sizes.insert(sizes.end(), {256, 512});
  wordline::bench::print_heads(has_device);
  for (const std::int32_t n : sizes) {
    for (const auto& make : {wordline::bench::array_of, wordline::bench::square_of}) {
      wordline::bench::print_row(make(n), has_device);
    }
  }
}
