// Array::gradient against differences of read(): by everything that the outputs depend on.
//
// Differences are extrapolated from two steps (Richardson), 2% and 1% of what is varied: their
// error is of the fourth order, some 1e-8. Where something is zero, and cannot be less, three steps
// to one side are.
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "array_decks.hpp"

namespace wordline::crossbar {
namespace {

using testing::array_circuit;
using testing::random_states;
using testing::random_volts;

// All that a gradient is by.
struct Parameters {
  std::vector<double> cells;
  std::vector<double> inputs;
  Wires word, bit, source;
};

using Build = std::function<Array(const Parameters&, const Settings&)>;

class GradientCheck {
 public:
  // Solutions are good to `accuracy` of the outputs, differences to that over their step.
  GradientCheck(Build build, Parameters parameters, const Settings& settings,
                double accuracy = 1e-11)
      : build_(std::move(build)),
        at_(std::move(parameters)),
        settings_(settings),
        accuracy_(accuracy) {
    settings_.tolerance = 1e-15;  // to rounding
    Array array = build_(at_, settings_);
    const std::vector<double> outputs = array.read(at_.inputs);
    weights_ = random_volts(outputs.size(), 0.5, 1.5, 77);
    for (std::size_t k = 0; k < weights_.size(); k += 3) weights_[k] = -weights_[k];
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      scale_ += std::fabs(weights_[k] * outputs[k]);
    }
    gradient_ = array.gradient(weights_, at_.inputs);
  }

  void check_cells() {
    ASSERT_EQ(gradient_.cells.values.size(), at_.cells.size());
    for (std::size_t k = 0; k < at_.cells.size(); ++k) {
      double& cell = at_.cells[k];
      const double found = gradient_.cells.values[k];
      const std::string what = "cell " + std::to_string(k);
      if (cell > 0) {
        check(cell, found, cell, what);
      } else {
        // Little beside the lines' 0.03 S.
        check_from_zero(cell, found, 1e-6, 0, what);
      }
    }
  }
  void check_inputs() {
    ASSERT_EQ(gradient_.inputs.size(), at_.inputs.size());
    for (std::size_t k = 0; k < at_.inputs.size(); ++k) {
      // A volt counts, however close to zero the input is.
      check(at_.inputs[k], gradient_.inputs[k], 1, "input " + std::to_string(k));
    }
  }
  void check_wires() {
    check_line(at_.word, gradient_.word_segment, gradient_.word_driver, "word");
    check_line(at_.bit, gradient_.bit_segment, gradient_.bit_driver, "bit");
    check_line(at_.source, gradient_.source_segment, gradient_.source_driver, "source");
  }
  void check_all() {
    check_cells();
    check_inputs();
    check_wires();
  }
  const Gradient& gradient() const { return gradient_; }

 private:
  double objective() const {
    Array array = build_(at_, settings_);
    const std::vector<double> outputs = array.read(at_.inputs);
    return std::inner_product(outputs.begin(), outputs.end(), weights_.begin(), 0.0);
  }
  double objective_at(double& parameter, double value) const {
    const double before = parameter;
    parameter = value;
    const double result = objective();
    parameter = before;
    return result;
  }
  double central(double& parameter, double step) const {
    return (objective_at(parameter, parameter + step) - objective_at(parameter, parameter - step)) /
           (2 * step);
  }

  static constexpr double kRelative = 1e-6;

  void check(double& parameter, double found, double size, const std::string& what) {
    const double step = 0.02 * std::fabs(size);
    const double difference = (4 * central(parameter, 0.5 * step) - central(parameter, step)) / 3;
    EXPECT_NEAR(found, difference,
                kRelative * std::fabs(difference) + accuracy_ * scale_ / (0.5 * step))
        << what;
  }
  void check_line(Wires& wires, double by_segment, double by_driver, const std::string& line) {
    check_ohms(wires.segment, by_segment, wires.driver, line + " segments");
    check_ohms(wires.driver, by_driver, wires.segment, line + " drivers");
  }
  // `other` is the line's other resistance, beside which a step from zero has to be small, as it
  // has beside the kilohms of the cells.
  void check_ohms(double& ohm, double found, double other, const std::string& what) {
    if (ohm > 0) return check(ohm, found, ohm, what);
    const double step = other > 0 ? 0.01 * other : 1;
    // Currents are read as voltages of some 1 V, whose rounding is 2e-16 V, across the resistance.
    const double rounding = 2e-16 * static_cast<double>(weights_.size()) / (0.25 * step);
    check_from_zero(ohm, found, step, rounding, what);
  }
  void check_from_zero(double& parameter, double found, double step, double rounding,
                       const std::string& what) {
    const double here = objective_at(parameter, 0);
    const auto forward = [&](double by) { return (objective_at(parameter, by) - here) / by; };
    const double coarse = forward(step), middle = forward(step / 2), fine = forward(step / 4);
    const double difference = (8 * fine - 6 * middle + coarse) / 3;
    EXPECT_NEAR(found, difference,
                kRelative * std::fabs(difference) + (accuracy_ * scale_ + rounding) / (0.25 * step))
        << what << ", from zero";
  }

