#include "gpu_cells.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/pulsed_array.hpp"
#include "wordline/netlist/read.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::bench {
namespace {

using crossbar::Method;

Circuit circuit_of(std::int32_t n) {
  return parse(fmt::format("cells with transistors\n"
                           ".model cell memristor type=yakopcic a1=0.3m a2=0.2m b=2\n"
                           ".model select nmos level=1 vto=0.4 kp=200u lambda=0.02\n"
                           ".crossbar xb rows={0} cols={0} cell=1t1r memristor=cell "
                           "transistor=select w=2u l=0.2u r_bl=1 r_sl=1 rs_bl=20 rs_sl=20\n",
                           n),
               "cells.cir");
}

crossbar::Buses selected(std::int32_t n) {
  const auto lines = static_cast<std::size_t>(n);
  crossbar::Buses volts{std::vector<double>(lines, 2.0), {}, {}};
  for (std::size_t k = 0; k < lines; ++k) {
    volts.bit.push_back(0.9 + 0.3 * static_cast<double>(k % 7) / 7);
  }
  return volts;
}

struct Timed {
  double ms = 0;
  std::string note;
};

Timed timed(const std::function<std::string()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string note = work();
  const auto end = std::chrono::steady_clock::now();
  return {std::chrono::duration<double, std::milli>(end - begin).count(), note};
}

// From 0 V; the second time, when memory is there and kernels are loaded.
Timed operating_point(const Circuit& circuit, const crossbar::Buses& volts, Method method) {
  crossbar::Array array(circuit.crossbars[0], circuit, {.tolerance = 1e-9, .method = method});
  Timed result;
  for (int k = 0; k < 2; ++k) {
    array.restart();
    result = timed([&] {
      const crossbar::SolveReport report = array.solve(volts).report;
      return fmt::format("{} steps, {} its", report.newton, report.inner);
    });
  }
  return result;
}

Timed write(const Circuit& circuit, const crossbar::Buses& volts, Method method) {
  constexpr double kWidth = 1e-5;  // s
  crossbar::PulsedArray array(circuit.crossbars[0], circuit, {.method = method});
  return timed([&] {
    const crossbar::PulseReport report = array.apply({.volts = volts, .width = kWidth});
    return fmt::format("{} cells, {} steps", report.moved, report.steps);
  });
}

}  // namespace

void print_cells(std::int32_t n) {
  const Circuit circuit = circuit_of(n);
  const crossbar::Buses volts = selected(n);
  const bool has_gpu = why_no_gpu().empty();
  fmt::print("\n1T1R, {0}x{0}: ms on all cores{1}\n", n,
             has_gpu ? ", on the GPU, their ratio" : "");
  const auto row = [&](const char* name, const auto& run) {
    const Timed cores = run(Method::kKrylov);
    fmt::print("{:<20}{:>12.1f}", name, cores.ms);
    if (has_gpu) {
      const Timed gpu = run(Method::kCuda);
      fmt::print("{:>12.1f}{:>8.1f}", gpu.ms, cores.ms / gpu.ms);
    }
    fmt::print("  ({})\n", cores.note);
  };
  row("operating point", [&](Method method) { return operating_point(circuit, volts, method); });
  row("write of all cells", [&](Method method) { return write(circuit, volts, method); });
}

}  // namespace wordline::bench
