// What the facade promises beside the numbers of an analysis.

#include "wordline/engine/simulator.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace wordline {
namespace {

// A 4x4 array whose cell (1,2) is set through its selected lines.
std::string array_deck(double amplitude) {
  return "array\n"
         ".model cell memristor level=3 a1=0.16m a2=0.16m b=2.5 ap=2meg an=2meg vp=0.4 vn=0.4\n"
         "+ alphap=1 alphan=3 xp=0.3 xn=0.5\n"
         ".crossbar xb rows=4 cols=4 cell=1r memristor=cell x0=0.05 rs_wl=20 rs_bl=20\n"
         "vwl wl[0:3] 0 dc 0 line(1)=pulse(0 " +
         std::to_string(amplitude) +
         " 10n 5n 5n 100n 1)\n"
         "vbl bl[0:3] 0 dc 0\n"
         ".tran 1n 200n\n"
         ".save i(vbl[2]) @xb.m[1,2][x] v(xb.wl[1,3])\n.end\n";
}

Result run(const std::string& deck) {
  Simulator simulator(parse(deck));
  return simulator.run(simulator.circuit().analyses.at(0));
}

TEST(Simulator, GivesTheSameResultTwice) {
  Simulator simulator(parse(array_deck(1.2)));
  const Analysis& tran = simulator.circuit().analyses.at(0);
  const Result first = simulator.run(tran);
  const Result second = simulator.run(tran);
  ASSERT_EQ(first.waveforms.points(), second.waveforms.points());
  for (std::size_t k = 0; k < first.waveforms.points(); ++k) {
    EXPECT_EQ(first["@xb.m[1,2][x]"][k], second["@xb.m[1,2][x]"][k]);
  }
}

// Bit for bit what each gives alone: nothing is shared.
TEST(Simulator, RunsInTwoThreadsAtOnce) {
  const std::vector<double> amplitudes = {1.1, 1.3};
  std::vector<Result> alone;
  alone.reserve(amplitudes.size());
  for (const double a : amplitudes) alone.push_back(run(array_deck(a)));
  std::vector<Result> together(2);
  {
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < 2; ++k) {
      threads.emplace_back([&, k] { together[k] = run(array_deck(amplitudes[k])); });
    }
  }
  for (std::size_t k = 0; k < 2; ++k) {
    ASSERT_TRUE(alone[k].report.ok()) << alone[k].report.message;
    ASSERT_EQ(alone[k].waveforms.points(), together[k].waveforms.points());
    for (std::size_t s = 0; s < alone[k].waveforms.header().signals.size(); ++s) {
      const auto a = alone[k].waveforms.column(s);
      const auto b = together[k].waveforms.column(s);
      EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
    }
  }
}

TEST(Simulator, StreamsToASinkInsteadOfKeeping) {
  struct Counter final : WaveformSink {
    int begun = 0, points = 0, ended = 0;
    void begin(const PlotHeader& header) override {
      ++begun;
      EXPECT_EQ(header.signals.size(), 4u);
    }
    void point(std::span<const double> values) override {
      ++points;
      EXPECT_EQ(values.size(), 4u);
    }
    void end() override { ++ended; }
  } counter;
  Simulator simulator(parse(array_deck(1.2)));
  RunControl control;
  control.sink = &counter;
  const Result result = simulator.run(simulator.circuit().analyses.at(0), control);
  EXPECT_EQ(counter.begun, 1);
  EXPECT_EQ(counter.ended, 1);
  EXPECT_EQ(counter.points, result.report.points);
  EXPECT_EQ(result.waveforms.points(), 0u);
}

TEST(Simulator, NamesWhatASaveDoesNotFind) {
  try {
    run("t\nv1 out 0 1\nr1 out 0 1k\n.op\n.save v(oot) @r1[x] i(r2)\n.end\n");
    FAIL() << "no error";
  } catch (const NetlistError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("'oot'"), std::string::npos) << message;
    EXPECT_NE(message.find("did you mean 'out'"), std::string::npos) << message;
    EXPECT_NE(message.find("it has: i, v, p"), std::string::npos) << message;
    EXPECT_NE(message.find("'r2'"), std::string::npos) << message;
  }
}

// v = v exp(50 v') has no solution for v(1) = 1: a residual test after every homotopy finds out.
TEST(Simulator, DoesNotInventASolution) {
  const Result result = run("t\nv1 1 0 1\nb2 2 0 v=v(1)*exp(50*v(2))\nr1 2 0 1k\n.op\n.end\n");
  EXPECT_EQ(result.report.outcome, Outcome::kFailed);
  EXPECT_FALSE(result.report.message.empty());
  EXPECT_FALSE(result.report.worst.empty());
  EXPECT_EQ(result.waveforms.points(), 0u);
}

// Twenty diodes in series need help from a cold start; the answer is that of one diode, times
// twenty.
TEST(Simulator, FindsTheOperatingPointOfADiodeStack) {
  std::string deck = "t\n.options reltol=1e-6\ni1 0 n0 1m\n";
  for (int k = 0; k < 20; ++k) {
    deck += "d" + std::to_string(k) + " n" + std::to_string(k) + " " +
            (k == 19 ? std::string("0") : "n" + std::to_string(k + 1)) + " dm\n";
  }
  const Result result = run(deck + ".model dm d is=1e-14\n.op\n.end\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double vt = 1.380649e-23 * 300.15 / 1.602176634e-19;
  EXPECT_NEAR(result["v(n0)"][0], 20 * vt * std::log(1e-3 / 1e-14 + 1), 1e-5);
}

// A memristor's set point: the conductance asked for is the one the circuit sees.
TEST(Simulator, StartsMemristorsAtTheConductanceAskedFor) {
  const Result result =
      run("t\nv1 a 0 0.1\nymemristor m1 a 0 cell g=20u\n.model cell memristor level=6 ron=1k "
          "roff=100k\n"
          ".op\n.save i(v1) @m1[g]\n.end\n");
  ASSERT_TRUE(result.report.ok());
  EXPECT_NEAR(result["i(v1)"][0], -2e-6, 1e-12);
  EXPECT_NEAR(result["@m1[g]"][0], 20e-6, 1e-12);
}

}  // namespace
}  // namespace wordline