  Build build_;
  mutable Parameters at_;
  Settings settings_;
  double accuracy_;
  std::vector<double> weights_;
  double scale_ = 0;
  Gradient gradient_;
};

// ---- ohmic cells ----

struct Wiring {
  const char* name;
  Wires word, bit;
  double accuracy = 1e-11;  // of the solutions, as a part of the outputs
};

constexpr auto kFirst = DrivenEnds::kFirst;
constexpr auto kLast = DrivenEnds::kLast;
constexpr auto kBoth = DrivenEnds::kBoth;

class OhmicGradient : public ::testing::TestWithParam<std::tuple<Wiring, Method>> {};

Build ohmic(std::int64_t rows, std::int64_t cols) {
  return [rows, cols](const Parameters& p, const Settings& settings) {
    return Array(Matrix{rows, cols, p.cells}, p.word, p.bit, settings);
  };
}

Parameters ohmic_parameters(std::size_t rows, std::size_t cols, const Wiring& wiring) {
  return {random_states(rows * cols, 1e-5, 1e-3, 3),
          random_volts(rows, -1, 1, 4),
          wiring.word,
          wiring.bit,
          {.segment = 1, .driver = 1}};
}

TEST_P(OhmicGradient, IsThatOfTheOutputs) {
  const auto& [wiring, method] = GetParam();
  Parameters p = ohmic_parameters(5, 4, wiring);
  GradientCheck check(ohmic(5, 4), p, {.method = method}, wiring.accuracy);
  check.check_all();
  EXPECT_EQ(check.gradient().source_segment, 0);
}

// Buses that are not driven are at a bias, and the current into the word lines is read.
TEST_P(OhmicGradient, TakesBiasesAndTransposedArrays) {
  const auto& [wiring, method] = GetParam();
  Parameters p = ohmic_parameters(5, 4, wiring);
  GradientCheck(ohmic(5, 4), p, {.bit_bias = 0.4, .method = method}, wiring.accuracy).check_all();
  p.inputs = random_volts(4, -1, 1, 5);
  GradientCheck(
      ohmic(5, 4), p,
      {.inputs = Lines::kBit, .outputs = Lines::kWord, .word_bias = -0.3, .method = method},
      wiring.accuracy)
      .check_all();
}

TEST_P(OhmicGradient, TakesArraysOfOneLine) {
  const auto& [wiring, method] = GetParam();
  GradientCheck(ohmic(1, 6), ohmic_parameters(1, 6, wiring), {.method = method}, wiring.accuracy)
      .check_all();
  GradientCheck(ohmic(6, 1), ohmic_parameters(6, 1, wiring), {.method = method}, wiring.accuracy)
      .check_all();
  GradientCheck(ohmic(1, 1), ohmic_parameters(1, 1, wiring), {.method = method}, wiring.accuracy)
      .check_all();
}

const Wiring kWirings[] = {
    {"OneEnd", {5, 30, kFirst}, {8, 20, kFirst}},
    {"OtherEnd", {5, 30, kFirst}, {8, 20, kLast}},
    {"BothEnds", {5, 30, kBoth}, {8, 20, kBoth}},
    {"HeldEnds", {5, 0, kFirst}, {8, 0, kLast}},
    {"HeldBothEnds", {5, 0, kBoth}, {8, 0, kBoth}},
    {"HeldAndDriven", {5, 0, kBoth}, {8, 20, kFirst}},
    // Cells of 1e-5 S alone hold a line of 0.2 S: rounding, of 2e-16, is magnified by 2e4 at each
    // of some ten nodes.
    {"NearlyFloating", {5, 30, kFirst}, {8, 1e7, kFirst}, 4e-11},
    {"MergedWords", {0, 30, kFirst}, {8, 20, kFirst}},
    {"MergedBits", {5, 30, kFirst}, {0, 20, kLast}},
    {"MergedBothEnds", {0, 30, kBoth}, {0, 20, kBoth}},
    {"Ideal", {0, 0, kFirst}, {0, 0, kLast}},
    {"IdealBothEnds", {0, 0, kBoth}, {0, 0, kBoth}},
};

INSTANTIATE_TEST_SUITE_P(Wirings, OhmicGradient,
                         ::testing::Combine(::testing::ValuesIn(kWirings),
                                            ::testing::Values(Method::kAuto,
                                                              Method::kMultifrontal)),
                         [](const auto& c) {
                           return std::string(std::get<0>(c.param).name) +
                                  (std::get<1>(c.param) == Method::kAuto ? "Auto" : "Multifrontal");
                         });

TEST(OhmicGradient, TakesOpenCells) {
  Parameters p = ohmic_parameters(4, 4, kWirings[0]);
  for (const std::size_t k : {1U, 6U, 7U, 15U}) p.cells[k] = 0;
  GradientCheck(ohmic(4, 4), p, {}).check_all();
}

// ---- cells of a netlist ----

struct CellCase {
  std::string name;
  std::string arguments;  // of .crossbar
  double low, high;       // states
  double input_low, input_high;
  Settings settings;
};

class CellGradient : public ::testing::TestWithParam<CellCase> {};

Wires wires_of(const ArrayLine& line) { return {line.segment, line.driver, line.driven}; }

void set_wires(ArrayLine& line, const Wires& wires) {
  line.segment = wires.segment;
  line.driver = wires.driver;
}

TEST_P(CellGradient, IsThatOfTheOutputs) {
  const CellCase& c = GetParam();
  const Circuit circuit = array_circuit(c.arguments);
  const Crossbar& xb = circuit.crossbars[0];
  const auto cells = static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols);
  const std::size_t inputs = c.settings.inputs == Lines::kWord  ? xb.word.bus.size()
                             : c.settings.inputs == Lines::kBit ? xb.bit.bus.size()
                                                                : xb.source.bus.size();
  const Build build = [&](const Parameters& p, const Settings& settings) {
    Circuit varied = circuit;
    Crossbar& array = varied.crossbars[0];
    array.values = p.cells;
    set_wires(array.word, p.word);
    set_wires(array.bit, p.bit);
    set_wires(array.source, p.source);
    return Array(array, varied, settings);
  };
  GradientCheck check(
      build,
      {random_states(cells, c.low, c.high, 3), random_volts(inputs, c.input_low, c.input_high, 4),
       wires_of(xb.word), wires_of(xb.bit), wires_of(xb.source)},
      c.settings);
  check.check_all();
  // No current flows in gates.
  EXPECT_TRUE(xb.cell == CellKind::k1R ||
              (check.gradient().word_segment == 0 && check.gradient().word_driver == 0));
}

