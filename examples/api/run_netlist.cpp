// Loads a netlist, runs its analyses and prints where every signal ended.
#include <cstdio>
#include <exception>
#include <wordline/wordline.hpp>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: run_netlist deck.cir\n");
    return 2;
  }
  try {
    wordline::Simulator simulator(wordline::load(argv[1]));
    for (const wordline::Analysis& analysis : simulator.circuit().analyses) {
      const wordline::Result result = simulator.run(analysis);
      std::printf("%s: %zu points, %lld iterations\n", result.waveforms.header().plotname.c_str(),
                  result.waveforms.points(), static_cast<long long>(result.report.iterations));
      if (!result.report.ok()) {
        std::fprintf(stderr, "%s\n", result.report.message.c_str());
        return 1;
      }
      for (const wordline::Signal& signal : result.waveforms.header().signals) {
        std::printf("  %s = %s\n", signal.name.c_str(),
                    wordline::engineering(result[signal.name].back(), signal.unit).c_str());
      }
    }
  } catch (const std::exception& error) {  // every fault of the netlist, with file and line
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
