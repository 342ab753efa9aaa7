// Short decks run, and signals read at any time, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::testing {

// The first analysis of these lines below a title.
inline Result run(const std::string& lines) {
  Circuit circuit = parse("title\n" + lines, "deck.cir");
  const Analysis analysis = circuit.analyses.at(0);
  Result result = Simulator(std::move(circuit)).run(analysis);
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// A signal at a time, on the straight line between the points beside it.
inline double at(const Result& result, const std::string& signal, double time) {
  const auto t = result["time"];
  const auto next = std::upper_bound(t.begin(), t.end(), time);
  if (next == t.end()) return result[signal].back();
  const auto k = static_cast<std::size_t>(next - t.begin());
  return std::lerp(result[signal][k - 1], result[signal][k], (time - t[k - 1]) / (t[k] - t[k - 1]));
}

}  // namespace wordline::testing
