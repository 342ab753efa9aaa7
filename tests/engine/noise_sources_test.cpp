// The noise of elements against Nyquist's and Schottky's formulas.
#include "noise_sources.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "wordline/netlist/read.hpp"

namespace wordline {
namespace {

using testing::noise_of;

constexpr double kBoltzmannHere = 1.380649e-23;  // J/K

TEST(NoiseSources, OfAResistorAreNyquists) {
  const auto noise = noise_of(parse("r\nr1 a 0 2k\nr2 a b 1k\nv1 b 0 1\n.temp 50\n.op\n"));
  ASSERT_EQ(noise.size(), 2u);
  const NoiseSource& r1 = noise.at("r1");
  EXPECT_NEAR(r1.white, 4 * kBoltzmannHere * 323.15 / 2000, 1e-12 * r1.white);
  EXPECT_EQ(r1.flicker, 0);
  EXPECT_EQ(r1.n, 0);
  EXPECT_EQ(r1.density(1), r1.density(1e6));
}

TEST(NoiseSources, OfAMemristorAreThoseOfWhatItConducts) {
  constexpr const char* kDeck =
      "m\nv1 a 0 {}\nymemristor m1 a 0 m x0=0.5\n"
      ".model m memristor type=yakopcic a1=1m a2=1m b=2\n.op\n";
  for (const double v : {0.0, 0.2, -0.2}) {
    const Circuit circuit = parse(fmt::format(fmt::runtime(kDeck), v));
    const double siemens = v == 0 ? 0.5e-3 * 2 : 0.5e-3 * std::sinh(2 * v) / v;
    const double expected = 4 * kBoltzmannHere * 300.15 * siemens;
    EXPECT_NEAR(noise_of(circuit).at("m1").white, expected, 1e-9 * expected) << v;
  }
}

}  // namespace
}  // namespace wordline
