// What writing does to cells that are not written: a passive array of 64x64 cells, sixteen of which
// are programmed one after the other under V/2, at line resistances from 0 to 20 ohm.
//
//   half_select >half_select.csv
//
// Every cell needs its pulse at its own terminals. The more of it is lost in the lines, the higher
// the voltage at the buses has to be, and half of that is more than the cells near the drivers can
// stand.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "wordline/wordline.hpp"

namespace {

using namespace wordline;
using namespace wordline::crossbar;

constexpr int kSide = 64;
constexpr int kEvery = 4;  // of the diagonal's cells one in so many is written

Circuit make_circuit(double ohm) {
  return parse(
      fmt::format("half select\n"
                  ".model cell memristor type=vteam iv=exp ron=10k roff=200k kon=-10m koff=10m "
                  "aon=3 aoff=3 von=-0.5 voff=0.5\n"
                  ".crossbar xb rows={0} cols={0} memristor=cell g=10u r_wl={1} r_bl={1} "
                  "rs_wl=50 rs_bl=50\n",
                  kSide, ohm),
      "half_select.cir");
}

struct Disturbance {
  double volts = 0;    // the largest pulse
  double largest = 0;  // of the conductance at the beginning
  double rms = 0;
  int reached = 0;
};

Disturbance write(double ohm) {
  const Circuit circuit = make_circuit(ohm);
  PulsedArray array(circuit.crossbars[0], circuit);
  const Matrix before = array.conductances();
  Matrix targets = before;
  for (int k = 0; k < kSide; k += kEvery) targets(k, k) = 25e-6;

  // Steps of 20 mV, for the cells that are written; all others are left alone.
  RuleSettings settings{.width = 5e-9};
  settings.positive = settings.negative = {.volts = .8, .volts_step = .02, .most_volts = 3};
  Disturbance found;
  const PulseRule steps = increment_steps(settings);
  const PulseRule rule = [&](const CellHistory& history) -> std::optional<CellPulse> {
    if (history.target == before.values[0]) return std::nullopt;
    const std::optional<CellPulse> pulse = steps(history);
    if (pulse) found.volts = std::max(found.volts, std::abs(pulse->volts));
    return pulse;
  };
  const Programmed done = program(
      array, targets, rule, {.scheme = WriteScheme::kHalf, .by_row = false, .tolerance = .02});
  for (int k = 0; k < kSide; k += kEvery) {
    const auto diagonal = static_cast<std::size_t>(k);
    const std::size_t cell = diagonal * kSide + diagonal;
    found.reached += done.outcome[cell] == CellOutcome::kReached ? 1 : 0;
  }
  found.largest = done.largest_disturbance / before.values[0];
  found.rms = done.rms_disturbance / before.values[0];
  return found;
}

}  // namespace

int main() {
  try {
    fmt::print("ohm,volts,largest,rms,reached\n");
    for (const double ohm : {0., .5, 1., 2., 3., 5., 7., 10., 15., 20.}) {
      const Disturbance d = write(ohm);
      fmt::print("{:g},{:.3f},{:.4e},{:.4e},{}\n", ohm, d.volts, d.largest, d.rms, d.reached);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return EXIT_FAILURE;
  }
}
