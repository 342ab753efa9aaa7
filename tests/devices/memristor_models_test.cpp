// The equations of the memristor models: their derivatives against finite differences and against
// values computed with 60 digits, their inverses, and how they treat parameters.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference.hpp"
#include "wordline/devices/memristor/exponential_diode.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/threshold_switch.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"

namespace wordline {
namespace {

using testing::central_difference;

void expect_slope(double analytic, double difference, double scale, const std::string& what) {
  EXPECT_NEAR(analytic, difference, 1e-7 * (std::abs(analytic) + scale)) << what;
}

// Every analytic derivative against the difference quotient at all pairs of voltages and states.
// `h` is how near the points lie to a kink, at most, in volts and as a part of the range of states.
template <Memristor M>
void expect_derivatives(const M& model, const std::vector<double>& voltages, double h = 1e-5) {
  const Bounds bounds = model.bounds();
  const double range = bounds.high - bounds.low;
  for (const double v : voltages) {
    for (const double part : {0.01, 0.1, 0.29, 0.31, 0.49, 0.51, 0.8, 0.99}) {
      const double x = bounds.low + part * range;
      const std::string what = fmt::format("v = {}, x at {}", v, part);
      const auto check = [&](const auto& partials, const std::string& name) {
        const Partials at = partials(v, x);
        const double by_v =
            central_difference([&](double u) { return partials(u, x).value; }, v, h / 4);
        const double by_x =
            central_difference([&](double y) { return partials(v, y).value; }, x, h / 4 * range);
        expect_slope(at.dv, by_v, std::abs(at.value), fmt::format("{} by v, {}", name, what));
        expect_slope(at.dx, by_x, std::abs(at.value) / range,
                     fmt::format("{} by x, {}", name, what));
      };
      check([&](double u, double y) { return model.current(u, y); }, "current");
      check([&](double u, double y) { return model.rate(u, y); }, "rate");
    }
  }
}

// Voltages over the domain, and on both sides of the given kinks.
std::vector<double> voltages_around(const std::vector<double>& kinks) {
  std::vector<double> voltages = {-3, -1.1, -0.4, -0.07, 0.07, 0.4, 1.1, 3};
  for (const double kink : kinks) {
    voltages.push_back(kink - 1e-3);
    voltages.push_back(kink + 1e-3);
  }
  return voltages;
}

TEST(StaticResistance, DerivativesMatchDifferences) {
  StaticResistance model{.gmin = 1e-6, .gmax = 1e-3};
  expect_derivatives(model, voltages_around({0}));
  model.iv = 1;
  expect_derivatives(model, voltages_around({0}));
}

TEST(Vteam, DerivativesMatchDifferences) {
  for (const double iv : {0, 1}) {
    for (const double window : {0, 1}) {
      for (const double smooth : {0.0, 0.05}) {
        const Vteam model{.aoff = 2.5,
                          .voff = 0.3,
                          .iv = iv,
                          .window = window,
                          .wc = 3e-10,
                          .a_on = 2e-10,
                          .a_off = 2.8e-9,
                          .smooth = smooth};
        expect_derivatives(model, voltages_around({0.3, -0.2}));
      }
    }
  }
}

TEST(Yakopcic, DerivativesMatchDifferences) {
  for (const double eta : {1, -1}) {
    const Yakopcic model{.a2 = 0.1, .b = 0.7, .eta = eta};
    expect_derivatives(model, voltages_around({0, 0.16, -0.15}));
  }
}

// Rows: V, x, I, dI/dV, dI/dx, f, df/dV, df/dx, in the 13 digits of the table.
template <Memristor M>
void expect_rows(const M& model, const std::string& label, std::size_t count) {
  const testing::ReferenceTable table = testing::read_reference("model_derivatives.csv");
  std::size_t found = 0;
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    if (table.labels[k] != label) continue;
    ++found;
    const std::vector<double>& row = table.rows[k];
    const Partials i = model.current(row[0], row[1]);
    const Partials f = model.rate(row[0], row[1]);
    const std::vector<double> values = {i.value, i.dv, i.dx, f.value, f.dv, f.dx};
    for (std::size_t c = 0; c < values.size(); ++c) {
      EXPECT_NEAR(values[c], row[2 + c], 1e-9 * std::abs(row[2 + c])) << label << " column " << c;
    }
  }
  EXPECT_EQ(found, count);
}

TEST(Vteam, MatchesSixtyDigitValues) {
  expect_rows(Vteam{}, "VTEAM memtorch", 3);
  expect_rows(Vteam{.iv = 1, .window = 1, .wc = 107e-12, .a_on = 0.3e-9, .a_off = 2.7e-9},
              "VTEAM exp window wc=107p", 2);
}

TEST(Yakopcic, MatchesSixtyDigitValues) { expect_rows(Yakopcic{}, "Yakopcic oblea", 5); }

// I(V)/V at the state found must be the conductance asked for.
template <Memristor M>
void expect_conductances(const M& model, double v_read) {
  const Bounds bounds = model.bounds();
  for (const double part : {0.02, 0.3, 0.5, 0.97}) {
    const double x = bounds.low + part * (bounds.high - bounds.low);
    const double g = v_read == 0 ? model.current(0, x).dv : model.current(v_read, x).value / v_read;
    EXPECT_NEAR(model.state_for_conductance(g, v_read), x, 1e-12 * (bounds.high - bounds.low))
        << "v_read = " << v_read;
  }
}

TEST(MemristorModels, StateForConductanceInvertsTheCurrent) {
  for (const double v_read : {0.0, 0.1, -0.1, 2.0}) {
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3}, v_read);
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3, .iv = 1}, v_read);
    expect_conductances(Vteam{}, v_read);
    expect_conductances(Vteam{.iv = 1}, v_read);
    expect_conductances(Yakopcic{.a2 = 0.1, .b = 0.7}, v_read);
  }
}

