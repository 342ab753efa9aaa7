// All instances of one memristor model, evaluated together.
//
// The state of a device never becomes an unknown of the circuit. An implicit integration formula
// approximates dx/dt by a0 x + b; for a given voltage the bank solves
//     F(x) = a0 x + b - f(v, x) = 0   on [low, high]
// device by device, and returns the current with the consistent tangent
//     g = I_v + I_x dx/dv,   dx/dv = f_v / (a0 - f_x),  or 0 where a bound is active,
// which is the exact Schur complement of the augmented system, so the circuit's Newton iteration
// stays quadratic. A hard bound is part of the equation (projected dynamics): it is never a clamp
// after it.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "wordline/base/processor.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/state_step.hpp"

namespace wordline {

struct MemristorInstance {
  std::span<const double> parameters;  // in the order of the model's table
  double multiplicity = 1;             // that many devices in parallel
  bool flip = false;                   // terminals exchanged
  bool own = false;                    // its parameters may be set later
};

class MemristorBank {
 public:
  virtual ~MemristorBank() = default;

  virtual void reserve(std::size_t count) = 0;
  virtual void add(const MemristorInstance& instance) = 0;
  virtual std::size_t size() const = 0;
  // Gives other parameters to a device that was added as `own`.
  virtual void set_parameters(std::size_t device, std::span<const double> parameters) = 0;

  virtual Bounds bounds(std::size_t device) const = 0;
  virtual double initial_state(std::size_t device) const = 0;
  virtual double state_for_conductance(std::size_t device, double g, double v_read) const = 0;
  virtual double voltage_scale(std::size_t device) const = 0;

  // From the state as users give and see it to the one that is integrated, and back, with the slope
  // of the way back. All other functions know the integrated one alone.
  virtual double integrated_state(double shown) const = 0;
  virtual ValueAndSlope shown_state(double x) const = 0;

  // Whether the temperature is a state of its own, the same for all devices of a bank. Where it is,
  // spans of states, formulas and rates hold those of the temperatures [K] behind all others.
  virtual bool has_thermal_states() const = 0;
  // K. The first is NaN for a model that does not heat itself, the second without thermal states.
  virtual double temperature(std::size_t device, double v, double x) const = 0;
  virtual double ambient(std::size_t device) const = 0;

  // The time [s] in a transient, for models whose current depends on it.
  virtual void set_time(double seconds) = 0;
  // What moves a device's state by chance; see HasStateNoise. 0 where nothing does.
  virtual double draw_interval(std::size_t device) const = 0;
  virtual double draw_deviation(std::size_t device, double v, double x) const = 0;

  // For every device: x [in: starting guess, out: solution], current i [A] into n+ and tangent g
  // [S] at voltage v [V]. a0 [1/s] and b [state/s] are the integration formula; a0 = 0 freezes the
  // states (an operating point).
  virtual void evaluate(std::span<const double> v, double a0, std::span<const double> b,
                        std::span<double> x, std::span<double> i, std::span<double> g) const = 0;

  // The state of one device without a state of temperature, from the starting guess x.
  virtual StateSolution solve_step(std::size_t device, double v, double a0, double b,
                                   double x) const = 0;

  // Currents [A] and slopes dI/dV [S] of the devices from `first` on, one for each voltage [V], at
  // given states.
  virtual void currents(std::size_t first, std::span<const double> v, std::span<const double> x,
                        std::span<double> i, std::span<double> g) const = 0;

  // dx/dt of the projected dynamics: zero at a bound that the state presses against.
  virtual void rates(std::span<const double> v, std::span<const double> x,
                     std::span<double> rate) const = 0;

  // What the states add to the admittances [S] of small signals at s [1/s], whose rest is dI/dv:
  // dI/dx dx/dv with s dx = f_v dv + f_x dx, and nothing where a bound holds the state.
  // Temperatures that are states answer likewise.
  virtual void admittances_by_state(std::span<const double> v, std::span<const double> x,
                                    std::complex<double> s,
                                    std::span<std::complex<double>> y) const = 0;

