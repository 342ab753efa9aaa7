// Steps and sweeps of circuits that are read anew at each point.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/step_sink.hpp"

namespace wordline {
namespace {

// Solutions are found within reltol, 1e-3 by default; linear circuits to rounding.
constexpr double kRounding = 1e-9;

Waveforms sweep(const std::string& lines) {
  const Circuit circuit = parse("title\n" + lines, "deck.cir");
  const Analysis analysis = circuit.analyses.at(0);
  Result result = Simulator(circuit).run(analysis);
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result.waveforms;
}

TEST(DcSweep, OfAParameterIsADivider) {
  const Waveforms w = sweep(
      ".param r=1k\nV1 a 0 3\nR1 a b {r}\nR2 b 0 {2*r+1k}\n.dc param r list 1k 2k 5k\n.save "
      "v(b)\n");
  ASSERT_EQ(w.points(), 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const double r = w["r"][k];
    EXPECT_NEAR(w["v(b)"][k], 3 * (2 * r + 1e3) / (3 * r + 1e3), kRounding);
  }
}

TEST(DcSweep, OfATableInsideAnInPlaceSweep) {
  const Waveforms w = sweep(
      ".param r=1k\nV1 a 0 1\nR1 a b {r}\nR2 b 0 1k\nE1 c 0 b 0 2\n"
      ".data d r e1\n1k 3\n3k 5\n.enddata\n.dc data=d V1 1 2 1\n.save v(c)\n");
  ASSERT_EQ(w.points(), 4);
  const double gain[] = {3.0 / 2, 5.0 / 4};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(w["v(c)"][k], gain[k % 2] * (k < 2 ? 1 : 2), kRounding) << k;
    EXPECT_EQ(w["v1"][k], k < 2 ? 1 : 2);
    EXPECT_EQ(w["e1"][k], k % 2 == 0 ? 3 : 5);
  }
}

// ln(I/IS+1) n kT/q, with all current through the junction: gmin is 0.
TEST(DcSweep, OfAModelsParameter) {
  const Waveforms w = sweep(
      "I1 0 a 1m\nD1 a 0 d\n.model d d is=1e-14\n.options gmin=0 reltol=1e-9\n"
      ".dc d(is) list 1e-15 1e-14 1e-12\n.save v(a)\n");
  ASSERT_EQ(w.points(), 3);
  const double vt = 1.380649e-23 * 300.15 / 1.602176634e-19;
  for (std::size_t k = 0; k < 3; ++k) {
    // The constants of the model are rounded to 1e-6.
    EXPECT_NEAR(w["v(a)"][k], vt * std::log(1e-3 / w["d(is)"][k] + 1), 1e-5);
  }
}

TEST(DcSweep, SaysWhereItFails) {
  const Circuit circuit = parse(
      "title\n.param r=1k\nV1 a 0 1\nR1 a 0 {r}\nC1 a 0 {1/r}\n.dc param r 1 0 -1\n", "deck.cir");
  EXPECT_THROW(Simulator(circuit).run(circuit.analyses.at(0)), NetlistError);  // 1/0
}

class StepFiles : public testing::Test {
 protected:
  StepFiles() {
    const Circuit deck = parse(
        "divider\nV1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.step r2 list 1k 3k\n.step v1 list 1 2\n"
        ".op\n.save v(b)\n",
        "deck.cir");
    RawfileWriter raw(raw_path_, RawFormat::kBinary);
    CsvWriter csv(csv_path_);
    for (std::size_t k = 0; k < step_count(deck); ++k) {
      const auto values = step_values(deck, k);
      Simulator simulator(at_step(deck, k));
      for (WaveformSink* file :
           {static_cast<WaveformSink*>(&raw), static_cast<WaveformSink*>(&csv)}) {
        StepSink sink(*file, values);
        simulator.run(deck.analyses.at(0), {.sink = &sink, .interrupt = nullptr, .progress = {}});
      }
    }
  }
  ~StepFiles() override {
    std::filesystem::remove(raw_path_);
    std::filesystem::remove(csv_path_);
  }

  const std::string raw_path_ = testing::TempDir() + "wordline-steps.raw";
  const std::string csv_path_ = testing::TempDir() + "wordline-steps.csv";
};

TEST_F(StepFiles, HaveTheirValuesInTitlesAndColumns) {
  const std::vector<Waveforms> plots = read_rawfile(raw_path_);
  ASSERT_EQ(plots.size(), 4);
  EXPECT_EQ(plots[1].header().title, "divider [r2 = 3000, v1 = 1]");
  EXPECT_EQ(plots[2].header().title, "divider [r2 = 1000, v1 = 2]");
  EXPECT_NEAR(plots[3]["v(b)"][0], 2 * 0.75, kRounding);
  const Waveforms csv = read_csv(csv_path_);
  ASSERT_EQ(csv.points(), 4);
  for (std::size_t k = 0; k < 4; ++k) {
    const double r2 = csv["r2"][k];
    EXPECT_NEAR(csv["v(b)"][k], csv["v1"][k] * r2 / (r2 + 1e3), kRounding);
  }
}

}  // namespace
}  // namespace wordline
