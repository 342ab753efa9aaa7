// Ten write pulses on a 1T1R array, by Wordline and by ngspice, each on one core.
//
//   write_1t1r [cells a side = 32] [repetitions of Wordline = 5] [alone]
//
// With `alone`, for sizes that ngspice does not finish, without ngspice and without errors.
//
// Both solve the same circuit: Wordline as it is described, ngspice as Wordline exports it. Both
// keep every time step below the same limit, at their common default tolerances. The errors are the
// largest differences from a reference (Wordline at a hundredth of the tolerance and an eighth of
// the step), as a fraction of each current's full scale, for the currents of all driven bit lines.
// Times are CPU times of the whole job: ngspice's from the start of the program, Wordline's from
// the circuit to its waveforms.
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "beside_ngspice.hpp"

namespace wordline::bench {
namespace {

constexpr double kStep = 10e-9;        // s, the longest step of both programs
constexpr double kStop = 10e-6;        // s
constexpr double kPulsePeriod = 1e-6;  // s

ModelCard make_model(const std::string& name, const ModelType* type,
                     const std::vector<std::pair<std::string, double>>& values) {
  ModelCard card{name, type, type->defaults()};
  for (const auto& [parameter, value] : values) {
    card.values.at(static_cast<std::size_t>(type->find(parameter))) = value;
  }
  return card;
}

// The bus nodes of `count` lines, each driven by a voltage source of its own.
std::vector<NodeId> drive(Circuit& circuit, const std::string& line, int count,
                          const std::vector<SourceFunction>& functions) {
  std::vector<NodeId> bus;
  for (int k = 0; k < count; ++k) {
    const std::string name = fmt::format("{}{}", line, k);
    bus.push_back(circuit.nodes.intern(name));
    circuit.voltage_sources.add("v" + name,
                                {bus.back(), 0, functions[static_cast<std::size_t>(k)]});
  }
  return bus;
}

// One row is selected; on every other bit line stand write pulses between 1.2 V and 1.8 V.
Circuit make_array(int side) {
  Circuit circuit;
  circuit.title = fmt::format("write pulses on a {0}x{0} 1T1R array", side);
  circuit.models.push_back(make_model("cell", find_model_type("memristor", "yakopcic"),
                                      {{"a1", 2e-3}, {"a2", 2e-3}, {"ap", 1e5}, {"an", 1e5}}));
  circuit.models.push_back(make_model("select", find_model_type("nmos", 1),
                                      {{"vto", 0.5}, {"kp", 2e-4}, {"lambda", 0.02}}));

  const Pulse select{.v1 = 0,
                     .v2 = 3,
                     .delay = 10e-9,
                     .rise = 10e-9,
                     .fall = 10e-9,
                     .width = 2 * kStop,
                     .period = 4 * kStop};
  std::vector<SourceFunction> words(static_cast<std::size_t>(side));
  words[words.size() / 2].shape = select;
  std::vector<SourceFunction> bits(static_cast<std::size_t>(side));
  for (std::size_t k = 0; k < bits.size(); k += 2) {
    const double amplitude = 1.2 + 0.6 * static_cast<double>(k) / side;
    bits[k].shape = Pulse{.v1 = 0,
                          .v2 = amplitude,
                          .delay = 0.1e-6,
                          .rise = 10e-9,
                          .fall = 10e-9,
                          .width = 0.5e-6,
                          .period = kPulsePeriod};
    circuit.outputs.push_back({.kind = OutputRequest::Kind::kCurrent,
                               .first = fmt::format("vbl{}", k),
                               .second = "",
                               .label = fmt::format("i(vbl{})", k),
                               .analysis = "",
                               .where = {}});
  }

  Crossbar array;
  array.name = "xb";
  array.rows = array.cols = side;
  array.cell = CellKind::k1T1R;
  array.memristor = 0;
  array.transistor = 1;
  array.width = 10e-6;
  array.length = 1e-6;
  array.source_along_columns = true;
  array.values = {0.01};
  array.word.driver = array.bit.driver = array.source.driver = 20;
  array.word.bus = drive(circuit, "wl", side, words);
  array.bit.bus = drive(circuit, "bl", side, bits);
  array.source.bus.assign(static_cast<std::size_t>(side), 0);
  circuit.crossbars.push_back(array);
  circuit.analyses.push_back(
      {TranAnalysis{.step = kStep, .stop = kStop, .start = 0, .max_step = kStep}, {}});
  return circuit;
}

void print_row(const std::string& name, const Run& run, const Waveforms& reference) {
  fmt::print("{:<28}{:>10.3f}{:>10}{:>14.1e}\n", name, run.seconds, run.waveforms.points(),
             error(run.waveforms, reference));
}

void compare(int side, int repetitions, bool alone) {
  const Circuit circuit = make_array(side);
  if (alone) {
    const Run run = run_wordline(circuit);
    fmt::print("{}, 10 pulses in 10 us: {:.2f} s of CPU time, {} points\n", circuit.title,
               run.seconds, run.waveforms.points());
    return;
  }
  Circuit fine = circuit;
  fine.options.reltol /= 100;
  std::get<TranAnalysis>(fine.analyses.front().what).max_step /= 8;
  const Waveforms reference = run_wordline(fine).waveforms;

  Circuit general = circuit;
  general.options.solver = SolverKind::kKlu;
  const Run ours = median_run(circuit, repetitions);
  const Run by_klu = median_run(general, repetitions);
  const Run theirs = run_ngspice(circuit);

  fmt::print("{}, 10 pulses in 10 us\n\n", circuit.title);
  fmt::print("{:<28}{:>10}{:>10}{:>14}\n", "", "CPU s", "points", "error of f.s.");
  print_row(fmt::format("Wordline (median of {})", repetitions), ours, reference);
  print_row("the same by KLU alone", by_klu, reference);
  print_row("ngspice", theirs, reference);
  fmt::print("\nratios of the times: {:.1f}, by KLU alone {:.1f}\n", theirs.seconds / ours.seconds,
             theirs.seconds / by_klu.seconds);
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  const int side = argc > 1 ? std::atoi(argv[1]) : 32;
  const int repetitions = argc > 2 ? std::atoi(argv[2]) : 5;
  const bool alone = argc == 4 && std::string_view(argv[3]) == "alone";
  if (argc > (alone ? 4 : 3) || side < 1 || repetitions < 1) {
    fmt::print(stderr, "usage: write_1t1r [cells a side] [repetitions] [alone]\n");
    return 2;
  }
  try {
    wordline::bench::compare(side, repetitions, alone);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
