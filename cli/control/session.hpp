// What a script has in hand while it is executed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "wordline/cli/control/vectors.hpp"
#include "wordline/engine/report.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli::control {

// What the program around a script does for it.
struct Host {
  // `tables` are the small plots beside the results.
  std::function<Report(const Circuit& circuit, const Analysis& analysis, Waveforms& results,
                       std::vector<Waveforms>& tables)>
      run;
  std::function<bool()> interrupted;
};

struct Session {
  Circuit circuit;  // as it has been altered
  Host host;
  Plots plots = {};
  std::map<std::string, std::vector<std::string>> variables = {};  // of `set`; a list has several
  std::set<std::string> skipped = {};  // commands that are not executed here
  bool has_run = false;                // an analysis
  bool has_failed_measures = false;
  std::vector<Override> overrides = {};  // of `alterparam`, from the next `reset` on
  std::uint64_t resets = 0;
  bool quit = false;

  int digits() const;  // after the point, of printed numbers
};

// The first word of a text, without its quotes; takes it off, with the blanks after it.
std::string take_word(std::string& text);

}  // namespace wordline::cli::control
