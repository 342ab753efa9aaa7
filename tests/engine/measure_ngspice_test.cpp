// .measure against what ngspice 39 prints for the same text. It prints six digits, of which the
// last is rounded: 5e-6 of the value. The signals are straight lines between few corners, so that
// the points in between play no part; of RMS, which ngspice sums up from the squares at its points,
// steps of 1 ms leave an error of 2e-7.

#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "shell.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kPrinted = 5e-6;

constexpr const char* kDeck =
    "measures\n"
    "v1 a 0 pwl(0 0.5 1 1 2 0 3 1 4 0 5 0.5 6 0.5 7 1 8 0.25)\n"
    "v2 b 0 pwl(0 0 8 1)\n"
    "r1 a 0 1k\n"
    "r2 b 0 1k\n"
    ".tran 1m 8 0 1m\n"
    ".save v(a) v(b)\n"
    ".meas tran rise2 when v(a)=0.5 rise=2\n"
    ".meas tran rise3 when v(a)=0.5 rise=3\n"
    ".meas tran fall1 when v(a)=0.5 fall=1\n"
    ".meas tran fall2 when v(a)=0.5 fall=2\n"
    ".meas tran fall_last when v(a)=0.5 fall=last\n"
    ".meas tran cross2 when v(a)=0.5 cross=2\n"
    ".meas tran delayed when v(a)=0.5 td=1.2 rise=1\n"
    ".meas tran meet when v(a)=v(b)\n"
    ".meas tran meet2 when v(a)=v(b) cross=2\n"
    ".meas tran within when v(a)=0.5 from=2.2 to=8\n"
    ".meas tran other find v(b) when v(a)=0.5 fall=2\n"
    ".meas tran there find v(a) at=1.2345\n"
    ".meas tran back trig v(a) val=0.2 rise=1 targ v(a) val=0.8 rise=1\n"
    ".meas tran delay trig v(a) val=0.2 rise=1 targ v(a) val=0.8 rise=2\n"
    ".meas tran from_at trig at=1 targ v(b) val=0.6 cross=1\n"
    ".meas tran mean avg v(a)\n"
    ".meas tran effective rms v(a)\n"
    ".meas tran area integ v(a) from=0.333 to=5.777\n"
    ".meas tran span pp v(a)\n"
    ".meas tran high max v(b)\n"
    ".meas tran low_at min_at v(a) from=1 to=3\n"
    ".meas tran sum param='rise2+2*fall1'\n"
    ".meas tran product avg par('v(a)*v(b)')\n"
    ".end\n";

// Between its points, at the same frequencies, a response is a straight line too.
constexpr const char* kAcDeck =
    "measures of phasors\n"
    "v1 a 0 ac 1\n"
    "r1 a b 1k\n"
    "c1 b 0 1u\n"
    ".ac dec 20 1 1e5\n"
    ".print ac v(b)\n"
    ".meas ac bandwidth when vdb(b)=-3\n"
    ".meas ac magnitude find vm(b) at=123\n"
    ".meas ac plain find v(b) at=123\n"
    ".meas ac phase find vp(b) at=123\n"
    ".meas ac real find vr(b) at=123\n"
    ".meas ac imaginary find vi(b) at=123\n"
    ".meas ac least min vm(b)\n"
    ".meas ac area integ vm(b)\n"
    ".end\n";

void expect_agreement(const std::string& deck, std::size_t measures) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "deck.cir", deck);
  const std::string printed = testing::shell(folder, "ngspice -b deck.cir").out;
  Simulator simulator(parse(deck));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_EQ(result.measures.size(), measures);
  for (const MeasureResult& ours : result.measures) {
    const std::regex line("(^|\n)" + ours.name + " += +([-+.0-9e]+)");
    std::smatch match;
    ASSERT_TRUE(std::regex_search(printed, match, line)) << ours.name << "\n" << printed;
    const double theirs = std::stod(match[2]);
    EXPECT_NEAR(ours.value, theirs, kPrinted * std::abs(theirs)) << ours.name << ours.failure;
  }
}

TEST(Measure, AgreesWithNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  expect_agreement(kDeck, 23);
}

TEST(Measure, OfPhasorsAgreesWithNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  expect_agreement(kAcDeck, 8);
}

}  // namespace
}  // namespace wordline
