// Circuits whose Newton iterations are solved by the twin of the GPU's sparse LU, against KLU: the
// values of one matrix change as iterations, gmin stepping and source stepping change them.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../solvers/sparse_twin.hpp"
#include "wordline/engine/operating_point.hpp"
#include "wordline/engine/solver_choice.hpp"
#include "wordline/netlist/crossbar.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {
namespace {

struct Deck {
  std::string name, text;
};
std::ostream& operator<<(std::ostream& os, const Deck& deck) { return os << deck.name; }

const std::vector<Deck> kDecks = {
    {"TwoCrossbars",
     ".model cell memristor type=yakopcic\n"
     ".model select nmos level=1 vto=0.5 kp=250u lambda=0.08 tox=3n\n"
     ".crossbar xa rows=10 cols=7 memristor=cell cell=1r rs_wl=20 rs_bl=20 x0=0.4\n"
     ".crossbar xb rows=6 cols=7 memristor=cell cell=1t1r transistor=select w=1u l=0.2u rs_wl=20\n"
     "+ rs_bl=20 rs_sl=20 x0=0.2 wl=gate bl=mid sl=out\n"
     "Vin wl[0:9] 0 DC 0.4\nVgate gate[0:5] 0 DC 1.2\nRmid bl[0:6] mid[0:6] 50\n"
     "Vout out[0:5] 0 DC 0\n"},
    {"Amplifier",
     ".model n npn is=1e-15 bf=100 vaf=50\n.model p pnp is=1e-15 bf=40\n.model d d is=1e-14\n"
     "Vcc vcc 0 12\nVin in 0 0.01\nQ1 c1 in e n\nQ2 c2 fb e n\nIe e 0 1m\n"
     "Q3 c1 c1 vcc p\nQ4 c2 c1 vcc p\nQ5 out c2 vcc p\nRl out 0 5k\nRf out fb 20k\nRg fb 0 1k\n"
     "Dclamp out vcc d\nLload out tail 1m\nRt tail 0 1k\nEcopy copy 0 out 0 2\nRc copy 0 1k\n"},
    {"LatchOfTransistors",
     ".model n nmos level=1 vto=0.6 kp=100u\n.model p pmos level=1 vto=-0.6 kp=40u\n"
     "Vdd vdd 0 1.8\nM1 a b 0 0 n w=2u l=0.2u\nM2 a b vdd vdd p w=4u l=0.2u\n"
     "M3 b a 0 0 n w=2u l=0.2u\nM4 b a vdd vdd p w=4u l=0.2u\nRset a vdd 20k\n"},
};

class SparseCircuits : public ::testing::TestWithParam<Deck> {};
INSTANTIATE_TEST_SUITE_P(Each, SparseCircuits, ::testing::ValuesIn(kDecks),
                         [](const auto& info) { return info.param.name; });

std::vector<double> solve(const Circuit& compiled, std::unique_ptr<LinearSolver> solver) {
  System system(compiled);
  Newton newton(system, std::move(solver));
  std::vector<double> x(system.unknowns());
  Evaluation e;
  e.temperature = compiled.options.temperature;
  e.gmin = compiled.options.gmin;
  Report report;
  EXPECT_TRUE(solve_operating_point(system, newton, x, e, 100, report)) << report.message;
  return x;
}

// Both stop at the same tolerances of Newton's method, whose last step leaves less than its square.
TEST_P(SparseCircuits, HaveTheOperatingPointsOfKlu) {
  const Circuit described =
      parse(GetParam().name + "\n" + GetParam().text + ".options reltol=1e-6\n.op\n.end\n");
  const Circuit compiled = compile_crossbars(described);
  const auto arrays = find_arrays(described, compiled);
  const std::vector<double> expected = solve(compiled, make_klu_solver(arrays));
  const std::vector<double> found = solve(compiled, testing::make_sparse_twin(arrays));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 1; k < found.size(); ++k) {
    EXPECT_NEAR(found[k], expected[k], 1e-6 * std::abs(expected[k]) + 1e-9) << k;
  }
}

}  // namespace
}  // namespace wordline
