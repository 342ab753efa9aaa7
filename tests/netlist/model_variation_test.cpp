// Distributions and noise in the `.model` of a memristor.
#include <gtest/gtest.h>

#include "decks.hpp"

namespace wordline {
namespace {

ModelCard card_of(const std::string& parameters) {
  return read_lines("v1 a 0 1\nymemristor m a 0 c\n.model c memristor type=vteam " + parameters +
                    "\n")
      .models.at(0);
}

std::string fault(const std::string& parameters) {
  const auto faults =
      faults_of("v1 a 0 1\nymemristor m a 0 c\n.model c memristor type=vteam " + parameters + "\n");
  return faults.empty() ? "" : faults[0].message;
}

TEST(ModelVariation, IsReadWithItsLimits) {
  const ModelCard card =
      card_of("ron=gauss(100, 10, min=80, max={2*60}, cycle=3) roff={UNIF(1k, 2k)} x0=1n");
  ASSERT_EQ(card.variations.rows.size(), 2);
  const Variations::Row& ron = card.variations.rows[0];
  EXPECT_EQ(card.type->parameters[ron.parameter].name, "ron");
  EXPECT_EQ(ron.distribution.kind, Distribution::Kind::kGauss);
  EXPECT_EQ(ron.distribution.a, 100);
  EXPECT_EQ(ron.distribution.b, 10);
  EXPECT_EQ(ron.distribution.low, 80);
  EXPECT_EQ(ron.distribution.high, 120);
  EXPECT_EQ(ron.distribution.cycle, 3);
  EXPECT_EQ(card.values[ron.parameter], 100);
  const Variations::Row& roff = card.variations.rows[1];
  EXPECT_EQ(roff.distribution.kind, Distribution::Kind::kUniform);
  EXPECT_EQ(roff.distribution.low, 0);  // what a resistance may be
  EXPECT_EQ(card.values[roff.parameter], 1500);
}

TEST(ModelVariation, TakesParametersAndTheLastOfTwo) {
  const Circuit circuit = read_lines(
      ".param mean=60 part=0.1\nv1 a 0 1\nymemristor m a 0 c\n"
      ".model c memristor type=vteam ron=40 ron=lognormal(mean, part)\n");
  ASSERT_EQ(circuit.models[0].variations.rows.size(), 1);
  EXPECT_EQ(circuit.models[0].variations.rows[0].distribution.a, 60);
  EXPECT_TRUE(card_of("ron=gauss(100, 10) ron=40").variations.rows.empty());
}

TEST(ModelVariation, TakesNoiseAndTheRuleForResistances) {
  const ModelCard card =
      card_of("noise=shot noise_dt=1n rtn=0.05 rtn_tau=1u r_rel_tol=0.1 r_abs_tol=20 resample=5");
  EXPECT_EQ(card.noise.white, ReadNoise::White::kShot);
  EXPECT_EQ(card.noise.interval, 1e-9);
  EXPECT_EQ(card.noise.telegraph, 0.05);
  EXPECT_EQ(card.noise.dwell, 1e-6);
  EXPECT_EQ(card.variations.resistance_rel_tol, 0.1);
  EXPECT_EQ(card.variations.resistance_abs_tol, 20);
  EXPECT_EQ(card.variations.most_redraws, 5);
  EXPECT_FALSE(card_of("").noise.any());
}

TEST(ModelVariation, FaultsAreNamed) {
  EXPECT_EQ(fault("ron=gauss(100)"), "the line ends where ',' is expected");
  EXPECT_EQ(fault("ron=gauss(100, 10, mid=3)"), "a distribution has no 'mid'");
  EXPECT_EQ(fault("ron=unif(100, 200, cycle=3)"),
            "unif of ron: it has no deviation from cycle to cycle");
  EXPECT_EQ(fault("ron=gauss(100, -1)"), "gauss of ron: its deviation is negative");
  EXPECT_EQ(fault("ron=gauss(-100, 1)"), "gauss of ron: next to nothing of it lies in (0, inf)");
  EXPECT_EQ(fault("ron=unif(3, 1)"), "unif of ron: its upper end is below the lower");
  EXPECT_EQ(fault("noise=pink"), "'pink' is no value of noise");
  EXPECT_EQ(fault("noise=thermal"), "noise needs noise_dt, the time between its samples");
  EXPECT_EQ(fault("rtn=0.1"), "rtn needs rtn_tau, the time in a level");
  EXPECT_EQ(fault("rtn=2 rtn_tau=1u"), "rtn must be less than 2, or currents change their sign");
  EXPECT_EQ(fault("rtn=-1"), "rtn = -1 is negative");
  EXPECT_EQ(fault("resample=1.5"), "resample = 1.5 is no number of draws");
}

TEST(ModelVariation, SeedIsAnOption) {
  EXPECT_EQ(read_lines(".options seed=42\nr1 a 0 1\nv1 a 0 1\n").options.seed, 42U);
  EXPECT_EQ(faults_of(".options seed=-1\nr1 a 0 1\n").at(0).message,
            "seed = -1 is no whole number from 0 to 9007199254740992");
}

// What a device draws depends on its name and its place in an array alone.
TEST(ModelVariation, DevicesHaveStreamsOfTheirOwn) {
  const std::string lines = ".model c memristor type=vteam\nv1 a 0 1\n";
  const std::string one = "ymemristor m1 a 0 c\n";
  const std::string two = "ymemristor m2 a 0 c\n";
  const Circuit forth = read_lines(lines + one + two);
  const Circuit back = read_lines(lines + two + one);
  EXPECT_EQ(element(forth.memristors, "m1").stream, element(back.memristors, "m1").stream);
  EXPECT_NE(element(forth.memristors, "m1").stream, element(forth.memristors, "m2").stream);
}

}  // namespace
}  // namespace wordline
