// .measure against closed forms: piecewise linear sources, whose values between points a straight
// line gives exactly, so that only rounding is left (relative 1e-9 leaves room for source corners
// that fall on neighbouring doubles).

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kRounding = 1e-9;

// v(a) is at its level 0.5 at the start, touches it from below at 5 to 6; v(b) rises by 1/8 a
// second.
constexpr const char* kShapes =
    "shapes\n"
    "v1 a 0 pwl(0 0.5 1 1 2 0 3 1 4 0 5 0.5 6 0.5 7 1 8 0.25)\n"
    "v2 b 0 pwl(0 0 8 1)\n"
    "r1 a 0 1k\n"
    "r2 b 0 1k\n"
    ".param half=0.5\n"
    ".tran 0.1 8\n";

Result run(const std::string& deck) {
  Simulator simulator(parse(deck));
  return simulator.run(simulator.circuit().analyses.at(0));
}

MeasureResult measure_shapes(const std::string& what) {
  return run(kShapes + (".meas tran m " + what + "\n.end\n")).measures.at(0);
}

struct Expected {
  const char* what;
  double value;
};

class Measures : public ::testing::TestWithParam<Expected> {};

TEST_P(Measures, AreThoseOfStraightLines) {
  const MeasureResult result = measure_shapes(GetParam().what);
  EXPECT_EQ(result.failure, "");
  EXPECT_NEAR(result.value, GetParam().value, kRounding * std::max(1.0, std::abs(result.value)))
      << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Crossings, Measures,
    ::testing::Values(
        Expected{"when v(a)=0.5 rise=1", 0},  // it leaves the level where it starts
        Expected{"when v(a)=half rise=2", 2.5}, Expected{"when v(a)=0.5 rise=3", 5},
        Expected{"when v(a)=0.5 fall=1", 1.5}, Expected{"when v(a)=0.5 fall=2", 3.5},
        Expected{"when v(a)=0.5 fall=last", 7 + 2. / 3}, Expected{"when v(a)=0.5 cross=2", 1.5},
        Expected{"when v(a)=0.5 td=1.2 rise=1", 2.5}, Expected{"when v(a)=0.5 from=2.2 to=8", 2.5},
        Expected{"when v(a)=0.5 cross=last from=1 to=4", 3.5}, Expected{"when v(a)=1 rise=1", 1},
        Expected{"when v(a)=1 fall=1", 1}, Expected{"when v(a)=v(b)", 16. / 9},
        Expected{"when v(a)=v(b) cross=2", 16. / 7},
        Expected{"when {v(a)-v(b)}=0 cross=2", 16. / 7},
        Expected{"when par('2*v(a)')={2*half} rise=2", 2.5},
        Expected{"trig v(a) val=0.2 rise=1 targ v(a) val=0.8 rise=1", 0.6 - 2.2},
        Expected{"trig v(a) val=0.2 rise=1 targ v(a) val=0.8 rise=2", 0.6},
        Expected{"trig at=1 targ v(b) val=0.6 cross=1", 3.8},
        Expected{"TRIG V(A) VAL=0.2 FALL=1 TARG AT=3", 1.2},
        Expected{"trig v(a)=0.2 rise=1 td=3 targ v(b)=0.75", 6 - 4.4}));

INSTANTIATE_TEST_SUITE_P(Values, Measures,
                         ::testing::Values(Expected{"find v(b) when v(a)=0.5 fall=2", 3.5 / 8},
                                           Expected{"find v(a) at=1.2345", 1 - 0.2345},
                                           Expected{"find {v(a)-2*v(b)} at=2.5", 0.5 - 2 * 2.5 / 8},
                                           Expected{"find i(r1) at=2.5", 0.5e-3},
                                           Expected{"find time at=2.5", 2.5},
                                           Expected{"deriv v(a) at=1.5", -1},
                                           Expected{"deriv v(b) when v(a)=0", 1. / 8},
                                           Expected{"derivative v(a) when v(b)=0.8125", 0.5}));

// v(a) from 0 to 4: areas of 0.75, 0.5, 0.5, 0.5; squares of a line from p to q give (pp+pq+qq)/3.
INSTANTIATE_TEST_SUITE_P(
    Windows, Measures,
    ::testing::Values(Expected{"avg v(a) from=0 to=4", 2.25 / 4},
                      Expected{"avg v(a) trig v(a)=0.5 fall=1 targ v(a)=0.5 rise=2", 0.25},
                      Expected{"integ v(a) trig at=0.5 targ v(a)=1", (0.75 + 1) / 2 * 0.5},
                      Expected{"avg v(a) from=1.5 to=2.5", 0.25},
                      Expected{"integ v(a) from=0.5 to=1", (0.75 + 1) / 2 * 0.5},
                      Expected{"integral v(a)", 2.25 + 0.25 + 0.5 + 0.75 + 0.625},
                      Expected{"rms v(a) from=1 to=3", std::sqrt(1. / 3)},
                      Expected{"rms v(a) from=0 to=1", std::sqrt((0.25 + 0.5 + 1) / 3)},
                      Expected{"min v(b) from=0.3 to=1.7", 0.3 / 8},
                      Expected{"max v(b) from=0.3 to=1.7", 1.7 / 8}, Expected{"pp v(a)", 1},
                      Expected{"pp v(a) from=5.2 to=6.5", 0.25},
                      Expected{"min_at v(a) from=0.33 to=2.9", 2},
                      Expected{"max_at v(a) from=1.5 to=3.5", 3},
                      Expected{"max v(a) goal=3 minval=0.1 weight=3", 1},
                      Expected{"param='2*half+1'", 2}));