TEST(Vteam, SmoothThresholdLeavesTheRateAtZeroBelowAndTakesTheKinkAway) {
  const Vteam sharp{};  // koff = 5e-4 m/s, aoff = 1, voff = 20 mV
  const Vteam smooth{.smooth = 0.1};
  EXPECT_EQ(smooth.rate(0.02, 1e-9).value, 0);
  EXPECT_GT(sharp.rate(0.02 * (1 + 1e-9), 1e-9).dv, 0.02);
  EXPECT_NEAR(smooth.rate(0.02 * (1 + 1e-9), 1e-9).dv, 0, 1e-8);
  // Far above, u^2 / sqrt(u^2 + d^2) is u (1 - (d/u)^2 / 2): here u = 49.
  EXPECT_NEAR(smooth.rate(1, 1e-9).value / sharp.rate(1, 1e-9).value, 1 - 0.5e-2 / (49.0 * 49.0),
              1e-10);
}

TEST(Yakopcic, NegativeEtaTurnsTheDeviceRound) {
  // eta = -1 with the thresholds and speeds exchanged mirrors the motion, V for -V.
  const Yakopcic up{.ap = 3000, .an = 5000};
  const Yakopcic down{.ap = 5000, .an = 3000, .vp = up.vn, .vn = up.vp, .eta = -1};
  for (const double v : {-0.6, -0.2, 0.1, 0.3, 0.7}) {
    EXPECT_DOUBLE_EQ(up.rate(v, 0.4).value, down.rate(-v, 0.4).value) << v;
  }
}

TEST(MemristorModels, VoltagesFarAboveAnySolutionGiveFiniteValues) {
  for (const double v : {-1e4, 1e4}) {
    for (const Partials p :
         {StaticResistance{.iv = 1}.current(v, 1e-4), Yakopcic{.b = 3}.current(v, 0.5),
          Yakopcic{.vp = 900}.rate(v, 0.5), Vteam{}.rate(v, 1e-9)}) {
      EXPECT_TRUE(std::isfinite(p.value) && std::isfinite(p.dv) && std::isfinite(p.dx)) << v;
    }
  }
}

