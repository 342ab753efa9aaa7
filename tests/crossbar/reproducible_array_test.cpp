// Results do not depend on the number of threads, to the last bit, and on the processor's
// instruction set only in rounding.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "array_decks.hpp"
#include "command_fixture.hpp"
#include "wordline/base/instruction_sets.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline::crossbar {
namespace {

using testing::array_circuit;
using testing::largest_of;
using testing::random_states;
using testing::random_volts;

Matrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high, unsigned seed) {
  return {rows, cols, random_volts(static_cast<std::size_t>(rows * cols), low, high, seed)};
}

Matrix random_conductances(std::int64_t rows, std::int64_t cols) {
  return {rows, cols, random_states(static_cast<std::size_t>(rows * cols), 1e-6, 1e-4, 1)};
}

const Wires kWord{.segment = 1, .driver = 50};
const Wires kBit{.segment = 1.5, .driver = 30, .driven = DrivenEnds::kBoth};

// What `compute` gives with one thread, which has to be what it gives with more.
template <class Compute>
void expect_same_with_any_threads(const Compute& compute) {
  const std::vector<double> expected = compute(1);
  EXPECT_GT(largest_of(expected), 0);
  for (const int threads : {2, 4}) {
    EXPECT_TRUE(compute(threads) == expected) << threads << " threads";
  }
}

// 300 x 200 cells are six threads' worth, and 600 inputs three blocks of a product.
TEST(ArrayThreads, DoNotChangeOhmicArrays) {
  const Matrix g = random_conductances(300, 200);
  const Matrix inputs = random_matrix(600, 300, -0.5, 0.5, 2);
  const std::vector<double> one(inputs.values.begin(), inputs.values.begin() + 300);
  const auto settings = [](int threads, Method method) {
    return Settings{.bit_bias = 0.1, .method = method, .threads = threads};
  };
  for (const Method method : {Method::kKrylov, Method::kMultifrontal}) {
    expect_same_with_any_threads([&](int threads) {
      Array array(g, kWord, kBit, settings(threads, method));
      std::vector<double> read = array.read(one);
      EXPECT_EQ(array.report().method, method == Method::kKrylov ? "krylov" : "multifrontal");
      return read;
    });
  }
  expect_same_with_any_threads([&](int threads) {
    Array array(g, kWord, kBit, settings(threads, Method::kAuto));
    const Matrix outputs = array.matmul(inputs);
    EXPECT_EQ(array.report().method, "transfer");
    return outputs.values;
  });
  expect_same_with_any_threads([&](int threads) {
    return Array(g, kWord, kBit, settings(threads, Method::kAuto)).transfer().values;
  });
  expect_same_with_any_threads([&](int threads) {
    Array array(g, kWord, kBit, settings(threads, Method::kKrylov));
    const Gradient gradient = array.gradient(std::vector<double>(200, 1), one);
    std::vector<double> all = gradient.cells.values;
    all.insert(all.end(), gradient.inputs.begin(), gradient.inputs.end());
    all.push_back(gradient.word_segment);
    all.push_back(gradient.bit_driver);
    return all;
  });
}

TEST(ArrayThreads, DoNotChangeLinesThatAreOneNode) {
  const Matrix g = random_conductances(220, 130);
  const std::vector<double> volts = random_volts(220, -0.5, 0.5, 2);
  expect_same_with_any_threads([&](int threads) {
    Array array(g, {.segment = 0, .driver = 20}, kBit, {.threads = threads});
    std::vector<double> all = array.read(volts);
    const Matrix& transfer = array.transfer();
    all.insert(all.end(), transfer.values.begin(), transfer.values.end());
    return all;
  });
}

const std::string kOhms = " r_wl=1 r_bl=1.5 rs_wl=50 rs_bl=30";
const std::string kGates =
    "cell=1t1r memristor=silver transistor=nfet w=2u l=0.2u r_sl=1 rs_sl=30" + kOhms;

