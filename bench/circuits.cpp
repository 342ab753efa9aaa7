// General circuits, by Wordline and by ngspice from the same decks, each on one core.
//
//   circuits [folder of decks = bench/circuits] [repetitions = 5]
//
// Both run each deck at its tolerances and below its longest step. What ngspice takes for the local
// error of a charge is a sixth of it: its divided difference of the third order is not yet the
// derivative. A second run of ngspice has `trtol` smaller by that, so that both programs allow the
// same error. The reference is Wordline at a hundredth of the tolerance and a quarter of the step.
// Times are CPU times of the whole job, of Wordline from the parsed circuit, of ngspice from the
// start of the program; what it takes to start is shown by a deck of one resistor and taken off.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "beside_ngspice.hpp"

namespace wordline::bench {
namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw Error("cannot read " + path.string());
  return text.str();
}

Circuit finer(Circuit circuit) {
  circuit.options.reltol /= 100;
  circuit.options.vntol /= 100;
  std::get<TranAnalysis>(circuit.analyses.front().what).max_step /= 4;
  return circuit;
}

// A deck with one more line before its .end.
std::string with_line(std::string deck, const std::string& line) {
  deck.insert(deck.rfind(".end"), line + "\n");
  return deck;
}

double median_seconds_of_ngspice(const std::string& deck, int repetitions, Run& last) {
  std::vector<double> seconds;
  for (int k = 0; k < repetitions; ++k) {
    last = run_ngspice(deck);
    seconds.push_back(last.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

void compare(const std::filesystem::path& folder, int repetitions) {
  std::vector<std::filesystem::path> decks;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cir") decks.push_back(entry.path());
  }
  std::sort(decks.begin(), decks.end());
  Run theirs;
  const double start = median_seconds_of_ngspice("start\nv1 a 0 1\nr1 a 0 1\n.tran 1 1\n.end\n",
                                                 repetitions, theirs);
  fmt::print("{0:<18}{1:>11}{2:>9}{3:>11}{4:>11}{2:>9}{3:>11}{5:>8}{4:>17}{2:>9}{3:>11}{5:>8}\n",
             "", "Wordline s", "points", "error/f.s.", "ngspice s", "ratio");
  for (const std::filesystem::path& deck : decks) {
    const std::string text = read_text(deck);
    const Circuit circuit = parse(text);
    const Run ours = median_run(circuit, repetitions);
    const Waveforms reference = run_wordline(finer(circuit)).waveforms;
    fmt::print("{:<18}{:>11.3f}{:>9}{:>11.1e}", deck.stem().string(), ours.seconds,
               ours.waveforms.points(), error(ours.waveforms, reference));
    const std::string same_error =
        with_line(text, fmt::format(".options trtol={}", circuit.options.trtol / 6));
    for (const auto& [their_deck, width] : {std::pair{text, 11}, std::pair{same_error, 17}}) {
      const double seconds = median_seconds_of_ngspice(their_deck, repetitions, theirs) - start;
      fmt::print("{:>{}.3f}{:>9}{:>11.1e}{:>8.2f}", seconds, width, theirs.waveforms.points(),
                 error(theirs.waveforms, reference), seconds / ours.seconds);
    }
    fmt::print("\n");
  }
  fmt::print("\nngspice's start, taken off: {:.3f} s\n", start);
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  const int repetitions = argc > 2 ? std::atoi(argv[2]) : 5;
  if (argc > 3 || repetitions < 1) {
    fmt::print(stderr, "usage: circuits [folder] [repetitions]\n");
    return 2;
  }
  try {
    wordline::bench::compare(argc > 1 ? argv[1] : "bench/circuits", repetitions);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