TEST(MemristorModels, ParametersThatDoNotFitTogetherAreNamed) {
  EXPECT_EQ(Vteam{}.check(), "");
  EXPECT_EQ((Vteam{.ron = 2000}.check()), "roff must exceed ron");
  EXPECT_EQ((Vteam{.xon = 4e-9}.check()), "xoff must exceed xon");
  EXPECT_EQ((Vteam{.x0 = 4e-9}.check()), "x0 must lie between xon and xoff");
  EXPECT_EQ((StaticResistance{.gmin = 2, .gmax = 1}.check()), "gmax must exceed gmin");
  EXPECT_EQ((StaticResistance{.g = 2e3}.check()), "g must lie between gmin and gmax");
}

// ---- selectors ----

// is (e^u - e^-u) at u = V q/(n k 300.15 K) = 0.5 / (1.5 * 0.025864982655), by hand:
// e^12.887465 = 395326.
TEST(ExponentialDiode, IsTwoDiodesBackToBack) {
  const ExponentialDiode model{.is = 2e-12, .n = 1.5};
  const double u = 0.5 / (1.5 * 1.380649e-23 * 300.15 / 1.602176634e-19);
  const double expected = 2e-12 * (std::exp(u) - std::exp(-u));
  EXPECT_NEAR(model.current(0.5, 1).value, expected, 1e-13 * expected);
  EXPECT_NEAR(expected, 2e-12 * 395326, 1e-5 * expected);
  EXPECT_EQ(model.current(-0.5, 0.25).value, -0.25 * model.current(0.5, 1).value);
  EXPECT_NEAR(model.current(0, 1).dv, 2 * 2e-12 * u / 0.5, 1e-15 * u);
  EXPECT_EQ(model.rate(3, 0.5).value, 0);
}

TEST(ExponentialDiode, DerivativesMatchDifferences) {
  expect_derivatives(ExponentialDiode{}, voltages_around({}), 1e-6);
}

TEST(ThresholdSwitch, DerivativesMatchDifferences) {
  const ThresholdSwitch model{.dv = 0.05};
  expect_derivatives(model, voltages_around({1.2, -1.2, 0.4, -0.4}), 1e-6);
}

TEST(ThresholdSwitch, TurnsOnAboveItsThresholdAndOffBelowItsHold) {
  const ThresholdSwitch model;
  for (const double sign : {-1.0, 1.0}) {
    for (const double x : {0.0, 0.3, 1.0}) {
      EXPECT_DOUBLE_EQ(model.rate(sign * 1.23, x).value, (1 - x) / 1e-9);
      EXPECT_DOUBLE_EQ(model.rate(sign * 0.37, x).value, -x / 1e-8);
    }
    for (const double between : {0.43, 0.8, 1.17}) {
      EXPECT_EQ(model.rate(sign * between, 0).value, 0);
      EXPECT_EQ(model.rate(sign * between, 1).value, 0);
    }
    EXPECT_NEAR(model.rate(sign * 1.2, 0).value, 0.5 / 1e-9, 1e-12 / 1e-9);
    EXPECT_NEAR(model.rate(sign * 0.4, 1).value, -0.5 / 1e-8, 1e-12 / 1e-8);
  }
}

TEST(ThresholdSwitch, ConductsByItsState) {
  const ThresholdSwitch model;
  EXPECT_DOUBLE_EQ(model.current(0.5, 1).value, 0.5e-4);
  EXPECT_DOUBLE_EQ(model.current(0.5, 0).value, 1e-9 * 0.25 * std::sinh(2));
  EXPECT_EQ((ThresholdSwitch{.goff = 1e-3}.check()), "gon must exceed goff");
  EXPECT_EQ((ThresholdSwitch{.ihold = 1e-4}.check()), "ihold must be below gon vhold");
  EXPECT_EQ((ThresholdSwitch{.vhold = 1.3}.check()), "vth must exceed vhold by 2 dv");
}

}  // namespace
}  // namespace wordline