// A batch of 40 is three chains of inputs, each solved from the one before; a single input is
// solved by all threads.
TEST(ArrayThreads, DoNotChangeNonlinearArrays) {
  struct Case {
    std::string arguments;
    double low, high;
    Settings settings;
  };
  const Settings words{};
  const Settings bits{.inputs = Lines::kBit, .outputs = Lines::kSource, .word_bias = 1.8};
  const Case cases[] = {
      {"rows=24 cols=30 cell=1r memristor=tunnel" + kOhms, -1, 1, words},
      {"rows=24 cols=30 " + kGates, 0, 0.6, bits},
      {"rows=24 cols=30 sl_along=columns " + kGates, 0, 0.6, bits},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.arguments);
    const Circuit circuit = array_circuit(c.arguments);
    const auto array = [&](int threads) {
      Settings settings = c.settings;
      settings.threads = threads;
      return Array(circuit.crossbars[0], circuit, settings);
    };
    const Matrix inputs = random_matrix(40, array(1).inputs(), c.low, c.high, 3);
    expect_same_with_any_threads([&](int threads) { return array(threads).matmul(inputs).values; });
  }
  const Circuit large = array_circuit("rows=200 cols=150 cell=1r memristor=tunnel" + kOhms);
  const std::vector<double> volts = random_volts(200, -1, 1, 3);
  expect_same_with_any_threads([&](int threads) {
    Array array(large.crossbars[0], large, {.threads = threads});
    return array.read(volts);
  });
}

class InstructionSets : public testing::WordlineCommand {
 protected:
  // The matrix that a command writes to i.npy, run with every set that the processor has.
  void expect_same(const std::string& arguments, double relative) {
    Matrix expected;
    for (const auto set :
         {InstructionSet::kPlain, InstructionSet::kAvx2, InstructionSet::kAvx512}) {
      if (set > instruction_set()) break;
      SCOPED_TRACE(fmt::format("{}: {}", name_of(set), arguments));
      const auto run =
          shell(fmt::format("WORDLINE_ISA={} \"$WORDLINE\" {}", name_of(set), arguments));
      ASSERT_EQ(run.exit_code, 0) << run.err;
      const Matrix found = read_matrix(folder_ / "i.npy");
      if (set == InstructionSet::kPlain) expected = found;
      ASSERT_EQ(found.values.size(), expected.values.size());
      const double allowed = relative * largest_of(expected.values);
      EXPECT_GT(allowed, 0);
      for (std::size_t k = 0; k < found.values.size(); ++k) {
        ASSERT_NEAR(found.values[k], expected.values[k], allowed) << k;
      }
    }
  }
  void write_npy(const std::string& name, const Matrix& matrix) const {
    write_matrix((folder_ / name).string(), matrix);
  }
};

// Rounding of some 1e-16 is magnified by the conditions of these arrays, below 1e4. Iterations end
// at residuals of 1e-14.
constexpr double kRounding = 1e-12;

TEST_F(InstructionSets, AgreeOnOhmicArrays) {
  write_npy("g.npy", random_conductances(70, 90));
  write_npy("v.npy", random_matrix(3, 70, -0.5, 0.5, 2));
  const std::string arguments =
      "matmul -q -g g.npy -i v.npy -o i.npy --tolerance 1e-14 --line-resistance 1 "
      "--source-resistance 30 --method ";
  expect_same(arguments + "krylov", kRounding);
  expect_same(arguments + "multifrontal", kRounding);
  expect_same("matmul -q -g g.npy --transfer i.npy --source-resistance 30", kRounding);
  expect_same("matmul -q -g g.npy --transfer i.npy --bit-line-resistance 0 --source-resistance 30",
              kRounding);
}

TEST_F(InstructionSets, AgreeOnNonlinearArrays) {
  write_npy("v.npy", random_matrix(20, 30, 0.1, 0.6, 2));
  const auto write_array = [&](const std::string& arguments, const char* voltages) {
    write("array.cir", fmt::format("title\n{}.crossbar xb {}\n.matmul xb inputs=\"v.npy\" "
                                   "outputs=\"i.npy\" tolerance=1e-14 {}\n.end\n",
                                   testing::kCellModels, arguments, voltages));
  };
  for (const char* sources : {"", "sl_along=columns "}) {
    write_array(fmt::format("rows=24 cols=30 {}{}", sources, kGates), "v_wl=1.8");
    expect_same("run -q array.cir", kRounding);
  }
  write_array("rows=30 cols=24 cell=1r memristor=tunnel" + kOhms, "");
  expect_same("run -q array.cir", kRounding);
}

}  // namespace
}  // namespace wordline::crossbar
