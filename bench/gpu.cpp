// One input vector of an N x N array by the Krylov method: on one core, on all cores, by the twin
// of the GPU's kernels on one core, and on a GPU where one is usable. Wall-clock time in ms,
// medians; the time on the GPU is that of a solve, with voltages and currents going there and back,
// which is also given on its own.
//
//   gpu [N ...]
//
// Then arrays of cells with transistors, of the largest N but no more than 256 lines.
//
// The roofline is the time in which the GPU copies as many bytes as the iterations have to read and
// write, by a copy measured in the same run: 14 numbers a cell and iteration, 4 more with the
// second level. The twin is there to be compared with, not to be fast, and is left out above N =
// 1024.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "array_case.hpp"
#include "gpu_cells.hpp"
#include "milliseconds.hpp"
#include "wordline/cuda/batch_krylov.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/gpu.hpp"
#ifdef WORDLINE_HAVE_CUDA
#include "wordline/cuda/device_queue.hpp"
#endif

namespace wordline::bench {
namespace {

constexpr double kTolerance = 1e-10;

struct Solved {
  double solve = 0;  // ms
  ArrayKrylov::Outcome outcome;
};

void expect_solved(const ArrayKrylov::Outcome& outcome) {
  if (!outcome.ok) throw Error("the array was not solved");
}

Solved on_processor(const ArrayCase& a, int threads) {
  ArrayKrylov solver(a.n, a.n, {.threads = threads});
  if (!solver.set(a.matrix).ok) throw Error("the array is singular");
  std::vector<double> x_row(a.cells()), x_col(a.cells());
  Solved solved;
  solved.solve = milliseconds([&] {
    std::fill(x_row.begin(), x_row.end(), 0.0);
    std::fill(x_col.begin(), x_col.end(), 0.0);
    solved.outcome = solver.solve({a.f_row, a.f_col}, x_row, x_col, kTolerance);
    expect_solved(solved.outcome);
  });
  return solved;
}

template <class Queue>
Solved on_queue(Queue& queue, const ArrayCase& a) {
  gpu::BatchKrylov<Queue> solver(queue, {a.n, a.n, 1, false});
  if (!solver.set({&a.matrix, 1})) throw Error("the array is singular");
  std::vector<double> x_row(a.cells()), x_col(a.cells());
  Solved solved;
  solved.solve = milliseconds([&] {
    std::fill(x_row.begin(), x_row.end(), 0.0);
    std::fill(x_col.begin(), x_col.end(), 0.0);
    solved.outcome = solver.solve(a.f_row, a.f_col, x_row, x_col, kTolerance)[0];
    expect_solved(solved.outcome);
  });
  return solved;
}

#ifdef WORDLINE_HAVE_CUDA
// Four tables there, two back.
double transfers(gpu::DeviceQueue& queue, const ArrayCase& a) {
  auto table = queue.table<double>(static_cast<std::int64_t>(a.cells()));
  std::vector<double> host(a.cells());
  return milliseconds([&] {
    for (int k = 0; k < 4; ++k) queue.upload<double>(host, table);
    for (int k = 0; k < 2; ++k) queue.download<double>(table, host);
  });
}

double copied_bytes_per_ms(gpu::DeviceQueue& queue) {
  constexpr std::int64_t kSize = std::int64_t{1} << 26;
  constexpr int kCopies = 20;
  auto from = queue.table<double>(kSize);
  auto to = queue.table<double>(kSize);
  const double time = milliseconds([&] {
    for (int k = 0; k < kCopies; ++k) {
      queue.run(gpu::Interleave{kSize, 1, false, from.data(), to.data()});
    }
    queue.wait();
  });
  return 2.0 * kCopies * kSize * sizeof(double) / time;
}

void print_device(gpu::DeviceQueue& queue, const ArrayCase& a, double cores, double bandwidth) {
  const Solved solved = on_queue(queue, a);
  const double moved = transfers(queue, a);
  const double numbers = solved.outcome.two_level ? 18 : 14;
  const double roofline = numbers * sizeof(double) * static_cast<double>(a.cells()) *
                          solved.outcome.iterations / bandwidth;
  fmt::print(" {:>10.2f} {:>10.2f} {:>8.1f} {:>9.2f}", solved.solve, moved, cores / solved.solve,
             roofline / std::max(roofline, solved.solve - moved));
}
#endif

class Table {
 public:
  Table() {
    if (const std::string reason = why_no_gpu(); !reason.empty()) {
      fmt::print("No GPU is usable here ({}): the columns of the processor alone.\n\n", reason);
    }
#ifdef WORDLINE_HAVE_CUDA
    if (why_no_gpu().empty()) {
      queue_.emplace();
      bandwidth_ = copied_bytes_per_ms(*queue_);
      fmt::print("The GPU copies {:.0f} GB/s, reading and writing.\n\n", bandwidth_ / 1e6);
    }
#endif
    fmt::print("{:>6} {:>6} {:>10} {:>10} {:>10} {:>6}", "N", "its", "one core", "all cores",
               "twin", "its");
    if (has_device()) {
      fmt::print(" {:>10} {:>10} {:>8} {:>9}", "GPU", "transfers", "ratio", "roofline");
    }
    fmt::print("\n");
  }

  bool has_device() const { return bandwidth_ > 0; }

  void print_row(std::int32_t n) {
    const ArrayCase a(n);
    const Solved one = on_processor(a, 1);
    const Solved all = on_processor(a, 0);
    fmt::print("{:>6} {:>6} {:>10.2f} {:>10.2f}", n, one.outcome.iterations, one.solve, all.solve);
    constexpr std::int32_t kLargestOfTwin = 1024;
    if (n <= kLargestOfTwin) {
      gpu::HostQueue host;
      const Solved twin = on_queue(host, a);
      fmt::print(" {:>10.2f} {:>6}", twin.solve, twin.outcome.iterations);
    } else {
      fmt::print(" {:>10} {:>6}", "-", "-");
    }
#ifdef WORDLINE_HAVE_CUDA
    if (queue_) print_device(*queue_, a, all.solve, bandwidth_);
#endif
    fmt::print("\n");
  }

 private:
#ifdef WORDLINE_HAVE_CUDA
  std::optional<gpu::DeviceQueue> queue_;
#endif
  double bandwidth_ = 0;  // bytes/ms; 0: no GPU
};

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  std::vector<std::int32_t> sizes = wordline::bench::sizes_of(argc, argv);
  wordline::bench::Table table;
  if (sizes.empty()) sizes = {128, 256, 512};
  if (argc == 1 && table.has_device()) sizes.insert(sizes.end(), {1024, 2048, 4096});
  for (const std::int32_t n : sizes) table.print_row(n);
  constexpr std::int32_t kCellsLines = 256;
  wordline::bench::print_cells(
      std::min(kCellsLines, *std::max_element(sizes.begin(), sizes.end())));
}
