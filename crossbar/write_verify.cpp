#include "wordline/crossbar/write_verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

constexpr double kMostError = 1e-4;  // of the states' range
constexpr int kFirstSteps = 8;
constexpr int kMostSteps = 1 << 14;

void check(const MemristorBank& bank, std::span<const double> states, const Matrix& targets,
           const WriteVerify& s) {
  const std::size_t n = bank.size();
  if (targets.values.size() != n || states.size() != n ||
      targets.rows * targets.cols != std::ssize(targets.values)) {
    throw Error(fmt::format("{} targets and {} states for {} devices", targets.values.size(),
                            states.size(), n));
  }
  if (bank.has_thermal_states()) {
    throw Error("devices whose temperature has a memory are not programmed by pulses alone");
  }
  for (const double g : targets.values) {
    if (!(g > 0 && std::isfinite(g))) throw Error(fmt::format("a target of {:g} S cannot be", g));
  }
  if (!(s.width > 0 && std::isfinite(s.width))) {
    throw Error(fmt::format("pulses of {:g} s cannot be", s.width));
  }
  if (!(s.positive > 0 && s.negative < 0 && s.positive <= s.most_volts &&
        -s.negative <= s.most_volts && s.ramp >= 0)) {
    throw Error(fmt::format("pulses of {} and {} V, growing by {} to {} V, cannot be", s.positive,
                            s.negative, s.ramp, s.most_volts));
  }
  if (!(s.tolerance > 0) || s.most_pulses < 1 || s.sweeps < 1) {
    throw Error("a tolerance, a number of pulses or of sweeps that is not positive");
  }
}

class Programmer {
 public:
  Programmer(const MemristorBank& bank, std::span<double> states, const Matrix& targets,
             const WriteVerify& settings)
      : bank_(bank),
        x_(states),
        targets_(targets),
        s_(settings),
        rise_(bank.size(), settings.positive),
        fall_(bank.size(), settings.negative),
        pulses_(bank.size()) {}

  Written run() {
    for (int sweep = 0; sweep < s_.sweeps; ++sweep) {
      if (s_.scheme == WriteScheme::kSelected) {
        program(all());
      } else {
        for (std::size_t k = 0; k < bank_.size(); ++k) program({k});
      }
    }
    Written written{{targets_.rows, targets_.cols, {}}, std::move(pulses_), {}};
    for (std::size_t k = 0; k < bank_.size(); ++k) {
      written.conductance.values.push_back(read(k));
      written.is_reached.push_back(is_reached(k) ? 1 : 0);
    }
    return written;
  }

 private:
  std::vector<std::size_t> all() const {
    std::vector<std::size_t> devices(bank_.size());
    for (std::size_t k = 0; k < devices.size(); ++k) devices[k] = k;
    return devices;
  }

  double read(std::size_t k) const { return conductance(bank_, k, x_[k], s_.v_read); }

  bool is_reached(std::size_t k) const {
    const double g = read(k);
    const double target = targets_.values[k];
    return std::abs(g - target) <= s_.tolerance * std::max(g, target);
  }

  // Pulses for these devices, each its own, until all are near enough or given up.
  void program(std::vector<std::size_t> devices) {
    for (const std::size_t k : devices) {
      rise_[k] = s_.positive;
      fall_[k] = s_.negative;
    }
    for (int pulse = 0; pulse < s_.most_pulses; ++pulse) {
      std::erase_if(devices, [&](std::size_t k) { return is_reached(k); });
      std::vector<double> volts(bank_.size());
      std::erase_if(devices, [&](std::size_t k) {
        const double v = choose(k);
        if (v != 0) select(k, v, volts);
        return v == 0;
      });
      if (devices.empty()) return;
      std::vector<double> before;
      for (const std::size_t k : devices) before.push_back(read(k));
      give(volts);
      for (std::size_t k = 0; k < devices.size(); ++k) {
        ++pulses_[devices[k]];
        grow_where_stuck(devices[k], before[k], volts[devices[k]]);
      }
      std::erase_if(devices, [&](std::size_t k) { return is_given_up(k); });
    }
  }

