#include "wordline/crossbar/state_integrator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wordline::crossbar {

namespace {

// Stage i is the state x_i = x + h sum_j kA[i][j] f_j; the last is the end of the step.
constexpr double kGamma = 0.43586652150845899942;
constexpr double kLast1 = -(6 * kGamma * kGamma - 16 * kGamma + 1) / 4;
constexpr double kLast2 = (6 * kGamma * kGamma - 20 * kGamma + 5) / 4;
constexpr double kA[3][3] = {
    {kGamma, 0, 0}, {(1 - kGamma) / 2, kGamma, 0}, {kLast1, kLast2, kGamma}};
// Of second order, by the first two stages alone: their weights sum to 1 and the moment to 1/2.
constexpr double kEmbedded[3] = {kGamma / (1 - kGamma), (1 - 2 * kGamma) / (1 - kGamma), 0};

// A part of the duration: what runs away faster is a jump.
constexpr double kShortest = 1e-9;

}  // namespace

StateIntegrator::StateIntegrator(MovingCircuit& circuit, std::vector<std::size_t> moving,
                                 double tolerance)
    : circuit_(circuit),
      moving_(std::move(moving)),
      tolerance_(tolerance),
      start_(moving_.size()),
      b_(moving_.size()) {
  CellMemristors& memristors = circuit_.cells().memristors();
  for (const std::size_t k : moving_) bounds_.push_back(memristors.bank().bounds(k));
  for (Stage& stage : stages_) {
    stage.rate.resize(moving_.size());
    stage.power.resize(memristors.size() + 1);
  }
}

bool StateIntegrator::solve_stage(double h, int number) {
  CellMemristors& memristors = circuit_.cells().memristors();
  const double a0 = 1 / (h * kGamma);
  for (std::size_t k = 0; k < b_.size(); ++k) {
    double x = start_[k];
    for (int j = 0; j < number; ++j) x += h * kA[number][j] * stages_[j].rate[k];
    b_[k] = -a0 * x;
  }
  memristors.set_formula(a0, b_);
  if (!circuit_.solve()) return false;
  Stage& stage = stages_[number];
  for (std::size_t k = 0; k < b_.size(); ++k) {
    stage.rate[k] = a0 * memristors.states()[moving_[k]] + b_[k];
  }
  const ArrayTables x = circuit_.lines();
  const ArrayTables i = circuit_.currents();
  for (std::size_t k = 0; k < memristors.size(); ++k) {
    stage.power[k] = x.row[k] * i.row[k] + x.col[k] * i.col[k];
  }
  stage.power.back() = circuit_.delivered();
  return true;
}

bool StateIntegrator::step(double h) {
  for (int stage = 0; stage < 3; ++stage) {
    if (!solve_stage(h, stage)) return false;
  }
  return true;
}

// Of all states, and of the energies of their cells, over their tolerances.
double StateIntegrator::error(double h) const {
  // An energy's tolerance, relative to what the step would bring at its largest power.
  constexpr double kEnergy = 100;
  double largest = 0;
  for (std::size_t k = 0; k < moving_.size(); ++k) {
    double state = 0;
    double energy = 0;
    double most_power = 0;
    for (int j = 0; j < 3; ++j) {
      const double weight = kA[2][j] - kEmbedded[j];
      const double watt = stages_[j].power[moving_[k]];
      state += weight * stages_[j].rate[k];
      energy += weight * watt;
      most_power = std::max(most_power, std::abs(watt));
    }
    const double range = bounds_[k].high - bounds_[k].low;
    largest = std::max(largest, std::abs(h * state) / (tolerance_ * range));
    if (most_power > 0) {
      largest = std::max(largest, std::abs(energy) / (kEnergy * tolerance_ * most_power));
    }
  }
  return largest;
}

// No state moves by more than a tenth of its range at its first speed.
double StateIntegrator::first_step(double duration) {
  constexpr double kPart = 0.1;
  CellMemristors& memristors = circuit_.cells().memristors();
  std::vector<double> v(memristors.size());
  std::vector<double> rate(memristors.size());
  circuit_.cells().memristor_volts(circuit_.lines(), v);
  memristors.bank().rates(v, memristors.states(), rate);
  double h = duration;
  for (std::size_t k = 0; k < moving_.size(); ++k) {
    const double range = bounds_[k].high - bounds_[k].low;
    if (rate[moving_[k]] != 0) h = std::min(h, kPart * range / std::abs(rate[moving_[k]]));
  }
  return std::max(h, kShortest * duration);
}

StateIntegrator::Outcome StateIntegrator::run(double duration,
                                              const std::function<void(double)>& accepted) {
  constexpr double kShrink = 0.2, kGrow = 5, kSafety = 0.9;
  CellMemristors& memristors = circuit_.cells().memristors();
  Outcome outcome;
  outcome.cell_energy.resize(memristors.size());
  double h = first_step(duration);
  memristors.follow(moving_);
  for (double time = 0; time < duration;) {
    for (std::size_t k = 0; k < moving_.size(); ++k) {
      start_[k] = memristors.states()[moving_[k]];
    }
    const bool is_last = time + h >= duration * (1 - kShortest);
    if (is_last) h = duration - time;
    const bool is_shortest = h <= kShortest * duration;
    const bool solved = step(h);
    const double e = solved ? error(h) : std::numeric_limits<double>::infinity();
    if (!solved && is_shortest) {
      outcome.ok = false;
      break;
    }
    if (e > 1 && !is_shortest) {
      ++outcome.rejected;
      for (std::size_t k = 0; k < moving_.size(); ++k) {
        memristors.states()[moving_[k]] = start_[k];
      }
    } else {
      ++outcome.steps;
      time = is_last ? duration : time + h;
      for (int j = 0; j < 3; ++j) {
        const double weight = h * kA[2][j];
        for (std::size_t k = 0; k < memristors.size(); ++k) {
          outcome.cell_energy[k] += weight * stages_[j].power[k];
        }
        outcome.delivered += weight * stages_[j].power.back();
      }
      if (accepted) accepted(time);
    }
    h *= std::clamp(kSafety / std::cbrt(e), kShrink, kGrow);
    h = std::max(h, kShortest * duration);
  }
  memristors.follow({});
  return outcome;
}

}  // namespace wordline::crossbar
