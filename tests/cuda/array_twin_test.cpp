// The Krylov method of the GPU, run by its twin on the processor: against a dense solve for every
// wiring and kind of cells, against KLU, against ArrayKrylov, which shares none of its code; many
// systems at once against one by one; lines in chunks against lines whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "array_tables.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/krylov_method.hpp"

namespace wordline::gpu {
namespace {

// How the twin goes through lines, and with how many levels.
struct Way {
  const char* name;
  std::int32_t most_shared;  // none: a thread a line
  TwoLevel levels;
};
class ArrayTwin : public ::testing::TestWithParam<Way> {
 protected:
  // A residual of 1e-13 is magnified by conditions of up to 1e5 (drivers and cells beside
  // segments); the dense solution has the same from its rounding.
  static constexpr double kTolerance = 1e-13;
  static constexpr double kAllowed = 1e-8;

  static void expect_solved(const RandomArrayOptions& options) {
    SCOPED_TRACE(text_of(options));
    const RandomArray array(options);
    HostQueue queue(GetParam().most_shared);
    const Tables f = random_tables(array.matrix.cells(), 1);
    const Tables before = start(array, 2);
    Tables x = before;
    const ArrayKrylov::Outcome outcome = solve_one(array, {.two_level = GetParam().levels}, queue,
                                                   f, x, kTolerance, scale_of(array, before));
    ASSERT_TRUE(outcome.ok) << outcome.failure << ", residual " << outcome.residual;
    const Tables expected = dense_solution(array.matrix, f, before);
    EXPECT_LE(distance(x, expected), kAllowed * norm(expected));
    for (std::size_t k = 0; k < x.row.size(); ++k) {
      EXPECT_TRUE(!array.is_held(true, k) || x.row[k] == before.row[k]) << k;
      EXPECT_TRUE(!array.is_held(false, k) || x.col[k] == before.col[k]) << k;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Each, ArrayTwin,
                         ::testing::Values(Way{"Chunks", 12288, TwoLevel::kOff},
                                           Way{"ChunksTwoLevels", 12288, TwoLevel::kOn},
                                           Way{"Lines", 0, TwoLevel::kOff},
                                           Way{"LinesTwoLevels", 0, TwoLevel::kOn}),
                         [](const auto& info) { return info.param.name; });

TEST_P(ArrayTwin, SolvesArraysOfEveryShape) {
  for (const auto& size : testing::kArrayShapes) {
    for (const bool symmetric : {true, false}) {
      expect_solved({.rows = size[0], .cols = size[1], .symmetric = symmetric});
    }
  }
}

TEST_P(ArrayTwin, SolvesEveryWiring) {
  unsigned seed = 0;
  testing::for_each_wiring({.rows = 11, .cols = 6}, [&](RandomArrayOptions options) {
    for (const bool symmetric : {true, false}) {
      options.symmetric = symmetric;
      options.seed = ++seed;
      expect_solved(options);
    }
  });
}

TEST_P(ArrayTwin, SolvesOpenCellsAndCellsOfAMillionToOne) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    expect_solved({.rows = 18, .cols = 23, .open = 0.4, .seed = seed});
    expect_solved({.rows = 18, .cols = 23, .low = 1e-9, .high = 1e-3, .seed = seed});
    expect_solved({.rows = 18, .cols = 23, .low = 1e-6, .high = 1, .open = 0.1, .seed = seed});
    expect_solved({.rows = 18, .cols = 23, .symmetric = false, .to_ground = 1e-5, .seed = seed});
  }
}

// Drivers of 20 ohm: negative conductances make the matrix indefinite. Whatever is called solved
// has to be the solution.
TEST_P(ArrayTwin, NeverCallsAWrongSolutionOfAnIndefiniteMatrixSolved) {
  int solved = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    RandomArray array({.rows = 12, .cols = 10, .seed = seed});
    for (const std::size_t cell : {5U, 37U, 80U}) array.set(cell, -0.003 * seed);
    HostQueue queue(GetParam().most_shared);
    BatchKrylov<HostQueue> solver(queue, {12, 10}, {.two_level = GetParam().levels});
    solver.set({&array.matrix, 1});
    const Tables f = random_tables(120, 1);
    Tables x = start(array, 2);
    const auto outcome = solver.solve(f.row, f.col, x.row, x.col, 1e-11)[0];
    EXPECT_NE(outcome.ok, !outcome.failure.empty());
    if (!outcome.ok) continue;
    ++solved;
    EXPECT_LE(norm(residual_of(array.matrix, f, x)), 1e-10 * norm(f));
  }
  EXPECT_GE(solved, 5);
}

TEST_P(ArrayTwin, RefusesASingularLineAndMergedLines) {
  HostQueue queue(GetParam().most_shared);
  RandomArray floating({.rows = 6, .cols = 5, .row_first = LineEnds::kFree});
  for (std::size_t k = 0; k < 5; ++k) floating.set(k, 0);
  RandomArray merged({.rows = 6, .cols = 5});
  merged.matrix.col.segment = kHeld;
  for (const RandomArray* array : {&floating, &merged}) {
    BatchKrylov<HostQueue> solver(queue, {6, 5}, {.two_level = GetParam().levels});
    EXPECT_FALSE(solver.set({&array->matrix, 1}));
    const Tables f = random_tables(30, 1);
    Tables x = f;
    EXPECT_FALSE(solver.solve(f.row, f.col, x.row, x.col, 1e-10)[0].ok);
  }
}

// The same algorithm with other sums: the same iterations, but for rounding at the very end.
TEST(ArrayTwinIterations, AreThoseOfArrayKrylov) {
  for (const auto& [rows, cols] : {std::pair{64, 64}, {33, 120}, {300, 70}}) {
    for (const bool symmetric : {true, false}) {
      const RandomArray array({.rows = rows, .cols = cols, .symmetric = symmetric, .high = 1e-2});
      ArrayKrylov reference(rows, cols, {.two_level = TwoLevel::kOff});
      ASSERT_TRUE(reference.set(array.matrix).ok);
      const Tables f = random_tables(array.matrix.cells(), 3);
      Tables expected = start(array, 2);
      Tables x = expected;
      const auto theirs = reference.solve({f.row, f.col}, expected.row, expected.col, 1e-11);
      HostQueue queue;
      const auto ours = solve_one(array, {.two_level = TwoLevel::kOff}, queue, f, x, 1e-11);
      ASSERT_TRUE(theirs.ok && ours.ok);
      EXPECT_NEAR(ours.iterations, theirs.iterations, symmetric ? 1 : 4);
      EXPECT_LE(distance(x, expected), 1e-7 * norm(expected));
    }
  }
}

// KLU on the same equations, both planes.
TEST(ArrayTwinSolution, IsThatOfKlu) {
  const RandomArray array({.rows = 96, .cols = 128, .segment = 10, .high = 1e-2});
  const ArrayMatrix& a = array.matrix;
  const auto cells = static_cast<std::int32_t>(a.cells());
  std::vector<std::array<double, 3>> entries;
  const auto conductance = [&](std::int32_t p, std::int32_t q, double g) {
    entries.push_back({double(p), double(p), g});
    if (q < 0) return;
    entries.push_back({double(q), double(q), g});
    entries.push_back({double(p), double(q), -g});
    entries.push_back({double(q), double(p), -g});
  };
  for (std::int32_t i = 0; i < a.rows; ++i) {
    for (std::int32_t j = 0; j < a.cols; ++j) {
      const std::int32_t k = i * a.cols + j;
      conductance(k, cells + k, a.row_row[static_cast<std::size_t>(k)]);
      if (j > 0) conductance(k, k - 1, a.row.segment);
      if (i > 0) conductance(cells + k, cells + k - a.cols, a.col.segment);
      if (j == 0) conductance(k, -1, a.row.first[static_cast<std::size_t>(i)]);
      if (i == a.rows - 1) conductance(cells + k, -1, a.col.last[static_cast<std::size_t>(j)]);
    }
  }
  PatternBuilder builder(2 * cells);
  for (const auto& e : entries) {
    builder.add(static_cast<std::int32_t>(e[0]), static_cast<std::int32_t>(e[1]));
  }
  const SparsePattern pattern = builder.build();
  std::vector<double> values(pattern.nonzeros());
  for (const auto& e : entries) {
    values[static_cast<std::size_t>(
        pattern.slot(static_cast<std::int32_t>(e[0]), static_cast<std::int32_t>(e[1])))] += e[2];
  }
  const auto klu = make_klu_solver();
  ASSERT_TRUE(klu->analyze(pattern).ok && klu->factor(values).ok);
  const Tables f = random_tables(a.cells(), 3);
  std::vector<double> both = f.row;
  both.insert(both.end(), f.col.begin(), f.col.end());
  klu->solve(both);
  const auto middle = both.begin() + cells;
  const Tables expected{{both.begin(), middle}, {middle, both.end()}};

  for (const TwoLevel levels : {TwoLevel::kOff, TwoLevel::kOn}) {
    for (const bool single : {false, true}) {
      HostQueue queue;
      Tables x = start(array, 2);
      const auto outcome =
          solve_one(array, {.two_level = levels, .single_precision = single}, queue, f, x, 1e-12);
      ASSERT_TRUE(outcome.ok) << outcome.failure;
      // Residuals are magnified by conditions of some 1e4.
      EXPECT_LE(distance(x, expected), 1e-7 * norm(expected));
    }
  }
}

// 20 ohm segments, cells of 1 to 100 kohm: smooth errors that lines alone hardly reduce.
TEST(ArrayTwinLevels, TheSecondOneSavesMostIterationsOfHardArrays) {
  const RandomArray array({.rows = 200, .cols = 240, .segment = 20});
  const Tables f = random_tables(array.matrix.cells(), 3);
  const auto iterations = [&](TwoLevel levels, bool single) {
    HostQueue queue;
    Tables x = start(array, 2);
    const auto outcome =
        solve_one(array, {.two_level = levels, .single_precision = single}, queue, f, x, 1e-10);
    EXPECT_TRUE(outcome.ok);
    EXPECT_LE(norm(residual_of(array.matrix, f, x)), 1.01e-10 * norm(f));
    return outcome.iterations;
  };
  const int without = iterations(TwoLevel::kOff, false);
  const int with = iterations(TwoLevel::kOn, false);
  EXPECT_LT(with, 0.7 * without);
  EXPECT_NEAR(iterations(TwoLevel::kOn, true), with, 2);
  EXPECT_EQ(iterations(TwoLevel::kAuto, false), with);
}

TEST(ArrayTwinMembers, AreSolvedAsOneByOne) {
  constexpr std::int32_t kMembers = 5;
  const RandomArray array({.rows = 40, .cols = 30, .segment = 5});
  const std::size_t cells = array.matrix.cells();
  for (const TwoLevel levels : {TwoLevel::kOff, TwoLevel::kOn}) {
    Tables f = random_tables(kMembers * cells, 3);
    std::fill_n(f.row.begin(), cells, 0.0);  // nothing to do for the first
    std::fill_n(f.col.begin(), cells, 0.0);
    for (std::size_t k = cells; k < 2 * cells; ++k) f.row[k] *= 1e-6;
    Tables x{std::vector<double>(kMembers * cells), std::vector<double>(kMembers * cells)};
    HostQueue queue;
    BatchKrylov<HostQueue> solver(queue, {40, 30, kMembers, false}, {.two_level = levels});
    ASSERT_TRUE(solver.set({&array.matrix, 1}));
    const auto outcomes = solver.solve(f.row, f.col, x.row, x.col, 1e-12);
    for (std::size_t b = 0; b < kMembers; ++b) {
      const Tables one_f = member(f, b, cells);
      Tables one{std::vector<double>(cells), std::vector<double>(cells)};
      HostQueue alone(0);
      const auto outcome = solve_one(array, {.two_level = levels}, alone, one_f, one, 1e-12);
      EXPECT_TRUE(outcomes[b].ok);
      EXPECT_EQ(outcomes[b].iterations, outcome.iterations) << b;
      // The same kernels; only sums are added up in other parts.
      EXPECT_LE(distance(member(x, b, cells), one), 1e-10 * norm(one)) << b;
    }
    EXPECT_EQ(outcomes[0].iterations, 0);
  }
}

TEST(ArrayTwinMembers, MayBeArraysOfTheirOwnSomeOfThemIndefinite) {
  constexpr std::size_t kMembers = 3;
  std::vector<std::unique_ptr<RandomArray>> arrays;
  std::vector<ArrayMatrix> matrices;
  for (unsigned b = 0; b < kMembers; ++b) {
    arrays.push_back(std::make_unique<RandomArray>(
        RandomArrayOptions{.rows = 12, .cols = 10, .segment = 1.0 + b, .seed = b + 1}));
    if (b == 1) arrays[b]->set(37, -0.02);
    matrices.push_back(arrays[b]->matrix);
  }
  const std::size_t cells = matrices[0].cells();
  const Tables f = random_tables(kMembers * cells, 3);
  Tables x{std::vector<double>(kMembers * cells), std::vector<double>(kMembers * cells)};
  HostQueue queue;
  BatchKrylov<HostQueue> solver(queue, {12, 10, kMembers, true});
  ASSERT_TRUE(solver.set(matrices));
  const auto outcomes = solver.solve(f.row, f.col, x.row, x.col, 1e-13);
  for (std::size_t b = 0; b < kMembers; ++b) {
    EXPECT_TRUE(outcomes[b].ok) << outcomes[b].failure;
    const Tables none{std::vector<double>(cells), std::vector<double>(cells)};
    const Tables expected = dense_solution(matrices[b], member(f, b, cells), none);
    EXPECT_LE(distance(member(x, b, cells), expected), 1e-8 * norm(expected)) << b;
  }
}

// What threads of a GPU do at once, the twin does one by one. In the opposite order it gives the
// same digits, unless they stepped on each other.
TEST_P(ArrayTwin, DoesNotDependOnTheOrderOfThreads) {
  for (const bool symmetric : {true, false}) {
    for (const std::int32_t members : {1, 3}) {
      const RandomArray array({.rows = 90, .cols = 70, .symmetric = symmetric, .segment = 10});
      const auto size = static_cast<std::size_t>(members) * array.matrix.cells();
      const Tables f = random_tables(size, 3);
      Tables found[2];
      for (const Order order : {Order::kForwards, Order::kBackwards}) {
        HostQueue queue(GetParam().most_shared, std::size_t{1} << 30, order);
        BatchKrylov<HostQueue> solver(queue, {90, 70, members, false},
                                      {.two_level = GetParam().levels});
        ASSERT_TRUE(solver.set({&array.matrix, 1}));
        Tables& x = found[order == Order::kForwards ? 0 : 1];
        x = {std::vector<double>(size), std::vector<double>(size)};
        EXPECT_TRUE(solver.solve(f.row, f.col, x.row, x.col, 1e-10)[0].ok);
      }
      EXPECT_EQ(found[0].row, found[1].row);
      EXPECT_EQ(found[0].col, found[1].col);
    }
  }
}

// What was recorded, kept or found out of one matrix is not used for another.
TEST(ArrayTwinMatrices, FollowEachOther) {
  HostQueue queue;
  BatchKrylov<HostQueue> solver(queue, {12, 10}, {.two_level = TwoLevel::kOn});
  for (const bool symmetric : {true, false, true}) {
    for (const double high : {1e-3, 1.1e-3, 1e-1}) {
      const RandomArray array(
          {.rows = 12, .cols = 10, .symmetric = symmetric, .high = high, .seed = 7});
      ASSERT_TRUE(solver.set({&array.matrix, 1}));
      const Tables f = random_tables(120, 3);
      Tables x = start(array, 2);
      const auto outcome = solver.solve(f.row, f.col, x.row, x.col, 1e-13)[0];
      EXPECT_TRUE(outcome.ok && outcome.two_level);
      EXPECT_EQ(outcome.symmetric, symmetric);
      const Tables expected = dense_solution(array.matrix, f, start(array, 2));
      EXPECT_LE(distance(x, expected), 1e-8 * norm(expected));
    }
  }
}

// Be it at the first table or the last, in set() or in solve().
TEST(KrylovMethodOnTwin, GoesOnWithTheProcessorWhereMemoryIsUsedUp) {
  bool has_both = false;
  for (const bool symmetric : {true, false}) {
    const RandomArray array({.rows = 60, .cols = 50, .symmetric = symmetric});
    const Tables f = random_tables(array.matrix.cells(), 3);
    std::string before;
    for (std::size_t bytes = 100'000; bytes < 1'200'000; bytes += 50'000) {
      int warnings = 0;
      KrylovMethod<HostQueue> method({60, 50, {}}, std::make_unique<HostQueue>(12288, bytes),
                                     [&](std::string_view) { ++warnings; });
      ASSERT_TRUE(method.set(array.matrix));
      Tables x{std::vector<double>(3000), std::vector<double>(3000)};
      ASSERT_TRUE(method.solve(f.row, f.col, x.row, x.col, 1e-10));
      EXPECT_LE(norm(residual_of(array.matrix, f, x)), 1.01e-10 * norm(f));
      const std::string name(method.name());
      EXPECT_EQ(name, warnings > 0 ? "krylov, as the GPU has no memory left" : "krylov on the GPU");
      EXPECT_LE(warnings, 1);
      has_both = has_both || (!before.empty() && name != before);
      before = name;
    }
    EXPECT_EQ(before, "krylov on the GPU");
  }
  EXPECT_TRUE(has_both);
}

}  // namespace
}  // namespace wordline::gpu
