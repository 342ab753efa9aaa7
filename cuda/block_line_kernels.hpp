// The kernels of line_kernels.hpp for one large array: a block of threads works on each row line,
// or on eight column lines side by side. The sums are others in their rounding alone.
#pragma once

#include <cstddef>
#include <cstdint>

#include "wordline/cuda/chunked_scan.hpp"
#include "wordline/cuda/line_kernels.hpp"

namespace wordline::gpu {

// R^-1 f of a row line whose f and factors stand in shared memory.
struct RowScan {
  std::int32_t cols, threads, chunk;  // chunk: cells a thread, odd, as memory has an even number of
                                      // banks
  static RowScan of(std::int32_t cols) {
    const std::int32_t threads = cols <= 256 ? 64 : cols <= 512 ? 128 : 256;
    return {cols, threads, (cols + threads - 1) / threads | 1};
  }
  // Loading is a phase before these, using the result one after them.
  static constexpr std::int32_t kPhases = 3 + 2 * ChunkedScan::kPhases;

  WORDLINE_HD ChunkedScan scan() const { return {1, threads, threads / 16}; }
  WORDLINE_HD std::int32_t shared() const { return 2 * cols + scan().shared(); }
  WORDLINE_HD double* values(double* shared) const { return shared; }
  WORDLINE_HD double* factors(double* shared) const { return shared + cols; }

  WORDLINE_HD void at(std::int32_t phase, std::int32_t thread, double* shared) const {
    constexpr std::int32_t kScan = ChunkedScan::kPhases;
    double* carries = shared + std::ptrdiff_t{2} * cols;
    const Chunk here = Chunk::of(thread, chunk, cols);
    if (phase == 0) {
      end_of_chunk(here, thread, shared, carries);
    } else if (phase <= kScan) {
      scan().at(phase - 1, thread, false, carries);
    } else if (phase == kScan + 1) {
      forward(here, thread, shared, carries);
    } else if (phase <= 2 * kScan + 1) {
      scan().at(phase - kScan - 2, thread, true, carries);
    } else {
      backward(here, thread, shared, carries);
    }
  }

 private:
  WORDLINE_HD void end_of_chunk(const Chunk& here, std::int32_t thread, double* shared,
                                double* carries) const {
    double y = 0;
    double slope = 1;
    for (std::int32_t j = here.begin; j < here.end; ++j) {
      y = factors(shared)[j] * (values(shared)[j] + y);
      slope *= factors(shared)[j];
    }
    ChunkedScan::own(carries)[thread] = y;
    scan().slope(carries)[thread] = slope;
  }
  WORDLINE_HD void forward(const Chunk& here, std::int32_t thread, double* shared,
                           double* carries) const {
    double y = ChunkedScan::own(carries)[thread];
    for (std::int32_t j = here.begin; j < here.end; ++j) {
      y = factors(shared)[j] * (values(shared)[j] + y);
      values(shared)[j] = y;
    }
    double x = 0;
    for (std::int32_t j = here.end - 1; j >= here.begin; --j) {
      x = values(shared)[j] + factors(shared)[j] * x;
    }
    ChunkedScan::own(carries)[thread] = x;
  }
  WORDLINE_HD void backward(const Chunk& here, std::int32_t thread, double* shared,
                            double* carries) const {
    double x = ChunkedScan::own(carries)[thread];
    for (std::int32_t j = here.end - 1; j >= here.begin; --j) {
      x = values(shared)[j] + factors(shared)[j] * x;
      values(shared)[j] = x;
    }
  }
};

struct SolveRowsByBlocks {
  SolveRows rows;
  RowScan scan;

  WORDLINE_HD std::int32_t blocks() const { return rows.a.shape.rows; }
  WORDLINE_HD std::int32_t threads() const { return scan.threads; }
  WORDLINE_HD std::int32_t phases() const { return RowScan::kPhases + 2; }
  WORDLINE_HD std::int32_t shared() const { return scan.shared(); }
  WORDLINE_HD void at(const Place& p) const {
    if (p.phase > 0 && p.phase <= RowScan::kPhases) {
      return scan.at(p.phase - 1, p.thread, p.shared);
    }
    for (std::int32_t j = p.thread; j < scan.cols; j += scan.threads) {
      if (p.phase == 0) {
        scan.values(p.shared)[j] = rows.right_hand_side(p.block, j, 0);
        scan.factors(p.shared)[j] = rows.a.row_factors[rows.a.shape.cell(p.block, j, 0)];
      } else {
        rows.x[rows.a.shape.at(p.block, j, 0)] = scan.values(p.shared)[j];
      }
    }
  }
};

struct ProductByBlocks {
  ProductTables tables;
  RowScan scan;