  // Current and slope dI/dV of one device at a given state.
  virtual Partials current(std::size_t device, double v, double x) const = 0;
};

// I/V [S] of a device at a state and a voltage; at 0 V the slope at the origin.
double conductance(const MemristorBank& bank, std::size_t device, double x, double v_read);

// The state in which a device conducts g [S] at v_read. Throws Error, with what can be reached,
// where none within the bounds does.
double checked_state(const MemristorBank& bank, std::size_t device, double g, double v_read);

// The same, but the nearest bound where none does: what programming would leave.
double nearest_state(const MemristorBank& bank, std::size_t device, double g, double v_read);

// Currents of n like devices at given states, several at once, and their tangents g; g is given
// with dx/dv in it. Calls are flattened: a loop that calls a model is not vectorised.
template <Memristor M>
class CurrentKernel {
 public:
  [[gnu::flatten]] static void run(const M& model, double polarity, double multiplicity,
                                   std::size_t n, const double* v, const double* x, double* i,
                                   double* g) {
    switch (instruction_set()) {
      case InstructionSet::kAvx512:
        return run_avx512(model, polarity, multiplicity, n, v, x, i, g);
      case InstructionSet::kAvx2:
        return run_avx2(model, polarity, multiplicity, n, v, x, i, g);
      default:
        return body(model, polarity, multiplicity, n, v, x, i, g);
    }
  }

 private:
  static WORDLINE_INLINE void body(const M& model, double polarity, double multiplicity,
                                   std::size_t n, const double* v, const double* x,
                                   double* __restrict i, double* __restrict g) {
    const M m = model;  // NOLINT: a copy, which no store can change
    for (std::size_t k = 0; k < n; ++k) {
      const ValueAndSlope current =
          current_with_state(m, polarity, multiplicity, v[k], {x[k], g[k]});
      i[k] = current.value;
      g[k] = current.slope;
    }
  }
  [[gnu::flatten]] WORDLINE_AVX512 static void run_avx512(const M& model, double polarity,
                                                          double multiplicity, std::size_t n,
                                                          const double* v, const double* x,
                                                          double* i, double* g) {
    body(model, polarity, multiplicity, n, v, x, i, g);
  }
  [[gnu::flatten]] WORDLINE_AVX2 static void run_avx2(const M& model, double polarity,
                                                      double multiplicity, std::size_t n,
                                                      const double* v, const double* x, double* i,
                                                      double* g) {
    body(model, polarity, multiplicity, n, v, x, i, g);
  }
};

// dx/dt of n like devices without states of temperature, several at once; see MemristorBank::rates.
template <Memristor M>
class RateKernel {
 public:
  [[gnu::flatten]] static void run(const M& model, double polarity, std::size_t n, const double* v,
                                   const double* x, double* rate) {
    switch (instruction_set()) {
      case InstructionSet::kAvx512:
        return run_avx512(model, polarity, n, v, x, rate);
      case InstructionSet::kAvx2:
        return run_avx2(model, polarity, n, v, x, rate);
      default:
        return body(model, polarity, n, v, x, rate);
    }
  }

 private:
  static WORDLINE_INLINE void body(const M& model, double polarity, std::size_t n, const double* v,
                                   const double* x, double* __restrict rate) {
    const M m = model;  // NOLINT: a copy, which no store can change
    const Bounds bounds = m.bounds();
    for (std::size_t k = 0; k < n; ++k) {
      const double f = m.rate(polarity * v[k], x[k]).value;
      const double upward = x[k] >= bounds.high ? std::min(f, 0.0) : f;
      rate[k] = x[k] <= bounds.low ? std::max(upward, 0.0) : upward;
    }
  }
  [[gnu::flatten]] WORDLINE_AVX512 static void run_avx512(const M& model, double polarity,
                                                          std::size_t n, const double* v,
                                                          const double* x, double* rate) {
    body(model, polarity, n, v, x, rate);
  }
  [[gnu::flatten]] WORDLINE_AVX2 static void run_avx2(const M& model, double polarity,
                                                      std::size_t n, const double* v,
                                                      const double* x, double* rate) {
    body(model, polarity, n, v, x, rate);
  }
};

template <Memristor M>
class MemristorBankOf final : public MemristorBank {
 public:
  void reserve(std::size_t count) override { devices_.reserve(count); }

