// Programming of a whole array by pulses through its solved circuit.
//
//   programming [cells a side = 128] [row | cell]
//
// A 1T1R array of VTEAM memristors, 1 ohm a segment and 20 ohm a driver, from the state of high
// resistance to random conductances within 1 %, by write-verify with growing pulses: a row at once,
// and cell by cell. Everything a pulse does to every cell is in it: wires, drivers, transistors.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "wordline/base/random.hpp"
#include "wordline/crossbar/program.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::bench {
namespace {

using namespace crossbar;

Circuit make_circuit(int side) {
  return parse(
      fmt::format(
          "programming\n"
          ".model cell memristor type=vteam iv=exp ron=10k roff=200k kon=-10m koff=10m aon=3 "
          "aoff=3 von=-0.3 voff=0.3\n"
          ".model select nmos level=1 vto=0.4 kp=200u gamma=0.3 phi=0.8 lambda=0.05\n"
          ".crossbar xb rows={0} cols={0} cell=1t1r memristor=cell transistor=select "
          "w=10u l=0.2u r_wl=1 r_bl=1 r_sl=1 rs_wl=20 rs_bl=20 rs_sl=20\n",
          side),
      "programming.cir");
}

// Resistances from 12 to 150 kohm, their logarithms uniform.
Matrix random_targets(int side) {
  Matrix targets{side, side, {}};
  RandomStream random(1, 0, 0);
  for (int k = 0; k < side * side; ++k) {
    targets.values.push_back(1 / (12e3 * std::pow(12.5, random.uniform())));
  }
  return targets;
}

void run(int side, bool by_row) {
  const Circuit circuit = make_circuit(side);
  const Matrix targets = random_targets(side);
  RuleSettings rule{.positive = {.volts = .6, .volts_step = .05, .most_volts = 2},
                    .negative = {.volts = .6, .volts_step = .05, .most_volts = 2},
                    .width = 1e-9};
  const ProgramSettings settings{.by_row = by_row,
                                 .progress = [](int /*sweep*/, std::int64_t cells) {
                                   fmt::print(stderr, "\r{} cells", cells);
                                   return true;
                                 }};
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cpu_begin = std::clock();
  PulsedArray array(circuit.crossbars[0], circuit);
  const Programmed done = program(array, targets, increment_steps(rule), settings);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double cpu = static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC;
  fmt::print(stderr, "\r");
  std::int64_t pulses = 0;
  for (const std::int32_t each : done.pulses) pulses += each;
  fmt::print("{:<14}{:>8.1f}{:>8.1f}{:>10}{:>11}{:>13}{:>13.3e}{:>13.3e}{:>13.1e}\n",
             by_row ? "row by row" : "cell by cell", seconds, cpu, done.reached, pulses,
             done.array_pulses, done.delivered, done.seconds, done.largest_disturbance);
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  const int side = argc > 1 ? std::atoi(argv[1]) : 128;
  const std::string_view how = argc > 2 ? argv[2] : "";
  if (argc > 3 || side < 1 || (!how.empty() && how != "row" && how != "cell")) {
    fmt::print(stderr, "usage: programming [cells a side] [row | cell]\n");
    return 2;
  }
  fmt::print("{0} x {0} cells\n{1:<14}{2:>8}{3:>8}{4:>10}{5:>11}{6:>13}{7:>13}{8:>13}{9:>13}\n",
             side, "", "time s", "CPU s", "reached", "pulses", "at the array", "energy J",
             "duration s", "disturbed S");
  for (const bool by_row : {true, false}) {
    if (how == (by_row ? "cell" : "row")) continue;
    wordline::bench::run(side, by_row);
  }
}
