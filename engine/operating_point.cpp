#include "wordline/engine/operating_point.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "wordline/engine/topology.hpp"

namespace wordline {

namespace {

class OperatingPoint {
 public:
  OperatingPoint(Newton& newton, Evaluation& evaluation, int max_iterations, Report& report)
      : newton_(newton),
        evaluation_(evaluation),
        max_iterations_(max_iterations),
        report_(report) {}

  bool direct(std::vector<double>& x) { return attempt(x, 0, 1); }

  // A conductance from every node to ground, taken away bit by bit.
  bool gmin_stepping(std::vector<double>& x) {
    constexpr double kStart = 1e-2;  // S
    constexpr double kEnd = 1e-13;   // S
    std::fill(x.begin(), x.end(), 0.0);
    double factor = 10;
    double shunt = kStart;
    if (!attempt(x, shunt, 1)) return false;
    while (shunt > kEnd) {
      std::vector<double> trial = x;
      if (attempt(trial, shunt / factor, 1)) {
        x = std::move(trial);
        shunt /= factor;
        factor = std::min(factor * factor, 10.0);
      } else {
        factor = std::sqrt(factor);
        if (factor < 1.001) return false;
      }
    }
    return attempt(x, 0, 1);
  }

  // A capacitance from every node to ground lets the circuit settle from rest, in steps of backward
  // Euler that grow: shunt = C/h, and the current C/h times the voltages before.
  bool pseudo_transient(std::vector<double>& x) {
    constexpr double kStart = 1;     // S
    constexpr double kEnd = 1e-13;   // S
    constexpr double kMost = 1e6;    // S
    constexpr int kMostSteps = 500;  // some circuits never settle
    std::fill(x.begin(), x.end(), 0.0);
    double shunt = kStart;
    for (int step = 0; step < kMostSteps && shunt > kEnd; ++step) {
      std::vector<double> injected = x;
      for (double& current : injected) current *= shunt;
      std::vector<double> trial = x;
      if (attempt(trial, shunt, 1, injected)) {
        x = std::move(trial);
        shunt /= 2;
      } else if ((shunt *= 8) > kMost) {
        return false;
      }
    }
    return attempt(x, 0, 1);
  }

  // All independent sources raised together from zero.
  bool source_stepping(std::vector<double>& x) {
    constexpr double kSmallestStep = 1e-6;
    std::fill(x.begin(), x.end(), 0.0);
    if (!attempt(x, 0, 0)) return false;
    double scale = 0;
    double step = 0.1;
    while (scale < 1) {
      const double next = std::min(1.0, scale + step);
      std::vector<double> trial = x;
      if (attempt(trial, 0, next)) {
        x = std::move(trial);
        scale = next;
        step *= 2;
      } else {
        step /= 4;
        if (step < kSmallestStep) return false;
      }
    }
    return true;
  }

 private:
  bool attempt(std::vector<double>& x, double shunt, double source_scale,
               std::span<const double> injected = {}) {
    start_ = x;
    evaluation_.x_accepted = start_;
    evaluation_.source_scale = source_scale;
    const Newton::Settings settings{
        .max_iterations = max_iterations_, .shunt = shunt, .injected = injected};
    const bool ok = newton_.solve(x, evaluation_, settings, report_) == Newton::Status::kConverged;
    evaluation_.source_scale = 1;
    return ok;
  }

  Newton& newton_;
  Evaluation& evaluation_;
  int max_iterations_;
  Report& report_;
  std::vector<double> start_;
};

// The solution with devices given as `off` held at no voltage, from where they are set free.
void start_with_off_devices(const System& system, OperatingPoint& solver, Evaluation& evaluation,
                            std::vector<double>& x) {
  const auto groups = system.groups();
  if (std::none_of(groups.begin(), groups.end(), [](const auto& g) { return g->has_off(); }))
    return;
  std::vector<double> trial = x;
  evaluation.hold_off = true;
  if (solver.direct(trial)) x = std::move(trial);
  evaluation.hold_off = false;
}

}  // namespace

bool solve_operating_point(System& system, Newton& newton, std::vector<double>& x,
                           Evaluation& evaluation, int max_iterations, Report& report) {
  system.dynamics().freeze();
  OperatingPoint solver(newton, evaluation, max_iterations, report);
  start_with_off_devices(system, solver, evaluation, x);
  const Options& options = system.options();
  struct Way {
    bool wanted;
    const char* name;
    bool (OperatingPoint::*solve)(std::vector<double>&);
  };
  const std::array<Way, 4> ways = {
      {{!options.skip_direct, "", &OperatingPoint::direct},
       {options.gmin_steps > 0, "gmin", &OperatingPoint::gmin_stepping},
       {options.source_steps > 0, "source", &OperatingPoint::source_stepping},
       {true, "pseudo-transient", &OperatingPoint::pseudo_transient}}};
  const std::vector<double> start = x;
  report.message.clear();
  for (const Way& way : ways) {
    if (!way.wanted) continue;
    x = start;
    if (!(solver.*way.solve)(x)) continue;
    report.homotopy = way.name;
    report.message.clear();
    report.worst.clear();
    evaluation.x_accepted = x;
    report.residual = std::max(report.residual, newton.residual_fraction());
    return true;
  }
  if (report.message.empty()) {
    report.message =
        "no operating point found: Newton's method, gmin stepping, source stepping and a "
        "pseudo-transient failed";
  }
  evaluation.x_accepted = x;
  return false;
}

void guess_from_node_sets(System& system, Newton& newton, std::vector<double>& x,
                          Evaluation& evaluation, const std::map<NodeId, double>& initial) {
  const Circuit& circuit = system.circuit();
  if (circuit.node_sets.empty()) return;
  std::map<NodeId, double> held = circuit.node_sets;
  for (const auto& [node, voltage] : initial) held[node] = voltage;
  drop_nodes_fixed_by_sources(circuit, held);
  system.constrain(held);
  std::vector<double> guess = x;
  Report unused;
  if (solve_operating_point(system, newton, guess, evaluation, system.options().itl1, unused)) {
    x = std::move(guess);
  }
  system.release();
}

}  // namespace wordline
