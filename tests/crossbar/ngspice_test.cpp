// Arrays against Debian's ngspice on the deck that they are exported as.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "array_decks.hpp"
#include "shell.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline::crossbar {
namespace {

using testing::largest_of;

struct Case {
  std::string name;
  std::string arguments;  // of a .crossbar with 4 rows and 3 columns
  std::string sources;    // of the buses
  Settings settings;
  std::vector<double> inputs;
  std::string output;  // the sources of the output lines
  int outputs;
};

class ArrayAndNgspice : public ::testing::TestWithParam<Case> {};

Waveforms run_ngspice(const Circuit& circuit) {
  const testing::TemporaryFolder folder;
  std::ostringstream deck;
  export_ngspice(circuit, deck);
  testing::write_text(folder / "deck.cir", deck.str());
  const auto run = testing::shell(folder, "ngspice -b -r out.raw deck.cir");
  if (!std::filesystem::exists(folder / "out.raw")) throw Error(run.out + run.err);
  return read_rawfile(folder / "out.raw").at(0);
}

// ngspice is run at reltol=1e-9, which its currents reach.
TEST_P(ArrayAndNgspice, AgreeOnTheOutputs) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const Case& c = GetParam();
  const Circuit circuit = read_lines(
      testing::kCellModels + ".crossbar xb rows=4 cols=3 " + c.arguments + "\n" + c.sources +
      ".options reltol=1e-9 abstol=1e-16 vntol=1e-12\n.op\n.save i(" + c.output + "[0:3])\n");
  Array array(circuit.crossbars[0], circuit, c.settings);
  const std::vector<double> ours = array.read(c.inputs);
  ASSERT_EQ(std::ssize(ours), c.outputs);
  const Waveforms theirs = run_ngspice(circuit);
  for (std::size_t k = 0; k < ours.size(); ++k) {
    const double current = theirs[fmt::format("i({}_{})", c.output, k)][0];
    EXPECT_NEAR(ours[k], current, 1e-7 * largest_of(ours)) << "output " << k;
  }
}

const std::string kOhms = " r_wl=20 r_bl=30 rs_wl=50 rs_bl=80";
const std::string kNmos =
    "cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u r_sl=25 rs_sl=60 "
    "x0={30u*(1+row+2*col)}";

INSTANTIATE_TEST_SUITE_P(
    Arrays, ArrayAndNgspice,
    ::testing::Values(
        Case{"Ohmic",
             "cell=1r memristor=ohmic ends_wl=both x0={30u*(1+row+2*col)}" + kOhms,
             "Vwl wl[0:3] 0 values(0.1 -0.2 0.3 0.4)\nVbl bl[0:2] 0 0\n",
             {},
             {0.1, -0.2, 0.3, 0.4},
             "vbl",
             3},
        Case{"Sinh",
             "cell=1r memristor=tunnel ends_bl=last x0={30u*(1+row+2*col)}" + kOhms,
             "Vwl wl[0:3] 0 values(0.9 -0.7 0.8 0.4)\nVbl bl[0:2] 0 0.1\n",
             {.bit_bias = 0.1},
             {0.9, -0.7, 0.8, 0.4},
             "vbl",
             3},
        Case{"Yakopcic",
             "cell=1r memristor=silver flip=1 x0={0.05*(1+row+2*col)}" + kOhms,
             "Vwl wl[0:3] 0 values(0.9 -0.7 0.8 0.4)\nVbl bl[0:2] 0 0\n",
             {},
             {0.9, -0.7, 0.8, 0.4},
             "vbl",
             3},
        Case{"Nmos",
             kNmos + kOhms,
             "Vwl wl[0:3] 0 1.8\nVbl bl[0:2] 0 values(0.7 0.5 0.6)\nVsl sl[0:3] 0 0.05\n",
             {.inputs = Lines::kBit,
              .outputs = Lines::kSource,
              .word_bias = 1.8,
              .source_bias = 0.05},
             {0.7, 0.5, 0.6},
             "vsl",
             4},
        Case{"NmosGates",
             kNmos + kOhms,
             "Vwl wl[0:3] 0 values(1.8 1.2 1.5 0)\nVbl bl[0:2] 0 0.6\nVsl sl[0:3] 0 0\n",
             {.inputs = Lines::kWord, .outputs = Lines::kBit, .bit_bias = 0.6},
             {1.8, 1.2, 1.5, 0},
             "vbl",
             3},
        Case{"NmosColumns",
             kNmos + " sl_along=columns" + kOhms,
             "Vwl wl[0:3] 0 1.8\nVbl bl[0:2] 0 values(0.7 0.5 0.6)\nVsl sl[0:2] 0 0\n",
             {.inputs = Lines::kBit, .outputs = Lines::kSource, .word_bias = 1.8},
             {0.7, 0.5, 0.6},
             "vsl",
             3}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace wordline::crossbar
