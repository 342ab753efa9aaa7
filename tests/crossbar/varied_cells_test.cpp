// Arrays whose cells draw their own parameters.
#include <gtest/gtest.h>

#include <set>

#include "array_decks.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::crossbar {
namespace {

Circuit circuit_of(const std::string& cells, int seed = 1) {
  return read_lines(
      ".model wide memristor type=vteam ron=gauss(1k, 100, min=700) roff=lognormal(100k, 0.3)\n"
      ".options gshunt=1e-15 seed=" +
      std::to_string(seed) + "\n.crossbar xb rows=6 cols=5 cell=1r memristor=wide r_wl=1 r_bl=1 " +
      cells + "\n.save @xb.m[0,0:4][g] @xb.m[1,0:4][g] @xb.m[2,0:4][g] @xb.m[5,0:4][g]\n");
}

std::vector<double> read(const Circuit& circuit, Method method) {
  Array array(circuit.crossbars[0], circuit, {.method = method});
  return array.read(std::vector<double>{0.1, -0.2, 0.3, 0.1, 0.2, -0.1});
}

// By the solvers of arrays and by KLU on the plain circuit, which sets its devices up on its own.
TEST(VariedCells, AreTheSameForAllMethods) {
  for (const char* cells : {"x0=1.5n", "g=20u", ""}) {
    const Circuit circuit = circuit_of(cells);
    const std::vector<double> expected = read(circuit, Method::kKlu);
    const std::vector<double> found = read(circuit, Method::kKrylov);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_NEAR(found[k], expected[k], 1e-8 * testing::largest_of(expected)) << cells;
    }
  }
}

TEST(VariedCells, FollowTheSeed) {
  const std::vector<double> one = read(circuit_of("x0=1.5n"), Method::kKrylov);
  EXPECT_EQ(read(circuit_of("x0=1.5n"), Method::kKrylov), one);
  EXPECT_NE(read(circuit_of("x0=1.5n", 2), Method::kKrylov), one);
}

// Conductances that a cell cannot have become the nearest that it can: of 1/ron below its own.
TEST(VariedCells, AreAsNearToTheirConductanceAsTheyCanBe) {
  Simulator simulator(circuit_of("g=1m v_read=0"));
  const Result result = simulator.run_op();
  std::set<double> conductances;
  for (std::size_t k = 0; k < result.waveforms.header().signals.size(); ++k) {
    conductances.insert(result.waveforms.column(k)[0]);
  }
  EXPECT_LE(*conductances.rbegin(), 1e-3 * (1 + 1e-12));
  EXPECT_GT(conductances.size(), 5U);  // those with ron above 1 kohm have less
}

}  // namespace
}  // namespace wordline::crossbar
