// Whole waveforms: the bank, stepped by the trapezoidal rule, against solutions of the models'
// differential equations to 1e-12 (SciPy's DOP853; the files name stimulus and parameters). The
// tolerance is 1e-4 of the range of the state, and 1e-4 of the largest current.
#include <gtest/gtest.h>

#include <utility>

#include "memristor_stepper.hpp"

namespace wordline {
namespace {

using testing::expect_waveform;
using testing::piecewise;
using testing::sine;

TEST(VteamWaveforms, SineAgainstHardBounds) {
  expect_waveform({.file = "vteam_sine_hardbounds.csv",
                   .model = "vteam",
                   .parameters = {},
                   .x0 = 1e-9,
                   .source = [](double t) { return sine(0.3, 5e7, t); }},
                  3e-9);
}

TEST(VteamWaveforms, ExponentialCurveWithWindow) {
  expect_waveform({.file = "vteam_window_exp.csv",
                   .model = "vteam",
                   .parameters = {{"ron", 1e3},
                                  {"roff", 1e5},
                                  {"kon", -0.1},
                                  {"koff", 0.05},
                                  {"alpha_on", 2},
                                  {"alpha_off", 2},
                                  {"von", -0.3},
                                  {"voff", 0.4},
                                  {"wc", 107e-12},
                                  {"a_on", 0.5e-9},
                                  {"a_off", 2.5e-9},
                                  {"window", 1},
                                  {"iv", 1}},
                   .x0 = 1.5e-9,
                   .source = [](double t) { return sine(1, 1e7, t); }},
                  3e-9);
}

TEST(VteamWaveforms, SetAndResetPulsesOfStatefulLogic) {
  static constexpr std::pair<double, double> kPulses[] = {{0, 0},      {1e-9, -2.2}, {2.5e-9, -2.2},
                                                          {3.5e-9, 0}, {4.5e-9, 0},  {5.5e-9, 0.9},
                                                          {8e-9, 0.9}, {9e-9, 0},    {1e-8, 0}};
  expect_waveform({.file = "vteam_magic_pulses.csv",
                   .model = "vteam",
                   .parameters = {{"ron", 1e3},
                                  {"roff", 3e5},
                                  {"kon", -216.2},
                                  {"koff", 0.091},
                                  {"aon", 4},
                                  {"aoff", 4},
                                  {"von", -1.5},
                                  {"voff", 0.3}},
                   .x0 = 3e-9,
                   .source = [](double t) { return piecewise(kPulses, t); }},
                  3e-9);
}

TEST(YakopcicWaveforms, SineOnSilverChalcogenide) {
  expect_waveform({.file = "yakopcic_oblea_sine.csv",
                   .model = "yakopcic",
                   .parameters = {},
                   .x0 = 0.11,
                   .source = [](double t) { return sine(0.45, 100, t); }},
                  1);
}

TEST(YakopcicWaveforms, SineThroughASeriesResistance) {
  expect_waveform({.file = "yakopcic_xyce_series50.csv",
                   .model = "yakopcic",
                   .parameters = {},
                   .x0 = 0.11,
                   .source = [](double t) { return sine(0.5, 100, t); },
                   .series = 50},
                  1);
}

TEST(YakopcicWaveforms, TriangleOnTantalumOxide) {
  static constexpr std::pair<double, double> kTriangle[] = {
      {0, 0}, {5, 0.75}, {10, 0}, {15, -1.25}, {20, 0}};
  expect_waveform({.file = "yakopcic_miao_triangle.csv",
                   .model = "yakopcic",
                   .parameters = {{"a1", 0.11},
                                  {"a2", 0.11},
                                  {"b", 0.5},
                                  {"ap", 7.5},
                                  {"an", 2},
                                  {"vp", 0.09},
                                  {"vn", 0.75}},
                   .x0 = 0.11,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

TEST(YakopcicWaveforms, TriangleOnAmorphousSilicon) {
  static constexpr std::pair<double, double> kTriangle[] = {{0, 0},      {1.25, 4}, {2.5, 0},
                                                            {3.125, -2}, {3.75, 0}, {5, 0}};
  expect_waveform({.file = "yakopcic_jo_triangle.csv",
                   .model = "yakopcic",
                   .parameters = {{"a1", 3.7e-7},
                                  {"a2", 4.35e-7},
                                  {"b", 0.7},
                                  {"ap", 0.005},
                                  {"an", 0.08},
                                  {"vp", 1.5},
                                  {"vn", 0.5},
                                  {"alphap", 1.2},
                                  {"alphan", 3},
                                  {"xp", 0.2},
                                  {"xn", 0.5}},
                   .x0 = 0.1,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

TEST(YakopcicGeneralWaveforms, TriangleOnStrontiumTitanate) {
  static constexpr std::pair<double, double> kTriangle[] = {
      {0, 0}, {1, 1}, {2, 0}, {4, -2}, {6, 0}};
  expect_waveform({.file = "yakgen_srtio3_triangle.csv",
                   .model = "yakopcic_general",
                   .parameters = {},
                   .x0 = 0,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

TEST(TeamWaveforms, SineThroughAResistance) {
  expect_waveform({.file = "team_sine_series.csv",
                   .model = "team",
                   .parameters = {{"kon", -4.68e-22},
                                  {"koff", 1.46e-18},
                                  {"alphaon", 10},
                                  {"alphaoff", 10},
                                  {"window", 4},
                                  {"wc", 107e-12},
                                  {"aon", 1.8e-9},
                                  {"aoff", 1.2e-9}},
                   .x0 = 0.8e-9,
                   .source = [](double t) { return sine(1, 1e3, t); },
                   .series = 50},
                  3e-9);
}

TEST(MmsWaveforms, Sine) {
  expect_waveform({.file = "mms_sine.csv",
                   .model = "mms",
                   .parameters = {},
                   .x0 = 0,
                   .source = [](double t) { return sine(0.5, 100, t); }},
                  1);
}

TEST(MmsWaveforms, SineWithTheSchottkyBranch) {
  expect_waveform({.file = "mms_generalized_sine.csv",
                   .model = "mms",
                   .parameters = {{"tau", 1e-3}, {"phi", 0.8}},
                   .x0 = 0.4,
                   .source = [](double t) { return sine(0.45, 200, t); }},
                  1);
}

TEST(PemWaveforms, Sine) {
  expect_waveform(
      {.file = "pem_sine.csv",
       .model = "pem",
       .parameters = {},
       .x0 = 0.3,
       .source = [](double t) { return sine(1.2, 100, t); },
       .curves = {{"fxpdata", {0, 0.8, 0.5, 0.6, 1, 0}}, {"fxmdata", {0, 0, 0.4, -0.3, 1, -0.5}}}},
      1);
}

TEST(PershinWaveforms, SineAgainstHardBounds) {
  expect_waveform({.file = "pershin_sine.csv",
                   .model = "pershin",
                   .parameters = {},
                   .x0 = 7e3,
                   .source = [](double t) { return sine(3, 1e8, t); }},
                  9e3);
}

TEST(PershinWaveforms, DriftBelowTheThreshold) {
  static constexpr std::pair<double, double> kCorners[] = {{0, 0},       {1e-9, 1.2},  {3e-9, 0.5},
                                                           {6e-9, -1.1}, {8e-9, -0.6}, {1e-8, 0}};
  expect_waveform(
      {.file = "pershin_subthreshold.csv",
       .model = "pershin",
       .parameters = {{"ron", 2e3}, {"roff", 2e4}, {"alpha", 1e10}, {"beta", 6e12}, {"vt", 0.8}},
       .x0 = 6e3,
       .source = [](double t) { return piecewise(kCorners, t); }},
      1.8e4);
}

TEST(DataDrivenWaveforms, Pulses) {
  static constexpr std::pair<double, double> kPulses[] = {
      {0, 0}, {1e-6, 1}, {3e-6, 1}, {4e-6, -2}, {8e-6, -2}, {9e-6, 0}, {1e-5, 0}};
  expect_waveform({.file = "dd2021_pulses.csv",
                   .model = "data_driven",
                   .parameters = {},
                   .x0 = 2800,
                   .source = [](double t) { return piecewise(kPulses, t); }},
                  1400);
}

TEST(DataDriven2018Waveforms, Pulses) {
  static constexpr std::pair<double, double> kPulses[] = {{0, 0},       {1e-4, 1},    {3e-4, 1},
                                                          {4e-4, -1.2}, {6e-4, -1.2}, {7e-4, 0}};
  expect_waveform({.file = "dd2018_pulses.csv",
                   .model = "data_driven2018",
                   .parameters = {},
                   .x0 = 6e3,
                   .source = [](double t) { return piecewise(kPulses, t); }},
                  15720);
}

TEST(UmichWoxWaveforms, TriangleAndDecay) {
  static constexpr std::pair<double, double> kTriangle[] = {
      {0, 0}, {1, 1.5}, {2, 0}, {3, -1.5}, {4, 0}};
  expect_waveform({.file = "umich_wox_triangle.csv",
                   .model = "umich_wox",
                   .parameters = {},
                   .x0 = 0.1,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

TEST(MemdiodeWaveforms, Triangle) {
  static constexpr std::pair<double, double> kTriangle[] = {
      {0, 0}, {1, 1.4}, {2, 0}, {3, -1.4}, {4, 0}};
  expect_waveform({.file = "dmm_triangle.csv",
                   .model = "memdiode",
                   .parameters = {},
                   .x0 = 0,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

}  // namespace
}  // namespace wordline