  void add(const MemristorInstance& instance) override {
    // Instances of one card share its model.
    if (models_.empty() || instance.own || !is_last_card(instance.parameters)) {
      card_.assign(instance.parameters.begin(), instance.parameters.end());
      models_.push_back(from_values<M>(card_));
    }
    devices_.push_back({static_cast<std::uint32_t>(models_.size() - 1), instance.flip ? -1.0 : 1.0,
                        instance.multiplicity});
    if (runs_.empty() || runs_.back().device != devices_.back()) {
      runs_.push_back({devices_.size() - 1, 0, devices_.back()});
    }
    ++runs_.back().count;
  }

  std::size_t size() const override { return devices_.size(); }
  // What others evaluate as this does.
  std::span<const M> models() const { return models_; }
  std::span<const MemristorPlace> places() const { return devices_; }
  void set_parameters(std::size_t k, std::span<const double> parameters) override {
    models_[devices_[k].model] = from_values<M>(parameters);
  }
  Bounds bounds(std::size_t k) const override { return model(k).bounds(); }
  double initial_state(std::size_t k) const override { return model(k).initial_state(); }

  double state_for_conductance(std::size_t k, double g, double v_read) const override {
    return model(k).state_for_conductance(g / devices_[k].multiplicity,
                                          devices_[k].polarity * v_read);
  }

  double voltage_scale(std::size_t k) const override { return model(k).voltage_scale(); }

  double integrated_state(double shown) const override {
    return wordline::integrated_state<M>(shown);
  }
  ValueAndSlope shown_state(double x) const override { return wordline::shown_state<M>(x); }

  bool has_thermal_states() const override {
    if constexpr (ThermalMemristor<M>) return !devices_.empty() && model(0).has_thermal_state();
    return false;
  }

  double temperature(std::size_t k, double v, double x) const override {
    if constexpr (HasTemperature<M>) {
      return model(k).temperature(devices_[k].polarity * v, x).value;
    }
    return std::numeric_limits<double>::quiet_NaN();
  }

  double ambient(std::size_t k) const override {
    if constexpr (ThermalMemristor<M>) return model(k).ambient();
    return std::numeric_limits<double>::quiet_NaN();
  }

  void set_time([[maybe_unused]] double seconds) override {
    if constexpr (DependsOnTime<M>) {
      for (M& m : models_) m.set_time(seconds);
    }
  }
  double draw_interval([[maybe_unused]] std::size_t k) const override {
    if constexpr (HasStateNoise<M>) return model(k).draw_interval();
    return 0;
  }
  double draw_deviation([[maybe_unused]] std::size_t k, [[maybe_unused]] double v,
                        [[maybe_unused]] double x) const override {
    if constexpr (HasStateNoise<M>) return model(k).draw_deviation(devices_[k].polarity * v, x);
    return 0;
  }

  void evaluate(std::span<const double> v, double a0, std::span<const double> b,
                std::span<double> x, std::span<double> i, std::span<double> g) const override {
    std::fill(g.begin(), g.end(), 0.0);
    for (std::size_t k = 0; a0 > 0 && k < devices_.size(); ++k) {
      const StateSolution state = step(k, devices_[k].polarity * v[k], a0, b, x);
      x[k] = state.x;
      g[k] = state.dx_dv;
    }
    for (const Run& run : runs_) {
      const MemristorPlace& device = run.device;
      CurrentKernel<M>::run(models_[device.model], device.polarity, device.multiplicity, run.count,
                            v.data() + run.first, x.data() + run.first, i.data() + run.first,
                            g.data() + run.first);
    }
  }

  StateSolution solve_step(std::size_t k, double v, double a0, double b, double x) const override {
    const StateSolution state = solve_state(model(k), devices_[k].polarity * v, a0, b, x);
    return {state.x, devices_[k].polarity * state.dx_dv};
  }

  void currents(std::size_t first, std::span<const double> v, std::span<const double> x,
                std::span<double> i, std::span<double> g) const override {
    std::fill(g.begin(), g.end(), 0.0);
    for (const Run& run : runs_) {
      const std::size_t from = std::max(run.first, first);
      const std::size_t to = std::min(run.first + run.count, first + v.size());
      if (from >= to) continue;
      const MemristorPlace& device = run.device;
      const std::size_t at = from - first;
      CurrentKernel<M>::run(models_[device.model], device.polarity, device.multiplicity, to - from,
                            v.data() + at, x.data() + at, i.data() + at, g.data() + at);
    }
  }