TEST(Measure, UsesEarlierMeasures) {
  const Result result = run(std::string(kShapes) +
                            ".meas tran top max v(b) from=0 to=4\n"
                            ".meas tran reached when v(a)={0.5*top} fall=1\n"
                            ".meas tran later find v(b) at={reached+1}\n"
                            ".meas tran sum param='top+reached*later'\n.end\n");
  EXPECT_NEAR(result.measure("top"), 0.5, kRounding);
  EXPECT_NEAR(result.measure("REACHED"), 1.75, kRounding);
  EXPECT_NEAR(result.measure("later"), 2.75 / 8, kRounding);
  EXPECT_NEAR(result.measure("sum"), 0.5 + 1.75 * 2.75 / 8, kRounding);
  EXPECT_THROW(result.measure("topp"), Error);
}

TEST(Measure, TellsWhereItWasTaken) {
  const MeasureResult delay = measure_shapes("trig at=1 targ v(b) val=0.6");
  ASSERT_EQ(delay.places.size(), 2u);
  EXPECT_EQ(delay.places[0].name, "targ");
  EXPECT_NEAR(delay.places[0].value, 4.8, kRounding);
  EXPECT_NEAR(delay.places[1].value, 1, kRounding);
}

TEST(Measure, KeepsSignalsThatAreNotWritten) {
  const Result result = run(std::string(kShapes) +
                            ".save v(b)\n.meas tran low min v(a)\n.meas tran p avg p(r1)\n.end\n");
  ASSERT_EQ(result.waveforms.header().signals.size(), 2u);
  EXPECT_EQ(result.waveforms.header().signals[1].name, "v(b)");
  EXPECT_NEAR(result.measure("low"), 0, kRounding);
  EXPECT_TRUE(std::isfinite(result.measure("p")));
}

TEST(Measure, LeavesTheDefaultOutputs) {
  const Result result = run(std::string(kShapes) + ".meas tran x find i(r1) at=1\n.end\n");
  EXPECT_TRUE(result.waveforms.contains("v(a)"));
  EXPECT_TRUE(result.waveforms.contains("i(v2)"));
  EXPECT_FALSE(result.waveforms.contains("i(r1)"));
}

struct Failing {
  const char* what;
  const char* why;
};

class FailedMeasures : public ::testing::TestWithParam<Failing> {};

TEST_P(FailedMeasures, SayWhy) {
  const MeasureResult result = measure_shapes(GetParam().what);
  EXPECT_TRUE(std::isnan(result.value));
  EXPECT_EQ(result.failure, GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, FailedMeasures,
    ::testing::Values(
        Failing{"when v(a)=5", "the signal never crosses 5: it goes from 0 to 1"},
        Failing{"when v(b)=0.5 fall=1", "the signal never falls through 0.5: it goes from 0 to 1"},
        Failing{"when v(a)=0.8 rise=9",
                "the signal rises through 0.8 only 3 times of 9, the last time at 6.6"},
        Failing{"find v(a) at=9", "9 is outside of the results, from 0 to 8"},
        Failing{"avg v(a) from=3 to=2", "FROM = 3 is beyond TO = 2"},
        Failing{"avg v(a) from=3 to=20", "20 is outside of the results, from 0 to 8"}));

TEST(Measure, FailsWithWhatItDependsOn) {
  const Result result = run(std::string(kShapes) +
                            ".meas tran a when v(a)=5\n.meas tran b param='a+1'\n"
                            ".meas tran c max v(a) from=a\n.end\n");
  for (const std::size_t k : {1u, 2u}) {
    EXPECT_EQ(result.measures.at(k).failure, "it depends on a measure that failed");
  }
}

TEST(Measure, FollowsSweepsInEitherDirection) {
  for (const char* sweep : {"0 5 0.1", "5 0 -0.1"}) {
    const Result result =
        run("sweep\nv1 a 0 1\nr1 a b 1k\nr2 b 0 1k\n.dc v1 " + std::string(sweep) +
            "\n.meas dc th when v(b)=1.23\n"
            ".meas dc i find i(v1) at=2.22\n"
            ".meas dc mean avg v(b) from=1 to=3.33\n"
            ".meas dc whole integ v(b)\n"
            ".meas tran other max v(b)\n.end\n");
    ASSERT_EQ(result.measures.size(), 4u) << "that of .tran is not of this analysis";
    EXPECT_NEAR(result.measure("th"), 2.46, kRounding);
    EXPECT_NEAR(result.measure("i"), -1.11e-3, kRounding);
    EXPECT_NEAR(result.measure("mean"), (1 + 3.33) / 4, kRounding);
    EXPECT_NEAR(result.measure("whole"), 6.25, kRounding);
  }
}

TEST(Measure, RefusesNestedSweeps) {
  const Result result =
      run("sweep\nv1 a 0 1\nr1 a b 1k\nr2 b 0 1k\n.dc v1 0 5 1 r2 1k 3k 1k\n"
          ".meas dc th when v(b)=1\n.end\n");
  EXPECT_EQ(result.measures.at(0).failure, "nested sweeps have no single axis to measure on");
}

TEST(Measure, ReadsAnOperatingPoint) {
  const Result result =
      run("op\nv1 a 0 3\nr1 a b 1k\nr2 b 0 2k\n.op\n.meas op x find v(b)\n.end\n");
  EXPECT_NEAR(result.measure("x"), 2, kRounding);
}

}  // namespace
}  // namespace wordline
