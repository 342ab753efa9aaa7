// Single devices against ngspice, live: currents of an operating point, and conductances and
// capacitances by a small-signal analysis, at many biases at once. ngspice computes with older
// constants, so its temperatures are chosen to have the same kT/q; what is left is the constants'
// part in permittivities (3e-6) and in band gaps.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "shell.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline::testing {

using Results = std::map<std::string, std::complex<double>>;

inline constexpr double kTolerance = 1e-6;
inline constexpr double kZeroCelsiusKelvin = 273.15;
inline constexpr double kNgspiceVoltPerKelvin = 1.38064852e-23 / 1.6021766208e-19;
inline constexpr double kGmin = 1e-15;
inline constexpr double kFrequency = 1e8;

inline double ngspice_celsius(double kelvin) {
  return kelvin * thermal_voltage(1) / kNgspiceVoltPerKelvin - kZeroCelsiusKelvin;
}

inline std::string text(double value) {
  std::ostringstream out;
  out.precision(17);
  out << value;
  return out.str();
}

// Runs a deck of elements; the results of the operating point are named "op:v1#branch", those of
// the small-signal analysis "ac:v1#branch".
inline Results run_ngspice(const std::string& elements, double kelvin, double nominal_kelvin) {
  const TemporaryFolder folder;
  write_text(folder / "deck.cir",
             "devices\n.options reltol=1e-10 abstol=1e-18 vntol=1e-12 gmin=" + text(kGmin) +
                 " temp=" + text(ngspice_celsius(kelvin)) +
                 " tnom=" + text(ngspice_celsius(nominal_kelvin)) + "\n" + elements +
                 ".control\nset numdgt=15\nop\nprint all\nac lin 1 " + text(kFrequency) + " " +
                 text(kFrequency) + "\nprint all\n.endc\n.end\n");
  const ShellResult shell = testing::shell(folder, "ngspice -b deck.cir");
  Results results;
  const std::regex line(R"(^(v\w+#branch) = ([-+.e\d]+)(?:,\s*([-+.e\d]+))?)");
  std::istringstream out(shell.out);
  for (std::string row; std::getline(out, row);) {
    std::smatch m;
    if (!std::regex_search(row, m, line)) continue;
    const bool is_ac = m[3].matched;
    results[(is_ac ? "ac:" : "op:") + m[1].str()] = {std::stod(m[2]),
                                                     is_ac ? std::stod(m[3]) : 0.0};
  }
  EXPECT_FALSE(results.empty()) << shell.out << shell.err;
  return results;
}

inline void expect_close(double ours, double theirs, double floor, const std::string& what,
                         double tolerance = kTolerance) {
  EXPECT_NEAR(ours, theirs, tolerance * std::abs(theirs) + floor) << what;
}

// By parameter name, as in a .model line.
template <class Card>
std::string model_line(const Card& card, const std::string& kind, int level = 1) {
  const Card defaults{};
  std::string line = fmt::format(".model card {}(level={} ", kind, level);
  for (const Parameter<Card>& p : Card::kParameters) {
    const double value = card.*(p.field);
    const bool is_default = value == defaults.*(p.field);
    if (std::isfinite(value) && !is_default) line += std::string(p.name) + "=" + text(value) + " ";
  }
  return line + ")\n";
}

class NgspiceTest : public ::testing::Test {
  void SetUp() override {
    if (!have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  }
};

}  // namespace wordline::testing
