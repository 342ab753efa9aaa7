// The bipolar transistor and the junction field effect transistor against ngspice, live.
#include "ngspice_devices.hpp"

#include <fmt/format.h>

#include <array>
#include <numbers>
#include <vector>

#include "wordline/devices/bipolar.hpp"
#include "wordline/devices/jfet.hpp"

namespace wordline {
namespace {

using testing::expect_close;
using testing::kFrequency;
using testing::kGmin;
using testing::kTolerance;
using testing::Results;
using testing::text;
using NgspiceTransistors = testing::NgspiceTest;
using Complex = std::complex<double>;

constexpr double kRoom = 300.15;

struct Bias {
  double vbe, vbc;
};

// Off, forward active up to high injection, saturated, reversed.
const std::vector<Bias> kBiases = {{-1, -3},    {0.3, -2},  {0.55, -5},  {0.65, -1},    {0.75, -3},
                                   {0.85, -10}, {0.9, 0.3}, {0.7, 0.65}, {0.6, 0.7},    {-2, 0.6},
                                   {-0.5, 0.8}, {0.2, 0.1}, {0.01, 0},   {-0.05, -0.02}};

// A copy of the transistor per bias and excited terminal, the emitter at ground.
std::string bipolar_deck(const std::string& model, int polarity, const std::string& size,
                         double substrate) {
  std::string deck = model;
  for (std::size_t k = 0; k < kBiases.size(); ++k) {
    for (const std::string excited : {"c", "b", "s"}) {
      const std::string n = std::to_string(k) + excited;
      const auto source = [&](const std::string& terminal, double volts) {
        deck += fmt::format("v{0}{1} {0}{1} 0 {2}{3}\n", terminal, n, text(polarity * volts),
                            terminal == excited ? " ac 1" : "");
      };
      source("b", kBiases[k].vbe);
      source("c", kBiases[k].vbe - kBiases[k].vbc);
      source("s", substrate);
      deck += fmt::format("q{0} c{0} b{0} 0 s{0} card {1}\n", n, size);
    }
  }
  return deck;
}

void compare_bipolar(const BipolarCard& card, int polarity, const BipolarSize& size,
                     double kelvin = kRoom, double nominal = kRoom, double tolerance = kTolerance) {
  const std::string line = testing::model_line(card, polarity > 0 ? "npn" : "pnp");
  SCOPED_TRACE(line);
  const std::string area = fmt::format("area={} areab={} areac={} m={}", size.emitter, size.base,
                                       size.collector, size.m);
  const Bipolar model(card, size, polarity, kelvin, nominal);
  // Below the collector of a vertical npn; a lateral device has its substrate junction the other
  // way round, and at the base.
  const double gmin = kGmin * size.m;  // of each of the devices in parallel
  const double side = model.is_lateral() ? -1 : 1;
  const double at_substrate = -1.5 * side;
  const Results results =
      testing::run_ngspice(bipolar_deck(line, polarity, area, at_substrate), kelvin, nominal);
  const Complex s(0, 2 * std::numbers::pi * kFrequency);
  for (std::size_t k = 0; k < kBiases.size(); ++k) {
    const auto [vbe, vbc] = kBiases[k];
    const Bipolar::Operating at = model.evaluate(vbe, vbc, gmin);
    const double vsub = side * (at_substrate - (model.is_lateral() ? vbe : vbe - vbc));
    JunctionPoint substrate = model.substrate(vsub, gmin);
    // ngspice has gmin there without a current, too.
    if (!model.has_substrate_current()) substrate.i = gmin * vsub;
    const std::string bias = fmt::format(" at vbe = {}, vbc = {}, polarity {}", vbe, vbc, polarity);
    const auto current = [&](const std::string& terminal) {
      const std::string name = "op:v" + terminal + std::to_string(k) + "b#branch";
      EXPECT_TRUE(results.count(name)) << name;
      return results.count(name) ? -polarity * results.at(name).real() : NAN;
    };
    const auto admittance = [&](const std::string& terminal, const std::string& excited) {
      const std::string name = fmt::format("ac:v{}{}{}#branch", terminal, k, excited);
      EXPECT_TRUE(results.count(name)) << name;
      return results.count(name) ? -results.at(name) : Complex(NAN);
    };
    const auto expect = [&](Complex ours, const Complex& theirs, double scale,
                            const std::string& what) {
      expect_close(ours.real(), theirs.real(), 1e-9 * scale + 1e-18, "re " + what, tolerance);
      expect_close(ours.imag(), theirs.imag(), 1e-9 * scale + 1e-18, "im " + what, tolerance);
    };
    const double ib = at.base_emitter.i + at.base_collector.i;
    const double lateral = model.is_lateral() ? 1 : 0;
    const double sub_i = side * substrate.i;
    expect_close(ib - lateral * sub_i, current("b"), 1e-18, "ib" + bias, tolerance);
    expect_close(at.transport.value - at.base_collector.i - (1 - lateral) * sub_i, current("c"),
                 1e-18, "ic" + bias, tolerance);
    expect_close(sub_i, current("s"), 1e-18, "is" + bias, tolerance);
    // With the emitter at ground the base moves both junctions.
    const Complex be = at.base_emitter.g + s * at.base_emitter.c;
    const Complex be_bc = s * at.charge_by_bc;
    const Complex bc =
        at.base_collector.g + s * at.base_collector.c + s * model.outer_base_collector(vbc).slope;
    const Complex sub = s * substrate.c;  // ngspice leaves the conductance out
    const double scale = std::abs(be) + std::abs(bc) + std::abs(sub) +
                         std::abs(at.transport.by_be) + std::abs(at.transport.by_bc);
    expect(be + be_bc + bc + lateral * sub, admittance("b", "b"), scale, "ybb" + bias);
    expect(-be_bc - bc, admittance("b", "c"), scale, "ybc" + bias);
    expect(at.transport.by_be + at.transport.by_bc - bc, admittance("c", "b"), scale, "ycb" + bias);
    expect(-at.transport.by_bc + bc + (1 - lateral) * sub, admittance("c", "c"), scale,
           "ycc" + bias);
    expect(sub, admittance("s", "s"), scale, "yss" + bias);
  }
}

BipolarCard full_card() {
  BipolarCard card;
  card.is = 2e-15;
  card.bf = 120;
  card.nf = 1.02;
  card.vaf = 40;
  card.ikf = 5e-3;
  card.ise = 3e-14;
  card.ne = 1.6;
  card.br = 3;
  card.nr = 1.05;
  card.var = 12;
  card.ikr = 8e-3;
  card.isc = 2e-13;
  card.nc = 1.8;
  card.cje = 2e-12;
  card.vje = 0.7;
  card.mje = 0.35;
  card.cjc = 1e-12;
  card.vjc = 0.6;
  card.mjc = 0.4;
  card.xcjc = 0.6;
  card.cjs = 3e-12;
  card.vjs = 0.55;
  card.mjs = 0.3;
  card.iss = 1e-16;
  card.ns = 1.1;
  card.tf = 3e-10;
  card.xtf = 2;
  card.vtf = 4;
  card.itf = 2e-2;
  card.tr = 2e-8;
  card.fc = 0.45;
  return card;
}

TEST_F(NgspiceTransistors, BipolarWithItsDefaults) {
  compare_bipolar({}, 1, {});
  compare_bipolar({}, -1, {});
}

// One effect at a time, then all together.
TEST_F(NgspiceTransistors, BipolarCurrentsAndCharges) {
  const auto compare = [](auto change) {
    BipolarCard card;
    card.is = 1e-15;
    change(card);
    compare_bipolar(card, 1, {});
  };
  compare([](BipolarCard& c) { c.vaf = 30, c.var = 5; });
  compare([](BipolarCard& c) { c.ikf = 1e-3, c.ikr = 1e-3; });
  compare([](BipolarCard& c) { c.ikf = 1e-3, c.nkf = 0.8; });
  compare([](BipolarCard& c) { c.ise = 1e-13, c.isc = 1e-12; });
  compare([](BipolarCard& c) { c.cje = 1e-12, c.cjc = 2e-12, c.cjs = 3e-12; });
  compare([](BipolarCard& c) { c.tf = 1e-9, c.tr = 1e-8; });
  compare([](BipolarCard& c) { c.tf = 1e-9, c.xtf = 3, c.itf = 1e-3; });
  compare([](BipolarCard& c) { c.tf = 1e-9, c.xtf = 3, c.vtf = 2; });
  compare([](BipolarCard& c) { c.iss = 1e-15, c.subs = -1; });
  for (const int polarity : {1, -1}) compare_bipolar(full_card(), polarity, {});
}

// An emitter of another area would also enlarge the collector's saturation current in ngspice.
TEST_F(NgspiceTransistors, BipolarAreas) {
  const BipolarSize size{.emitter = 1, .base = 3, .collector = 5, .m = 1.5};
  for (const int polarity : {1, -1}) compare_bipolar(full_card(), polarity, size);
}

TEST_F(NgspiceTransistors, BipolarAtOtherTemperatures) {
  BipolarCard card = full_card();
  card.xtb = 1.5;
  card.xti = 2.5;
  card.eg = 1.16;
  for (const double kelvin : {243.15, 350.0, 410.0}) {
    compare_bipolar(card, 1, {}, kelvin, kRoom, 2e-5);
    compare_bipolar(card, -1, {}, kelvin, 320.15, 2e-5);
  }
}

}  // namespace
}  // namespace wordline
