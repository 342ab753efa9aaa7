// Lossless transmission lines by the method of characteristics (F. H. Branin, Proc. IEEE 55 (1967)
// 2012): what leaves one port as v + z0 i arrives at the other, a delay later, as v - z0 i.
//
// What has left the ports is remembered at the accepted points of a transient and interpolated
// between them: by parabolas, but never over a corner. No step is longer than the delay, so that
// what arrives is always known; and a corner that leaves a port is one when it arrives.

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

// Both ports of a line at one time: what leaves them.
struct Wave {
  double time;
  std::array<double, 2> value;
  bool corner;
};

// The course of what left a line, as far back as its delay.
class WaveHistory {
 public:
  void restart(const std::array<double, 2>& value) { waves_.assign(1, {0, value, true}); }

  void add(const Wave& wave, double delay) {
    waves_.push_back(wave);
    // What has arrived at both ends before the last point is not needed again, but for two points
    // that a parabola may use.
    std::size_t old = 0;
    while (old + 4 < waves_.size() && waves_[old + 3].time < wave.time - delay) ++old;
    constexpr std::size_t kWorthMoving = 64;
    if (old > std::max(kWorthMoving, waves_.size() / 2)) {
      waves_.erase(waves_.begin(), waves_.begin() + static_cast<std::ptrdiff_t>(old));
    }
  }

  double at(double time, std::size_t port) const {
    if (time <= waves_.front().time) return waves_.front().value[port];
    if (time >= waves_.back().time) return waves_.back().value[port];
    const auto after = std::upper_bound(waves_.begin(), waves_.end(), time,
                                        [](double t, const Wave& wave) { return t < wave.time; });
    const auto k = static_cast<std::size_t>(after - waves_.begin());  // between k - 1 and k
    if (!waves_[k].corner && k + 1 < waves_.size()) return parabola(k - 1, time, port);
    if (!waves_[k - 1].corner && k >= 2) return parabola(k - 2, time, port);
    const Wave& a = waves_[k - 1];
    const Wave& b = waves_[k];
    return std::lerp(a.value[port], b.value[port], (time - a.time) / (b.time - a.time));
  }

  // Whether a bend in what leaves a port lies at the last but one point, of which `corner` says
  // that something happened there. The step after it may be no more than an instant.
  bool bends(double reltol, double floor) const {
    const std::size_t n = waves_.size();
    if (n < 2 || !waves_[n - 2].corner) return false;
    if (n < 3) return true;
    const Wave& a = waves_[n - 3];
    const Wave& b = waves_[n - 2];
    const Wave& c = waves_[n - 1];
    const auto differs = [&](std::size_t port) {
      const double before = (b.value[port] - a.value[port]) / (b.time - a.time);
      const double after = (c.value[port] - b.value[port]) / (c.time - b.time);
      const double change = std::abs(after - before) * std::max(b.time - a.time, c.time - b.time);
      const double size = std::max(std::abs(b.value[port]), std::abs(c.value[port]));
      return change > reltol * size + floor;
    };
    return differs(0) || differs(1);
  }
  double last_but_one() const { return waves_[waves_.size() - 2].time; }

 private:
  // Through three points from k on.
  double parabola(std::size_t k, double time, std::size_t port) const {
    const Wave& a = waves_[k];
    const Wave& b = waves_[k + 1];
    const Wave& c = waves_[k + 2];
    const double ab = (b.value[port] - a.value[port]) / (b.time - a.time);
    const double bc = (c.value[port] - b.value[port]) / (c.time - b.time);
    const double bend = (bc - ab) / (c.time - a.time);
    return a.value[port] + (time - a.time) * (ab + bend * (time - b.time));
  }

  std::vector<Wave> waves_;
};

class TransmissionLines final : public TableGroup<TransmissionLine> {
 public:
  explicit TransmissionLines(const Circuit& circuit)
      : TableGroup(circuit.lines), options_(circuit.options), states_(size()) {}

