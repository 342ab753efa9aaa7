// Circuits of arrays with each of the linear solvers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline {
namespace {

const std::string kModels =
    ".model cell memristor type=yakopcic\n"
    ".model select nmos level=1 vto=0.5 kp=250u lambda=0.08 tox=3n cgso=0.1n cgdo=0.1n\n";

struct Deck {
  std::string name;
  std::string array;    // after its size and memristor
  std::string sources;  // of source lines
  std::string solver;   // that auto leads to
};

const std::vector<Deck> kDecks = {
    {"Passive", "cell=1r rs_wl=20 rs_bl=20", "", "krylov"},
    {"PassiveWithoutDriverResistance", "cell=1r ends_wl=both", "", "krylov"},
    {"PassiveWithCapacitance", "cell=1r rs_wl=20 rs_bl=20 c_wl=1f c_bl=1f", "", "krylov"},
    {"Transistors", "cell=1t1r transistor=select w=1u l=0.2u rs_wl=20 rs_bl=20 rs_sl=20",
     "Vsl sl[0:25] 0 DC 0\n", "krylov"},
    {"TransistorsOnGround", "cell=1t1r transistor=select w=1u l=0.2u rs_bl=20 c_wl=1f",
     "Vsl sl[0:25] 0 DC 0\n", "krylov"},
    {"SourceLinesAlongColumns", "cell=1t1r transistor=select w=1u l=0.2u rs_wl=20 sl_along=columns",
     "Vsl sl[0:13] 0 DC 0\n", "ladder"},
    {"MergedLines", "cell=1r r_bl=0 rs_bl=3", "", "klu"},
};

Result run(const Deck& deck, const std::string& solver, const std::string& analysis) {
  const std::string text = fmt::format(
      "array\n{}.crossbar xb rows=26 cols=14 memristor=cell\n+ {}\n"
      "+ x0={{if((row + col) % 2 == 1, 0.5, 0.05)}}\n"
      "Vwl wl[0:25] 0 DC 0\n+ line(3)=PULSE(0 1.5 1n 1n 1n 20n)\n+ line(20)=PULSE(0 1.2 1n 1n 1n "
      "9n)\n"
      "Vbl bl[0:13] 0 DC 0.1\n{}.options solver={} reltol=1e-6\n{}\n"
      ".save v(xb.wl[3,13]) v(xb.bl[25,2]) i(vbl[7]) i(vwl[3])\n.end\n",
      kModels, deck.array, deck.sources, solver, analysis);
  Simulator simulator(parse(text));
  return simulator.run(simulator.circuit().analyses.at(0));
}

std::ostream& operator<<(std::ostream& os, const Deck& deck) { return os << deck.name; }

class ArrayDecks : public ::testing::TestWithParam<Deck> {};

TEST_P(ArrayDecks, HaveOneSolutionWhateverTheSolver) {
  for (const char* analysis : {".op", ".tran 1n 12n"}) {
    const Result klu = run(GetParam(), "klu", analysis);
    const Result automatic = run(GetParam(), "auto", analysis);
    ASSERT_TRUE(klu.report.ok());
    ASSERT_TRUE(automatic.report.ok());
    EXPECT_TRUE(automatic.report.solver.starts_with(GetParam().solver)) << automatic.report.solver;
    const Waveforms& waves = klu.waveforms;
    const std::size_t last = waves.points() - 1;
    for (const Signal& signal : waves.header().signals) {
      const double expected = klu[signal.name][last];
      const double found = automatic[signal.name][automatic.waveforms.points() - 1];
      EXPECT_NEAR(found, expected, 1e-4 * std::abs(expected) + 1e-9) << signal.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, ArrayDecks, ::testing::ValuesIn(kDecks),
                         [](const auto& info) { return info.param.name; });

// As the processor does it where there is a GPU, else an error that says why there is none.
TEST(SolverChoice, TakesAGpuOrSaysWhyNot) {
  const Deck& deck = kDecks[0];
  if (const std::string reason = why_no_gpu(); !reason.empty()) {
    try {
      run(deck, "cuda", ".op");
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), "no GPU can be used: " + reason);
    }
    return;
  }
  for (const Deck* each : {&kDecks[0], &kDecks[3]}) {
    const Result klu = run(*each, "klu", ".op");
    const Result found = run(*each, "cuda", ".op");
    EXPECT_EQ(found.report.solver, "krylov on the GPU");
    for (const Signal& signal : klu.waveforms.header().signals) {
      const double expected = klu.waveforms[signal.name][0];
      EXPECT_NEAR(found.waveforms[signal.name][0], expected, 1e-4 * std::abs(expected) + 1e-9)
          << signal.name;
    }
  }
}

TEST(SolverChoice, RefusesWhatTheBuildOrTheCircuitHasNot) {
  const auto message = [](SolverKind kind) -> std::string {
    Circuit circuit;
    circuit.resistors.add("r1", {circuit.nodes.intern("a"), 0, 1});
    circuit.options.solver = kind;
    try {
      Simulator(circuit).run_op();
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message(SolverKind::kKlu), "");
  EXPECT_EQ(message(SolverKind::kKrylov),
            "this solver is for circuits of one crossbar and its drivers; take solver=klu");
  const std::string reason = why_no_gpu();
  EXPECT_EQ(message(SolverKind::kCuda), reason.empty() ? "" : "no GPU can be used: " + reason);
}

}  // namespace
}  // namespace wordline
