// What happened in examples/write_read_1t1r.cir, as a table, from its rawfile: every pulse with the
// conductance of the written cell before and after it, the read currents, and how far the
// neighbours moved.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace {

using wordline::engineering;
using wordline::Waveforms;

const std::string kCell = "xb.m[5,7]";
const std::vector<std::string> kNeighbours = {"xb.m[5,6]", "xb.m[5,8]", "xb.m[4,7]", "xb.m[6,7]"};

struct Pulse {
  double start, end;  // s, where the line leaves 0 V and is back
  double amplitude;   // V
};

// The intervals in which a voltage is away from zero.
std::vector<Pulse> find_pulses(const Waveforms& waveforms, const std::string& signal) {
  constexpr double kAwayFromZero = 1e-3;  // V
  const auto time = waveforms.column(0);
  const auto voltage = waveforms[signal];
  std::vector<Pulse> pulses;
  bool inside = false;
  for (std::size_t k = 1; k < time.size(); ++k) {
    const bool away = std::abs(voltage[k]) > kAwayFromZero;
    if (away && !inside) pulses.push_back({time[k - 1], time.back(), 0});
    if (away) pulses.back().amplitude = std::max(pulses.back().amplitude, std::abs(voltage[k]));
    if (!away && inside) pulses.back().end = time[k];
    inside = away;
  }
  return pulses;
}

void print_pulses(const Waveforms& waveforms) {
  const std::vector<Pulse> on_bit_line = find_pulses(waveforms, "v(bl[7])");
  const std::vector<Pulse> on_source_line = find_pulses(waveforms, "v(sl[7])");
  double largest = 0;
  for (const Pulse& pulse : on_bit_line) largest = std::max(largest, pulse.amplitude);

  struct Row {
    Pulse pulse;
    const char* purpose;
  };
  std::vector<Row> rows;
  rows.reserve(on_bit_line.size() + on_source_line.size());
  for (const Pulse& pulse : on_bit_line) {
    rows.push_back({pulse, pulse.amplitude > largest / 2 ? "set" : "read"});
  }
  for (const Pulse& pulse : on_source_line) rows.push_back({pulse, "reset"});
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.pulse.start < b.pulse.start; });

  const std::string conductance = "@" + kCell + "[g]";
  fmt::print("{:>10}  {:<6}{:>8}{:>12}{:>12}{:>12}\n", "start", "pulse", "height", "G before",
             "G after", "current");
  for (const auto& [pulse, purpose] : rows) {
    const double middle = 0.5 * (pulse.start + pulse.end);
    fmt::print("{:>10}  {:<6}{:>8}{:>12}{:>12}{:>12}\n", engineering(pulse.start, "s", 3), purpose,
               engineering(pulse.amplitude, "V", 3),
               engineering(waveforms.at(conductance, pulse.start), "S"),
               engineering(waveforms.at(conductance, pulse.end), "S"),
               engineering(std::abs(waveforms.at("i(" + kCell + ")", middle)), "A"));
  }
}

void print_disturbance(const Waveforms& waveforms) {
  double largest = -1;
  std::string where;
  for (const std::string& neighbour : kNeighbours) {
    const auto state = waveforms["@" + neighbour + "[x]"];
    for (const double x : state) {
      const double change = std::abs(x - state.front());
      if (change > largest) {
        largest = change;
        where = neighbour;
      }
    }
  }
  fmt::print("largest change of a neighbour's state: {:.1e} of its range ({})\n", largest, where);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: write_read_table write_read_1t1r.raw\n");
    return 2;
  }
  try {
    const Waveforms waveforms = wordline::read_rawfile(argv[1]).at(0);
    print_pulses(waveforms);
    print_disturbance(waveforms);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