  void declare(Layout& layout) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const std::string name = names()[static_cast<Unknown>(k)];
      const TransmissionLine& line = row(k);
      const Unknown first = layout.add_unknown("i(" + name + ".1)");
      const Unknown second = layout.add_unknown("i(" + name + ".2)");
      states_[k].current = {first, second};
      declare_port(layout, line.p1, line.n1, first);
      declare_port(layout, line.p2, line.n2, second);
      declare_far_port(layout, first, line.p2, line.n2, second);
      declare_far_port(layout, second, line.p1, line.n1, first);
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) load(e, k);
  }

  void initialise(Evaluation& /*evaluation*/) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const TransmissionLine& line = row(k);
      states_[k].history.restart(
          {line.v1 + line.impedance * line.i1, line.v2 + line.impedance * line.i2});
      states_[k].is_started = true;
    }
  }

  void reset(Dynamics& /*dynamics*/) override {
    for (State& state : states_) state.is_started = false;
    arrivals_.clear();
  }

  void accept(const Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      State& state = states_[k];
      const std::array<double, 2> leaving = {leaving_at(e, k, 0), leaving_at(e, k, 1)};
      if (!state.is_started) {
        state.history.restart(leaving);
        state.is_started = true;
        continue;
      }
      if (e.time == 0) continue;  // the course before is as given
      state.history.add({e.time, leaving, e.corner}, row(k).delay);
      if (!state.history.bends(options_.reltol, options_.vntol)) continue;
      const double arrival = state.history.last_but_one() + row(k).delay;
      arrivals_.insert(std::upper_bound(arrivals_.begin(), arrivals_.end(), arrival), arrival);
    }
    arrivals_.erase(arrivals_.begin(),
                    std::lower_bound(arrivals_.begin(), arrivals_.end(), e.time));
  }

  // v - z0 i at each port is v + z0 i at the other, late by the delay; what add_jacobian() has for
  // a line at rest is taken back.
  void add_small_signal(const Evaluation& /*evaluation*/, std::complex<double> s,
                        std::complex<double>* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double z = row(k).impedance;
      const std::int32_t* slot = slots(16 * k);
      const std::complex<double> late = std::exp(-s * row(k).delay);
      jacobian[slot[4]] -= z;
      jacobian[slot[10]] += 1.0 - late;
      jacobian[slot[11]] -= 1.0 - late;
      jacobian[slot[12]] -= z * late;
      jacobian[slot[7]] += 1;
      jacobian[slot[8]] -= 1;
      jacobian[slot[9]] -= 2 * z;
      jacobian[slot[13]] -= late;
      jacobian[slot[14]] += late;
      jacobian[slot[15]] -= z * (1.0 + late);
    }
  }

  double next_corner(double time) const override {
    const auto next = std::upper_bound(arrivals_.begin(), arrivals_.end(), time);
    return next == arrivals_.end() ? std::numeric_limits<double>::infinity() : *next;
  }

  double longest_step() const override {
    double longest = std::numeric_limits<double>::infinity();
    for (const TransmissionLine& line : rows()) longest = std::min(longest, line.delay);
    return longest;
  }

  // Of the first port.
  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, current(e, k, 0), voltage(e, k, 0));
  }
  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    return point.voltage(states_[k].current[0], 0);
  }

 private:
  struct State {
    std::array<Unknown, 2> current{};
    WaveHistory history;
    bool is_started = false;
  };

  static void declare_port(Layout& layout, NodeId p, NodeId n, Unknown branch) {
    layout.add_entry(p, branch);
    layout.add_entry(n, branch);
    layout.add_entry(branch, p);
    layout.add_entry(branch, n);
    layout.add_entry(branch, branch);
  }

  static void declare_far_port(Layout& layout, Unknown branch, NodeId p, NodeId n, Unknown other) {
    layout.add_entry(branch, p);
    layout.add_entry(branch, n);
    layout.add_entry(branch, other);
  }

  double voltage(const Evaluation& e, std::size_t k, std::size_t port) const {
    const TransmissionLine& line = row(k);
    return port == 0 ? e.voltage(line.p1, line.n1) : e.voltage(line.p2, line.n2);
  }
  double current(const Evaluation& e, std::size_t k, std::size_t port) const {
    return e.x[static_cast<std::size_t>(states_[k].current.at(port))];
  }
  double leaving_at(const Evaluation& e, std::size_t k, std::size_t port) const {
    return voltage(e, k, port) + row(k).impedance * current(e, k, port);
  }

  void load(Evaluation& e, std::size_t k) {
    const TransmissionLine& line = row(k);
    const State& state = states_[k];
    const auto [first, second] = state.current;
    e.add_current(line.p1, line.n1, current(e, k, 0));
    e.add_current(line.p2, line.n2, current(e, k, 1));
    const bool at_rest = e.dynamics->a0() == 0 || e.small_signal;
    if (at_rest) {
      e.add_two(first, voltage(e, k, 0), -voltage(e, k, 1));
      e.add_two(second, line.impedance * current(e, k, 0), line.impedance * current(e, k, 1));
    } else {
      for (const std::size_t port : {std::size_t{0}, std::size_t{1}}) {
        const Unknown branch = state.current.at(port);
        e.add_two(branch, voltage(e, k, port), -line.impedance * current(e, k, port));
        e.add(branch, -state.history.at(e.time - line.delay, 1 - port));
      }
    }
    if (e.jacobian != nullptr) add_jacobian(e.jacobian, slots(16 * k), line.impedance, at_rest);
  }

  // Slots: five of each port (p branch, n branch, branch p, branch n, branch branch), then three of
  // each branch by the other port (branch p, branch n, branch other).
  static void add_jacobian(double* jacobian, const std::int32_t* slot, double impedance,
                           bool at_rest) {
    for (const std::int32_t* port : {slot, slot + 5}) {
      jacobian[port[0]] += 1;
      jacobian[port[1]] -= 1;
    }
    jacobian[slot[2]] += 1;
    jacobian[slot[3]] -= 1;
    if (at_rest) {
      jacobian[slot[10]] -= 1;
      jacobian[slot[11]] += 1;
      jacobian[slot[9]] += impedance;
      jacobian[slot[15]] += impedance;
    } else {
      jacobian[slot[4]] -= impedance;
      jacobian[slot[7]] += 1;
      jacobian[slot[8]] -= 1;
      jacobian[slot[9]] -= impedance;
    }
  }

  const Options& options_;
  std::vector<State> states_;
  std::vector<double> arrivals_;  // s, when corners will reach the other ends; ascending
};

}  // namespace

std::unique_ptr<ElementGroup> make_transmission_lines(const Circuit& circuit) {
  return std::make_unique<TransmissionLines>(circuit);
}

}  // namespace wordline
