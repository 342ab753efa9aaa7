// The diode and the MOS transistor against ngspice, live.
#include "ngspice_devices.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/diode.hpp"
#include "wordline/devices/mos1.hpp"
#include "wordline/devices/mos3.hpp"

namespace wordline {
namespace {

using testing::expect_close;
using testing::kFrequency;
using testing::kGmin;
using testing::kTolerance;
using testing::model_line;
using testing::Results;
using testing::run_ngspice;
using testing::text;

// Where permittivities and doping make the threshold, near which their difference weighs more.
constexpr double kProcessTolerance = 1e-4;

void compare_diode(const DiodeCard& card, const DiodeSize& size, double kelvin, double nominal,
                   const std::vector<double>& voltages, double tolerance = kTolerance,
                   bool current_alone = false) {
  std::string elements = model_line(card, "d");
  for (std::size_t k = 0; k < voltages.size(); ++k) {
    elements += fmt::format("v{0} n{0} 0 {1} ac 1\nd{0} n{0} 0 card area={2} pj={3} m={4}\n", k,
                            voltages[k], size.area, size.perimeter, size.m);
  }
  const Results results = run_ngspice(elements, kelvin, nominal);
  const Diode diode(card, size, kelvin, nominal);
  for (std::size_t k = 0; k < voltages.size(); ++k) {
    const std::string name = "v" + std::to_string(k) + "#branch";
    const std::string what = "v = " + text(voltages[k]);
    const Diode::Operating at = diode.evaluate(voltages[k], kGmin);
    ASSERT_TRUE(results.count("ac:" + name)) << name;
    expect_close(at.i, -results.at("op:" + name).real(), 1e-22, "current, " + what, tolerance);
    if (current_alone) continue;
    expect_close(at.g, -results.at("ac:" + name).real(), 1e-22, "conductance, " + what, tolerance);
    expect_close(at.c, -results.at("ac:" + name).imag() / (2 * std::numbers::pi * kFrequency),
                 1e-22, "capacitance, " + what, tolerance);
  }
}

const std::vector<double> kDiodeVoltages = {-20,  -8,  -6.2, -5.5, -5.1, -5.02, -4.98, -4.9,
                                            -4.5, -3,  -1,   -0.2, -0.1, -0.06, -0.01, 0.01,
                                            0.2,  0.3, 0.38, 0.45, 0.6,  0.75,  0.9};

using Ngspice = testing::NgspiceTest;

TEST_F(Ngspice, DiodeWithItsDefaults) {
  compare_diode({}, 1, 300.15, 300.15, {-3, -0.1, 0.5, 0.8});
}

TEST_F(Ngspice, DiodeForwardReverseAndItsCharges) {
  const DiodeCard card{
      .is = 2e-14, .n = 1.3, .cjo = 4e-12, .vj = 0.8, .m = 0.4, .fc = 0.45, .tt = 3e-9};
  compare_diode(card, 1, 300.15, 300.15, kDiodeVoltages);
  compare_diode(card, 2.5, 300.15, 300.15, kDiodeVoltages);
}

TEST_F(Ngspice, DiodeInBreakdown) {
  const std::vector<double> reverse = {-5.3, -5.1, -5.01, -4.99, -4.9, -4.5, -3, -1};
  compare_diode({.is = 2e-14, .n = 1.3, .bv = 5, .ibv = 1e-3}, 1, 300.15, 300.15, reverse);
  compare_diode({.is = 2e-14, .bv = 5, .ibv = 1e-3, .nbv = 2}, 3, 300.15, 300.15, reverse);
  // A current at bv below the reverse current.
  compare_diode({.is = 1e-6, .bv = 5, .ibv = 1e-7}, 1, 300.15, 300.15, reverse);
}

TEST_F(Ngspice, DiodeAtOtherTemperatures) {
  const DiodeCard card{.is = 2e-14,
                       .n = 1.3,
                       .cjo = 4e-12,
                       .vj = 0.8,
                       .m = 0.4,
                       .tt = 3e-9,
                       .bv = 5,
                       .ibv = 1e-3,
                       .eg = 0.69,
                       .xti = 2};
  for (const double kelvin : {233.15, 358.15, 420.0}) {
    for (const double nominal : {300.15, 323.15}) {
      compare_diode(card, 1, kelvin, nominal, {-5.1, -3, -0.1, 0.2, 0.39, 0.5, 0.6});
    }
  }
}

// Above -3 n kT/q, below which ngspice drops the currents of recombination and counts ikr.
TEST_F(Ngspice, DiodeWithSidewallHighInjectionAndRecombination) {
  const std::vector<double> voltages = {-0.08, -0.01, 0.01, 0.2, 0.35, 0.5, 0.65, 0.8};
  // Several in parallel have the square of their number in ngspice's small-signal analysis.
  const DiodeSize size{2, 3};
  DiodeCard card{.is = 2e-14, .n = 1.3, .cjo = 4e-12, .vj = 0.8, .m = 0.4, .fc = 0.45, .tt = 3e-9};
  card.ikf = 1e-3;
  compare_diode(card, size, 300.15, 300.15, voltages);
  card.jsw = 5e-14;
  card.cjp = 2e-12;
  card.php = 0.7;
  card.mjsw = 0.3;
  card.fcs = 0.4;
  compare_diode(card, size, 300.15, 300.15, voltages);
  card.ns = 1.6;
  compare_diode(card, size, 300.15, 300.15, voltages);
  card.tm1 = 1e-3;
  card.tm2 = -2e-6;
  card.ttt1 = 2e-3;
  card.ttt2 = 1e-5;
  for (const double kelvin : {258.15, 380.0}) {
    // The temperatures' difference in ngspice's scale is 3e-6 of it.
    compare_diode(card, size, kelvin, 310.15, voltages, 2e-5);
  }
  // ngspice's conductance is not the derivative of this current.
  card = {.is = 2e-14, .n = 1.3, .vj = 0.8, .m = 0.4, .isr = 1e-12, .nr = 2.2};
  for (const double kelvin : {258.15, 300.15, 380.0}) {
    compare_diode(card, size, kelvin, 300.15, voltages, 2e-5, true);
  }
}

TEST_F(Ngspice, DiodeWhoseBreakdownFallsWithTemperature) {
  const DiodeCard card{.is = 2e-14, .bv = 5, .ibv = 1e-3, .tcv = 2e-3};
  // The temperatures' difference in ngspice's scale shifts bv by 3e-7 V.
  compare_diode(card, 2, 350, 300.15, {-5.3, -5, -4.9, -4.8, -1}, 2e-5);
}

struct Bias {
  double vg, vd, vb;
};

std::vector<Bias> transistor_biases() {
  std::vector<Bias> biases;
  for (const double vg : {-2.0, -0.3, 0.4, 0.7, 1.1, 3.0}) {
    for (const double vd : {-1.1, -0.2, 0.0, 0.01, 0.3, 2.2}) {
      for (const double vb : {-3.0, -1.6, 0.15}) biases.push_back({vg, vd, vb});
    }
  }
  return biases;
}

constexpr const char* kExcited[] = {"g", "d", "b"};

// A copy of the transistor per bias and excited terminal, its terminals on voltage sources.
std::string transistor_deck(const std::string& model, const MosGeometry& g, int polarity,
                            const std::vector<Bias>& biases) {
  std::ostringstream deck;
  deck.precision(17);
  deck << model;
  for (std::size_t k = 0; k < biases.size(); ++k) {
    for (const std::string excited : kExcited) {
      const std::string n = std::to_string(k) + excited;
      const auto source = [&](const std::string& terminal, double volts) {
        deck << "v" << terminal << n << " " << terminal << n << " 0 " << polarity * volts
             << (terminal == excited ? " ac 1\n" : "\n");
      };
      source("g", biases[k].vg);
      source("d", biases[k].vd);
      source("b", biases[k].vb);
      deck << "m" << n << " d" << n << " g" << n << " 0 b" << n << " card w=" << g.w << " l=" << g.l
           << " ad=" << g.ad << " as=" << g.as << " pd=" << g.pd << " ps=" << g.ps << " m=" << g.m
           << "\n";
    }
  }
  return deck.str();
}

// The admittances at which the terminals see one of them excited, from our model.
std::map<std::string, std::complex<double>> admittances(const Mos1& model, const Bias& at,
                                                        const std::string& excited) {
  const Mos1::Channel c = model.channel(at.vg, at.vd, at.vb);
  const Mos1::Junction bd = model.drain_junction().at(at.vb - at.vd, kGmin);
  const Mos1::Junction bs = model.source_junction().at(at.vb, kGmin);
  const Mos1::MeyerHalf half = model.meyer(at.vg, at.vg - at.vd, c);
  const double cgs = 2 * half.cgs + model.overlap().cgs;
  const double cgd = 2 * half.cgd + model.overlap().cgd;
  const double cgb = 2 * half.cgb + model.overlap().cgb;
  const std::complex<double> s(0, 2 * std::numbers::pi * kFrequency);
  const std::complex<double> ybd = bd.g + s * bd.c;
  const std::complex<double> ybs = bs.g + s * bs.c;
  if (excited == "g") return {{"g", s * (cgs + cgd + cgb)}, {"d", c.gm - s * cgd}, {"b", -s * cgb}};
  if (excited == "d") return {{"g", -s * cgd}, {"d", c.gds + ybd + s * cgd}, {"b", -ybd}};
  return {{"g", -s * cgb}, {"d", c.gmb - ybd}, {"b", ybd + ybs + s * cgb}};
}

void compare_transistor(const Mos1Card& card, const MosGeometry& geometry, int polarity,
                        double tolerance, double kelvin = 300.15, double nominal = 300.15) {
  const std::vector<Bias> biases = transistor_biases();
  const Results results = run_ngspice(
      transistor_deck(model_line(card, polarity > 0 ? "nmos" : "pmos"), geometry, polarity, biases),
      kelvin, nominal);
  const Mos1 model(card, geometry, polarity, kelvin, nominal);
  // Below -3 kT/q ngspice's bulk current is cut to the saturation current, with a jump of 1/e^3.
  const double saturation =
      -model.drain_junction().at(-10, 0).i - model.source_junction().at(-10, 0).i;
  const double i_floor = 0.05 * saturation;
  const double g_floor = i_floor / thermal_voltage(kelvin);
  for (std::size_t k = 0; k < biases.size(); ++k) {
    const Bias& at = biases[k];
    const std::string bias = " at vg = " + text(at.vg) + ", vd = " + text(at.vd) +
                             ", vb = " + text(at.vb) + ", polarity " + std::to_string(polarity);
    const double ibd = model.drain_junction().at(at.vb - at.vd, kGmin).i;
    const double id = model.channel(at.vg, at.vd, at.vb).id - ibd;
    const double ib = ibd + model.source_junction().at(at.vb, kGmin).i;
    const std::string n = std::to_string(k);
    ASSERT_TRUE(results.count("op:vd" + n + "g#branch")) << n;
    expect_close(id, -polarity * results.at("op:vd" + n + "g#branch").real(), i_floor, "id" + bias,
                 tolerance);
    expect_close(ib, -polarity * results.at("op:vb" + n + "g#branch").real(), i_floor, "ib" + bias,
                 tolerance);
    // Where the bulk of the conducting end is forward biased, ngspice's derivative of the threshold
    // is not that of its current.
    const bool reversed = at.vd < 0;
    const bool forward_bulk = (reversed ? at.vb - at.vd : at.vb) > 0;
    for (const std::string excited : kExcited) {
      if (forward_bulk && (excited == "b" || (excited == "d" && reversed))) continue;
      for (const auto& [terminal, y] : admittances(model, at, excited)) {
        const std::complex<double> theirs =
            -results.at(fmt::format("ac:v{}{}{}#branch", terminal, n, excited));
        const std::string what = fmt::format("y({}{}){}", terminal, excited, bias);
        expect_close(y.real(), theirs.real(), g_floor, "re " + what, tolerance);
        expect_close(y.imag(), theirs.imag(), 1e-16, "im " + what, tolerance);
      }
    }
  }
}

const MosGeometry kGeometry{
    .w = 10e-6, .l = 2e-6, .ad = 1e-11, .as = 2e-11, .pd = 1e-5, .ps = 2e-5, .m = 3};

TEST_F(Ngspice, TransistorWithElectricalParameters) {
  const Mos1Card card{.vto = 0.6,
                      .kp = 1e-4,
                      .gamma = 0.5,
                      .phi = 0.7,
                      .lambda = 0.05,
                      .cbd = 2e-14,
                      .cbs = 3e-14,
                      .is = 1e-15,
                      .pb = 0.75,
                      .cgso = 2e-10,
                      .cgdo = 3e-10,
                      .cgbo = 4e-10,
                      .tox = 2e-8};
  compare_transistor(card, kGeometry, 1, 1e-5);
  Mos1Card p_type = card;
  p_type.vto = -0.6;
  compare_transistor(p_type, kGeometry, -1, 1e-5);
}

TEST_F(Ngspice, TransistorWithProcessParameters) {
  for (const double tpg : {1, 0, -1}) {
    const Mos1Card card{.lambda = 0.02,
                        .js = 1e-4,
                        .cj = 2e-4,
                        .mj = 0.4,
                        .cjsw = 3e-10,
                        .mjsw = 0.3,
                        .fc = 0.4,
                        .tox = 2e-8,
                        .nsub = 5e15,
                        .nss = 1e10,
                        .tpg = tpg,
                        .ld = 0.2e-6,
                        .uo = 550};
    compare_transistor(card, kGeometry, 1, kProcessTolerance);
    compare_transistor(card, kGeometry, -1, kProcessTolerance);
  }
}

TEST_F(Ngspice, TransistorAtOtherTemperatures) {
  const Mos1Card card{.gamma = 0.5,
                      .lambda = 0.05,
                      .cbd = 2e-14,
                      .is = 1e-15,
                      .cj = 2e-4,
                      .mj = 0.4,
                      .cjsw = 3e-10,
                      .tox = 2e-8,
                      .nsub = 5e15};
  for (const double kelvin : {233.15, 400.0}) {
    compare_transistor(card, kGeometry, 1, kProcessTolerance, kelvin, 300.15);
    compare_transistor(card, kGeometry, -1, kProcessTolerance, kelvin, 320.15);
  }
}

// Currents and gate capacitances of level 3, whose derivatives are checked by differences:
// ngspice's own are not those of its currents everywhere.
void compare_mos3(const Mos3Card& card, int polarity, double tolerance, double kelvin = 300.15,
                  double nominal = 300.15) {
  const MosGeometry geometry{.w = 3e-6, .l = 0.8e-6};
  std::vector<Bias> biases = transistor_biases();
  for (const double vg : {0.55, 0.8, 0.95, 1.5}) {
    for (const double vd : {0.05, 0.2, 0.6, 1.0, 5.0}) biases.push_back({vg, vd, -0.3});
  }
  const std::string line = model_line(card, polarity > 0 ? "nmos" : "pmos", 3);
  SCOPED_TRACE(line);
  const Results results =
      run_ngspice(transistor_deck(line, geometry, polarity, biases), kelvin, nominal);
  const Mos3 model(card, geometry, polarity, kelvin, nominal);
  const double oxide = kOxidePermittivity / card.tox * geometry.w * geometry.l;
  double largest = 0;
  for (std::size_t k = 0; k < biases.size(); ++k) {
    const Bias& at = biases[k];
    const std::string bias = " at vg = " + text(at.vg) + ", vd = " + text(at.vd) +
                             ", vb = " + text(at.vb) + ", polarity " + std::to_string(polarity);
    const Mos3::Channel c = model.channel(at.vg, at.vd, at.vb);
    const double id = c.id - model.drain_junction().at(at.vb - at.vd, kGmin).i;
    largest = std::max(largest, std::abs(id));
    // ngspice's bulk current is cut off below -3 kT/q, and its constants differ by 3e-6, which
    // moves the threshold.
    const double floor = 0.1 * card.is + 1e-22 + 5e-6 * std::abs(c.gm);
    const std::string n = std::to_string(k);
    ASSERT_TRUE(results.count("op:vd" + n + "g#branch")) << n;
    expect_close(id, -polarity * results.at("op:vd" + n + "g#branch").real(), floor, "id" + bias,
                 tolerance);
    const Mos3::MeyerHalf half = model.meyer(at.vg, at.vg - at.vd, c);
    const double cgd = 2 * half.cgd + model.overlap().cgd;
    const double cgg = 2 * (half.cgs + half.cgd + half.cgb) + model.overlap().cgs +
                       model.overlap().cgd + model.overlap().cgb;
    const auto capacitance = [&](const char* terminal) {
      return -results.at(fmt::format("ac:v{}{}g#branch", terminal, n)).imag() /
             (2 * std::numbers::pi * kFrequency);
    };
    expect_close(cgg, capacitance("g"), 1e-5 * oxide, "cgg" + bias, tolerance);
    expect_close(-cgd, capacitance("d"), 1e-5 * oxide, "cgd" + bias, tolerance);
  }
  EXPECT_GT(largest, 1e-4);
}

Mos3Card short_channel(int polarity) {
  Mos3Card card;
  card.vto = polarity * 0.6;
  card.kp = 1e-4;
  card.gamma = 0.5;
  card.phi = 0.7;
  card.is = 1e-18;
  card.tox = 1.5e-8;
  card.cgso = card.cgdo = 2e-10;
  return card;
}

// One effect at a time, then all together.
TEST_F(Ngspice, ShortChannelTransistor) {
  const auto compare = [](auto change) {
    for (const int polarity : {1, -1}) {
      Mos3Card card = short_channel(polarity);
      change(card);
      compare_mos3(card, polarity, kTolerance);
    }
  };
  compare([](Mos3Card&) {});
  compare([](Mos3Card& c) { c.theta = 0.2; });
  compare([](Mos3Card& c) { c.vmax = 1.2e5; });
  compare([](Mos3Card& c) { c.eta = 0.5; });
  compare([](Mos3Card& c) { c.delta = 1.5; });
  compare([](Mos3Card& c) { c.nfs = 4e11; });
  compare([](Mos3Card& c) { c.nsub = 4e16; });
  compare([](Mos3Card& c) { c.nsub = 4e16, c.kappa = 2.5, c.vmax = 1e5; });
  compare([](Mos3Card& c) { c.nsub = 1e15, c.kappa = 1.5; });  // punch-through
  compare([](Mos3Card& c) { c.nsub = 4e16, c.xj = 2e-7, c.ld = 5e-8; });
  compare([](Mos3Card& c) {
    c.nsub = 4e16, c.xj = 2e-7, c.ld = 5e-8, c.theta = 0.1, c.vmax = 1.5e5, c.eta = 0.3;
    c.delta = 0.8, c.nfs = 2e11, c.kappa = 0.6;
  });
}

TEST_F(Ngspice, ShortChannelTransistorFromItsProcess) {
  for (const double kelvin : {233.15, 300.15, 400.0}) {
    for (const int polarity : {1, -1}) {
      Mos3Card card;
      card.tox = 1.5e-8;
      card.nsub = 4e16;
      card.is = 1e-18;
      card.xj = 2e-7;
      card.theta = 0.1;
      card.vmax = 1.5e5;
      compare_mos3(card, polarity, kProcessTolerance, kelvin, 310.15);
    }
  }
}

}  // namespace
}  // namespace wordline
