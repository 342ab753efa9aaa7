// The sources of noise that a circuit's elements list at its operating point.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "wordline/engine/noise_source.hpp"
#include "wordline/engine/operating_point.hpp"
#include "wordline/engine/solver_choice.hpp"

namespace wordline::testing {

inline std::map<std::string, NoiseSource> noise_of(const Circuit& circuit) {
  System system(circuit);
  Newton newton(system, choose_solver(circuit, circuit));
  std::vector<double> x(system.unknowns());
  Evaluation e;
  e.temperature = circuit.options.temperature;
  e.gmin = circuit.options.gmin;
  Report report;
  EXPECT_TRUE(solve_operating_point(system, newton, x, e, 100, report)) << report.message;
  std::vector<NoiseSource> sources;
  for (const auto& group : system.groups()) group->noise_sources(e, sources);
  std::map<std::string, NoiseSource> by_name;
  for (NoiseSource& source : sources) {
    EXPECT_TRUE(by_name.emplace(source.name, source).second) << source.name;
  }
  return by_name;
}

}  // namespace wordline::testing
