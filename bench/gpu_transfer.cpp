// The transconductance matrix of an N x N array, products of batches of inputs with it, and those
// of tiles of 64 x 64, from conductances to numbers: on one core, on all cores, by the twin of the
// GPU's kernels on one core, and on a GPU where one is usable, everything going there and back.
// Wall-clock time in ms, medians.
//
//   gpu_transfer [N ...]
//
// The twin is there to be compared with, not to be fast, and is left out above N = 256.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "array_case.hpp"
#include "milliseconds.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/tiles.hpp"
#include "wordline/cuda/dense_products.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/port_reduction.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/dense.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::bench {
namespace {

constexpr std::int32_t kLargestOfTwin = 256;

struct Row {
  double one_core = 0, cores = 0;  // ms
  std::optional<double> twin, gpu;
};

void print(std::int32_t n, const char* what, const Row& row) {
  const auto or_none = [](const std::optional<double>& ms) {
    return ms ? fmt::format("{:.2f}", *ms) : std::string("-");
  };
  const std::optional<double> ratio = row.gpu ? std::optional(row.cores / *row.gpu) : std::nullopt;
  fmt::print("{:>6} {:<16} {:>10.2f} {:>10.2f} {:>10} {:>10} {:>8}\n", n, what, row.one_core,
             row.cores, or_none(row.twin), or_none(row.gpu), or_none(ratio));
}

Row matrix_of(const ArrayCase& a, std::vector<double>& t) {
  const auto on_processor = [&](int threads) {
    ArrayMultifrontal solver(a.n, a.n, threads);
    return milliseconds([&] {
      if (!solver.transfer(a.matrix, t).ok) throw Error("the array is singular");
    });
  };
  Row row{on_processor(1), on_processor(0), {}, {}};
  std::vector<double> found(t.size());
  const auto check = [&](const std::vector<bool>& sound) {
    if (!sound[0]) throw Error("the array is singular");
  };
  if (a.n <= kLargestOfTwin) {
    gpu::HostQueue queue;
    gpu::PortReduction<gpu::HostQueue> twin(queue, a.n, a.n);
    row.twin = milliseconds([&] { check(twin.reduce({&a.matrix, 1}, true, found)); });
  }
  if (why_no_gpu().empty()) {
    const auto method = make_gpu_transfer_method(a.n, a.n, 0);
    row.gpu = milliseconds([&] { check(method->transfer({&a.matrix, 1}, found)); });
  }
  return row;
}

Row products_of(const ArrayCase& a, const std::vector<double>& t, std::int32_t batch) {
  const auto numbers = static_cast<std::size_t>(batch) * a.lines();
  const std::vector<double> inputs(numbers, 0.5);
  std::vector<double> outputs(numbers);
  const auto on_processor = [&](int threads) {
    return milliseconds([&] {
      multiply(batch, a.n, a.n, inputs.data(), a.n, t.data(), a.n, outputs.data(), a.n, threads);
    });
  };
  Row row{on_processor(1), on_processor(0), {}, {}};
  const ProductShape shape{0, a.n, a.n};
  if (a.n <= kLargestOfTwin) {
    gpu::HostQueue queue;
    gpu::DenseProducts<gpu::HostQueue> twin(queue, {&shape, 1}, t);
    row.twin = milliseconds([&] { twin.multiply(inputs, batch, outputs); });
  }
  if (why_no_gpu().empty()) {
    const auto method = make_gpu_product_method({&shape, 1}, t);
    if (method == nullptr) throw Error("the GPU has no memory left");
    row.gpu = milliseconds([&] { method->multiply(inputs, batch, outputs); });
  }
  return row;
}

// 1024 inputs, the matrices of the tiles included.
Row tiles_of(const ArrayCase& a) {
  const auto with = [&](bool on_gpu, int threads) {
    crossbar::TileSettings settings;
    settings.shape = {64, 64};
    settings.word = settings.bit = {.segment = 1, .driver = 20};
    settings.on_gpu = on_gpu;
    settings.threads = threads;
    constexpr std::int64_t kInputs = 1024;
    const Matrix volts{kInputs, a.n, std::vector<double>(a.lines() * kInputs, 0.5)};
    return milliseconds([&] { crossbar::Tiles({a.n, a.n, a.g}, settings).matmul(volts); });
  };
  Row row{with(false, 1), with(false, 0), {}, {}};
  if (why_no_gpu().empty()) row.gpu = with(true, 0);
  return row;
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  using namespace wordline;
  std::vector<std::int32_t> sizes = bench::sizes_of(argc, argv);
  if (sizes.empty()) sizes = {256, 512, 1024};
  if (const std::string reason = why_no_gpu(); !reason.empty()) {
    fmt::print("No GPU is usable here ({}): the columns of the processor alone.\n\n", reason);
  }
  fmt::print("{:>6} {:<16} {:>10} {:>10} {:>10} {:>10} {:>8}\n", "N", "", "one core", "all cores",
             "twin", "GPU", "ratio");
  for (const std::int32_t n : sizes) {
    const bench::ArrayCase a(n);
    std::vector<double> t;
    bench::print(n, "matrix", bench::matrix_of(a, t));
    for (const std::int32_t batch : {256, 4096}) {
      bench::print(n, fmt::format("{} products", batch).c_str(), bench::products_of(a, t, batch));
    }
    bench::print(n, "tiles", bench::tiles_of(a));
  }
}