  WORDLINE_HD std::int32_t blocks() const { return tables.a.shape.rows; }
  WORDLINE_HD std::int32_t threads() const { return scan.threads; }
  WORDLINE_HD std::int32_t shared() const { return scan.shared() + scan.threads * kSumSize; }
  WORDLINE_HD std::int32_t phases() const { return RowScan::kPhases + 3 + tree().levels(); }
  WORDLINE_HD void at(const Place& p) const {
    Sums* sums = reinterpret_cast<Sums*>(p.shared + scan.shared());
    if (!tables.members[0].iterates()) {
      if (p.phase == 0 && p.thread == 0) tables.parts[p.block] = {};
    } else if (p.phase == 0) {
      for (std::int32_t j = p.thread; j < scan.cols; j += scan.threads) {
        scan.values(p.shared)[j] = tables.right_hand_side(p.block, j, 0);
        scan.factors(p.shared)[j] = tables.a.row_factors[tables.a.shape.cell(p.block, j, 0)];
      }
    } else if (p.phase <= RowScan::kPhases) {
      scan.at(p.phase - 1, p.thread, p.shared);
    } else if (p.phase == RowScan::kPhases + 1) {
      Sums sum;
      for (std::int32_t j = p.thread; j < scan.cols; j += scan.threads) {
        sum.first += tables.finish(p.block, j, 0, scan.values(p.shared)[j]);
      }
      sums[p.thread] = sum;
    } else if (p.phase + 1 < phases()) {
      tree().level(p.phase - RowScan::kPhases - 2, p.thread, sums);
    } else if (p.thread == 0) {
      tables.parts[p.block] = sums[0];
    }
  }

 private:
  WORDLINE_HD TreeSum tree() const { return {scan.threads, 1}; }
};

// Eight column lines a block: as many doubles as memory hands out at once.
struct UpdateByBlocks {
  static constexpr std::int32_t kLanes = 8;
  static constexpr std::int32_t kChunks = 64;
  static constexpr std::int32_t kThreads = kLanes * kChunks;
  static constexpr std::int32_t kScan = ChunkedScan::kPhases;

  UpdateTables tables;

  WORDLINE_HD std::int32_t blocks() const { return (tables.a.shape.cols + kLanes - 1) / kLanes; }
  WORDLINE_HD std::int32_t threads() const { return kThreads; }
  WORDLINE_HD std::int32_t shared() const { return scan().shared() + kThreads * kSumSize; }
  WORDLINE_HD std::int32_t phases() const { return 4 + 2 * kScan + tree().levels(); }
  WORDLINE_HD void at(const Place& p) const {
    Sums* sums = reinterpret_cast<Sums*>(p.shared + scan().shared());
    const std::int32_t j = p.block * kLanes + p.thread % kLanes;
    const std::int32_t rows = tables.a.shape.rows;
    const Chunk here = Chunk::of(p.thread / kLanes, (rows + kChunks - 1) / kChunks,
                                 j < tables.a.shape.cols ? rows : 0);
    if (!tables.members[0].iterates()) {
      if (p.phase == 0 && p.thread == 0) tables.parts[p.block] = {};
    } else if (p.phase == 0) {
      sums[p.thread] = {};
      update_residual(here, j, p, sums[p.thread]);
    } else if (p.phase <= kScan) {
      scan().at(p.phase - 1, p.thread, false, p.shared);
    } else if (p.phase == kScan + 1) {
      forward(here, j, p);
    } else if (p.phase <= 2 * kScan + 1) {
      scan().at(p.phase - kScan - 2, p.thread, true, p.shared);
    } else if (p.phase == 2 * kScan + 2) {
      backward(here, j, p, sums[p.thread]);
    } else if (p.phase + 1 < phases()) {
      tree().level(p.phase - 2 * kScan - 3, p.thread, sums);
    } else if (p.thread == 0) {
      tables.parts[p.block] = sums[0];
    }
  }

 private:
  WORDLINE_HD static ChunkedScan scan() { return {kLanes, kChunks, 8}; }
  WORDLINE_HD static TreeSum tree() { return {kThreads, 1}; }
  WORDLINE_HD double factor(std::int32_t i, std::int32_t j) const {
    return tables.a.col_factor(tables.a.shape.cell(i, j, 0));
  }

  WORDLINE_HD void update_residual(const Chunk& here, std::int32_t j, const Place& p,
                                   Sums& sum) const {
    double y = 0;
    double slope = 1;
    for (std::int32_t i = here.begin; i < here.end; ++i) {
      const double r = tables.residual(tables.a.shape.at(i, j, 0), 0);
      sum.first += r * r;
      y = factor(i, j) * (r + y);
      slope *= factor(i, j);
    }
    ChunkedScan::own(p.shared)[p.thread] = y;
    scan().slope(p.shared)[p.thread] = slope;
  }
  WORDLINE_HD void forward(const Chunk& here, std::int32_t j, const Place& p) const {
    double y = ChunkedScan::own(p.shared)[p.thread];
    for (std::int32_t i = here.begin; i < here.end; ++i) {
      const std::int64_t k = tables.a.shape.at(i, j, 0);
      y = factor(i, j) * (tables.r[k] + y);
      tables.z[k] = y;
    }
    double x = 0;
    for (std::int32_t i = here.end - 1; i >= here.begin; --i) {
      x = tables.z[tables.a.shape.at(i, j, 0)] + factor(i, j) * x;
    }
    ChunkedScan::own(p.shared)[p.thread] = x;
  }
  WORDLINE_HD void backward(const Chunk& here, std::int32_t j, const Place& p, Sums& sum) const {
    double x = ChunkedScan::own(p.shared)[p.thread];
    for (std::int32_t i = here.end - 1; i >= here.begin; --i) {
      const std::int64_t k = tables.a.shape.at(i, j, 0);
      x = tables.z[k] + factor(i, j) * x;
      tables.z[k] = x;
      sum.second += tables.r[k] * x;
    }
  }
};

}  // namespace wordline::gpu
