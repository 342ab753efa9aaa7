// What tests of the GPU's solvers do with tables.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "../solvers/array_tables.hpp"
#include "wordline/cuda/batch_krylov.hpp"

namespace wordline::gpu {

using testing::LineEnds;
using testing::random_currents;
using testing::random_tables;
using testing::RandomArray;
using testing::RandomArrayOptions;
using TwoLevel = ArrayKrylov::TwoLevel;

using testing::Tables;

template <class Queue>
ArrayKrylov::Outcome solve_one(const RandomArray& array, const KrylovSettings& settings,
                               Queue& queue, const Tables& f, Tables& x, double tolerance,
                               double scale = 0) {
  BatchKrylov<Queue> solver(queue, {array.matrix.rows, array.matrix.cols}, settings);
  EXPECT_TRUE(solver.set({&array.matrix, 1}));
  return solver.solve(f.row, f.col, x.row, x.col, tolerance, {&scale, 1})[0];
}

// The tables of one member.
inline Tables member(const Tables& all, std::size_t b, std::size_t cells) {
  const auto part = [&](const std::vector<double>& table) {
    const auto begin = table.begin() + static_cast<std::ptrdiff_t>(b * cells);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(cells));
  };
  return {part(all.row), part(all.col)};
}

}  // namespace wordline::gpu