  // The voltage that takes a device towards its target; 0 where none up to the largest does.
  double choose(std::size_t k) {
    const double wanted = targets_.values[k] - read(k);
    while (true) {
      for (const double v : {rise_[k], fall_[k]}) {
        if (moves(k, v) * wanted > 0) return v;
      }
      const double before = rise_[k] - fall_[k];
      rise_[k] = std::min(rise_[k] + s_.ramp, s_.most_volts);
      fall_[k] = std::max(fall_[k] - s_.ramp, -s_.most_volts);
      if (rise_[k] - fall_[k] == before) return 0;
    }
  }

  // The sign of the conductance's change under a voltage.
  double moves(std::size_t k, double v) {
    volts_.assign(bank_.size(), 0);
    rates_.resize(bank_.size());
    volts_[k] = v;
    bank_.rates(volts_, x_, rates_);
    if (rates_[k] == 0) return 0;
    const Bounds bounds = bank_.bounds(k);
    const double a_little = std::copysign(1e-6 * (bounds.high - bounds.low), rates_[k]);
    const double there = std::clamp(x_[k] + a_little, bounds.low, bounds.high);
    return conductance(bank_, k, there, s_.v_read) - read(k);
  }

  // What all devices see while one is given a pulse.
  void select(std::size_t selected, double v, std::vector<double>& volts) const {
    if (s_.scheme != WriteScheme::kSelected) {
      const bool is_half = s_.scheme == WriteScheme::kHalf;
      const auto cols = static_cast<std::size_t>(targets_.cols);
      for (std::size_t k = 0; k < volts.size(); ++k) {
        const bool on_line = k / cols == selected / cols || k % cols == selected % cols;
        volts[k] = is_half ? (on_line ? v / 2 : 0) : (on_line ? v / 3 : -v / 3);
      }
    }
    volts[selected] = v;
  }

  // All devices through one pulse: n implicit Euler steps and twice as many, extrapolated, with an
  // n for which the two differ little.
  void give(const std::vector<double>& volts) {
    std::vector<double> coarse = after(volts, kFirstSteps);
    for (int steps = 2 * kFirstSteps;; steps *= 2) {
      std::vector<double> fine = after(volts, steps);
      double error = 0;
      for (std::size_t k = 0; k < fine.size(); ++k) {
        const Bounds b = bank_.bounds(k);
        error = std::max(error, std::abs(fine[k] - coarse[k]) / (b.high - b.low));
      }
      if (error <= kMostError || steps >= kMostSteps) {
        for (std::size_t k = 0; k < fine.size(); ++k) {
          const Bounds b = bank_.bounds(k);
          x_[k] = std::clamp(2 * fine[k] - coarse[k], b.low, b.high);
        }
        return;
      }
      coarse = std::move(fine);
    }
  }

  std::vector<double> after(const std::vector<double>& volts, int steps) {
    const double a0 = steps / s_.width;
    std::vector<double> x(x_.begin(), x_.end());
    std::vector<double> b(x.size());
    currents_.resize(x.size());
    slopes_.resize(x.size());
    for (int k = 0; k < steps; ++k) {
      std::transform(x.begin(), x.end(), b.begin(), [a0](double state) { return -a0 * state; });
      bank_.evaluate(volts, a0, b, x, currents_, slopes_);
    }
    return x;
  }

  void grow_where_stuck(std::size_t k, double before, double v) {
    if (std::abs(read(k) - before) > s_.least_move * before) return;
    double& amplitude = v > 0 ? rise_[k] : fall_[k];
    const double grown = std::min(std::abs(amplitude) + s_.ramp, s_.most_volts);
    // Nothing moves it any more.
    amplitude = grown == std::abs(amplitude) ? 0 : std::copysign(grown, v);
  }

  bool is_given_up(std::size_t k) const { return rise_[k] == 0 || fall_[k] == 0; }

  const MemristorBank& bank_;
  std::span<double> x_;
  const Matrix& targets_;
  const WriteVerify& s_;
  std::vector<double> rise_, fall_;  // V, the next pulse of either sign of each device
  std::vector<std::int32_t> pulses_;
  std::vector<double> volts_, rates_, currents_, slopes_;  // scratch
};

}  // namespace

Written write_verify(const MemristorBank& bank, std::span<double> states, const Matrix& targets,
                     const WriteVerify& settings) {
  check(bank, states, targets, settings);
  return Programmer(bank, states, targets, settings).run();
}

}  // namespace wordline::crossbar