const std::string kOhms = " r_wl=5 r_bl=8 rs_wl=30 rs_bl=20";
const std::string kNmos = "cell=1t1r transistor=nfet w=2u l=0.2u";
const std::string kPmos = "cell=1t1r transistor=pfet w=4u l=0.2u";
const std::string kSmooth = "cell=1t1r transistor=nsmooth w=2u l=0.2u";
const Settings kWordToBit{};
const Settings kBitToSource{
    .inputs = Lines::kBit, .outputs = Lines::kSource, .word_bias = 2, .source_bias = 0.05};
const Settings kSourceToBit{
    .inputs = Lines::kSource, .outputs = Lines::kBit, .word_bias = 2, .bit_bias = 0.05};
const Settings kGateToSource{
    .inputs = Lines::kWord, .outputs = Lines::kSource, .bit_bias = 0.6, .source_bias = 0.05};
const Settings kGateToBit{
    .inputs = Lines::kWord, .outputs = Lines::kBit, .bit_bias = 0.6, .source_bias = 0.05};
const Settings kPmosBitToSource{
    .inputs = Lines::kBit, .outputs = Lines::kSource, .word_bias = -2, .source_bias = -0.05};

INSTANTIATE_TEST_SUITE_P(
    Arrays, CellGradient,
    ::testing::Values(
        CellCase{"Sinh", "rows=5 cols=4 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, -1, 1,
                 kWordToBit},
        CellCase{"SinhFlippedBothEnds",
                 "rows=5 cols=4 cell=1r memristor=tunnel flip=1 ends_wl=both ends_bl=both" + kOhms,
                 1e-5, 1e-3, -1, 1, kWordToBit},
        CellCase{"SinhHeldEnds", "rows=5 cols=4 cell=1r memristor=tunnel r_wl=5 r_bl=8", 1e-5, 1e-3,
                 -1, 1, kWordToBit},
        CellCase{"SinhMerged", "rows=5 cols=4 cell=1r memristor=tunnel r_wl=0 rs_wl=30 r_bl=8",
                 1e-5, 1e-3, -1, 1, kWordToBit},
        CellCase{"SinhTransposed",
                 "rows=3 cols=5 cell=1r memristor=tunnel" + kOhms,
                 1e-5,
                 1e-3,
                 -1,
                 1,
                 {.inputs = Lines::kBit, .outputs = Lines::kWord, .word_bias = 0.3}},
        CellCase{"Yakopcic", "rows=5 cols=4 cell=1r memristor=silver" + kOhms, 0.05, 0.9, -1, 1,
                 kWordToBit},
        CellCase{"YakopcicFlipped", "rows=4 cols=6 cell=1r memristor=silver flip=1" + kOhms, 0.05,
                 0.9, -1, 1, kWordToBit},
        // By the concentration that is given, not by its logarithm. At voltages at which contacts
        // are nearly ohmic over the steps of the differences.
        CellCase{"Jart", "rows=5 cols=4 cell=1r memristor=oxide" + kOhms, 0.02, 15, -1.2, -0.7,
                 kWordToBit},
        CellCase{"BitsToRowSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kNmos + kOhms, 0.05, 0.9, 0.3,
                 0.8, kBitToSource},
        CellCase{"SmoothBitsToRowSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kSmooth + kOhms, 0.05, 0.9,
                 0.3, 0.8, kBitToSource},
        CellCase{"SmoothGatesToBits",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kSmooth + kOhms, 0.05, 0.9, 1,
                 2, kGateToBit},
        CellCase{"BitsToColumnSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 sl_along=columns " + kNmos + kOhms,
                 0.05, 0.9, 0.3, 0.8, kBitToSource},
        CellCase{"BitsToHeldRowSources",
                 "rows=5 cols=4 memristor=tunnel r_sl=4 r_bl=8 ends_sl=both " + kNmos, 1e-5, 1e-3,
                 0.3, 0.8, kBitToSource},
        CellCase{
            "BitsToHeldColumnSources",
            "rows=5 cols=4 memristor=tunnel r_sl=4 r_bl=8 ends_bl=last sl_along=columns " + kNmos,
            1e-5, 1e-3, 0.3, 0.8, kBitToSource},
        CellCase{"RowSourcesToBits",
                 "rows=5 cols=4 memristor=ohmic r_sl=4 rs_sl=25 ends_sl=both " + kNmos + kOhms,
                 1e-5, 1e-3, 0.3, 0.8, kSourceToBit},
        CellCase{"GatesToRowSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kNmos + kOhms, 0.05, 0.9, 1, 2,
                 kGateToSource},
        CellCase{"GatesToBits", "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kNmos + kOhms,
                 0.05, 0.9, 1, 2, kGateToBit},
        CellCase{"GatesToColumnSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 sl_along=columns ends_sl=last " +
                     kNmos + kOhms,
                 0.05, 0.9, 1, 2, kGateToSource},
        CellCase{"GatesToColumnBits",
                 "rows=5 cols=4 memristor=tunnel r_sl=4 rs_sl=25 sl_along=columns " + kNmos + kOhms,
                 1e-5, 1e-3, 1, 2, kGateToBit},
        CellCase{"PmosBitsToRowSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 " + kPmos + kOhms, 0.05, 0.9, -0.8,
                 -0.3, kPmosBitToSource},
        CellCase{"PmosBitsToColumnSources",
                 "rows=5 cols=4 memristor=silver r_sl=4 rs_sl=25 sl_along=columns " + kPmos + kOhms,
                 0.05, 0.9, -0.8, -0.3, kPmosBitToSource}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace wordline::crossbar