  void rates(std::span<const double> v, std::span<const double> x,
             std::span<double> rate) const override {
    if constexpr (ThermalMemristor<M>) {
      if (has_thermal_states()) return heated_rates(v, x, rate);
    }
    for (const Run& run : runs_) {
      RateKernel<M>::run(models_[run.device.model], run.device.polarity, run.count,
                         v.data() + run.first, x.data() + run.first, rate.data() + run.first);
    }
  }

  void admittances_by_state(std::span<const double> v, std::span<const double> x,
                            std::complex<double> s,
                            std::span<std::complex<double>> y) const override {
    for (std::size_t k = 0; k < devices_.size(); ++k) {
      const MemristorPlace& device = devices_[k];
      const double volts = device.polarity * v[k];
      const SmallSignalRate f = small_signal_rate(k, volts, x, s);
      const Bounds bounds = model(k).bounds();
      const bool held =
          (x[k] <= bounds.low && f.value <= 0) || (x[k] >= bounds.high && f.value >= 0);
      const std::complex<double> stiffness = s - f.dx;
      y[k] = 0;
      if (held || stiffness == 0.0) continue;
      y[k] = device.multiplicity * model(k).current(volts, x[k]).dx * f.dv / stiffness;
    }
  }

  Partials current(std::size_t k, double v, double x) const override {
    const MemristorPlace& device = devices_[k];
    const Partials c = model(k).current(device.polarity * v, x);
    return {device.polarity * device.multiplicity * c.value, device.multiplicity * c.dv,
            device.polarity * device.multiplicity * c.dx};
  }

 private:
  // Devices one after the other that are alike but for their states.
  struct Run {
    std::size_t first, count;
    MemristorPlace device;
  };

  // Bit by bit: parameters that were not given are NaN.
  bool is_last_card(std::span<const double> parameters) const {
    return parameters.size() == card_.size() &&
           std::memcmp(parameters.data(), card_.data(), parameters.size_bytes()) == 0;
  }

  const M& model(std::size_t k) const { return models_[devices_[k].model]; }

  // Solves the step of a device at its voltage v, and sets its temperature where that is a state.
  StateSolution step(std::size_t k, double v, double a0, std::span<const double> b,
                     std::span<double> x) const {
    if (!has_thermal_states()) return solve_state(model(k), v, a0, b[k], x[k]);
    const std::size_t thermal = k + devices_.size();
    return wordline::solve_step(model(k), v, {a0, b[k], b[thermal]}, x[k], &x[thermal]);
  }

  // dx/dt and how it answers to voltage and state, the temperature following by s dT.
  struct SmallSignalRate {
    double value;
    std::complex<double> dv, dx;
  };
  SmallSignalRate small_signal_rate(std::size_t k, double v, std::span<const double> x,
                                    std::complex<double> s) const {
    const M& m = model(k);
    if constexpr (ThermalMemristor<M>) {
      if (m.has_thermal_state()) {
        const ThermalPartials f = m.rate(v, x[k], x[k + devices_.size()]);
        const Partials heating = m.heating(v, x[k]);
        const std::complex<double> per_kelvin = f.dt / (s + m.cooling());
        return {f.value, f.dv + per_kelvin * heating.dv, f.dx + per_kelvin * heating.dx};
      }
    }
    const Partials f = m.rate(v, x[k]);
    return {f.value, f.dv, f.dx};
  }

  // Of states and temperatures.
  void heated_rates(std::span<const double> v, std::span<const double> x,
                    std::span<double> rate) const {
    for (std::size_t k = 0; k < devices_.size(); ++k) {
      const M& m = model(k);
      const Bounds bounds = m.bounds();
      const double volts = devices_[k].polarity * v[k];
      const double t = x[k + devices_.size()];
      rate[k + devices_.size()] = m.heating(volts, x[k]).value - m.cooling() * (t - m.ambient());
      const double f = m.rate(volts, x[k], t).value;
      const bool pressed = (x[k] <= bounds.low && f < 0) || (x[k] >= bounds.high && f > 0);
      rate[k] = pressed ? 0.0 : f;
    }
  }

  std::vector<M> models_;
  std::vector<double> card_;  // the parameter values of models_.back()
  std::vector<MemristorPlace> devices_;
  std::vector<Run> runs_;
};

}  // namespace wordline
