// S and W: resistances that a voltage, or the current of a voltage source, switches.
//
// A switch with hysteresis keeps its state through a time step. The step in which its control
// crosses a threshold is cut where it does, and the state changes at that point. Away from time
// steps, in operating points and sweeps, it follows its control at once.
//
// The resistance of a smooth switch is a function of its control; steps are cut where that moves
// through a large part of the transition, so that none goes over it.

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <variant>

#include "wordline/base/units.hpp"
#include "wordline/devices/switch_cards.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

constexpr double kLargestPart = 0.2;  // of a smooth transition, in one step

// The part of the way from `from` to `to` at which `level` lies; beyond 1 if it does not.
double crossing(double from, double to, double level) {
  const double part = (level - from) / (to - from);
  return part > 0 ? part : std::numeric_limits<double>::infinity();
}

class Switches final : public TableGroup<Switch> {
 public:
  Switches(const Circuit& circuit, const ElementGroup& sources) : TableGroup(circuit.switches) {
    for (const Switch& s : rows()) {
      Point point;
      const ModelCard& model = circuit.models[static_cast<std::size_t>(s.model)];
      point.card = switch_card(model.type->kind, model.values);
      point.plus = s.control >= 0 ? *sources.branch(static_cast<std::size_t>(s.control)) : s.cp;
      point.minus = s.control >= 0 ? 0 : s.cn;
      points_.push_back(point);
    }
  }

  void declare(Layout& layout) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const auto& [p, n] = std::pair(row(k).p, row(k).n);
      layout.add_conductance(p, n);
      layout.add_entry(p, points_[k].plus);
      layout.add_entry(p, points_[k].minus);
      layout.add_entry(n, points_[k].plus);
      layout.add_entry(n, points_[k].minus);
    }
  }

  void reset(Dynamics& /*dynamics*/) override {
    for (std::size_t k = 0; k < size(); ++k) points_[k].on = points_[k].kept = row(k).on;
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Point& point = points_[k];
      const double control = control_at(e.x, k);
      if (e.first_iteration) {
        point.kept = point.on;
        point.turns = 0;
      }
      if (e.time == 0 && follow(point, control)) e.limited = true;
      const auto [siemens, slope] = evaluate(point, row(k), control);
      const double v = e.voltage(row(k).p, row(k).n);
      point.siemens = siemens;
      point.slope = slope * v;
      e.add_current(row(k).p, row(k).n, siemens * v, siemens * e.voltage(row(k).p, 0));
      if (e.jacobian == nullptr) continue;
      add_conductance(e.jacobian, slots(8 * k), siemens);
      add_conductance(e.jacobian, slots(8 * k + 4), point.slope * row(k).control_scale);
    }
  }

  void accept(const Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) follow(points_[k], control_at(e.x, k));
  }

  double first_event(const Evaluation& e) const override {
    double first = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < size(); ++k) {
      const double from = control_at(e.x_accepted, k);
      const double to = control_at(e.x, k);
      first = std::min(
          first, std::visit([&](const auto& card) { return event(card, points_[k].on, from, to); },
                            points_[k].card));
    }
    return first;
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    const Point& at = points_[k];
    return at.siemens * point.voltage(row(k).p, row(k).n) +
           at.slope * row(k).control_scale * point.voltage(at.plus, at.minus);
  }

  // Thermal, of the resistance that a switch has.
  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double white = thermal_noise(e.temperature + kZeroCelsius, points_[k].siemens);
      sources.push_back({row(k).p, row(k).n, names()[static_cast<Unknown>(k)], white, 0, 1});
    }
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const double v = e.voltage(row(k).p, row(k).n);
    return two_terminal_quantity(quantity, points_[k].siemens * v, v);
  }

 private:
  struct Point {
    SwitchCard card;
    Unknown plus = 0, minus = 0;  // whose difference is the control
    bool on = false;
    // What the iteration began with is the state within the hysteresis, unless the switch moves its
    // own control so that it would turn for ever.
    bool kept = false;
    int turns = 0;  // in the iteration
    double siemens = 0;
    double slope = 0;  // A by the control
  };

  double control_at(std::span<const double> x, std::size_t k) const {
    const Point& point = points_[k];
    return row(k).control_scale *
           (x[static_cast<std::size_t>(point.plus)] - x[static_cast<std::size_t>(point.minus)]);
  }

  // Whether the state has changed.
  static bool follow(Point& point, double control) {
    const auto* const card = std::get_if<HystereticSwitchCard>(&point.card);
    if (card == nullptr) return false;
    constexpr int kTurns = 3;  // away from what was kept, back, and away again
    const bool before = point.on;
    if (point.turns < kTurns) point.on = point.kept;
    if (control > card->threshold + card->hysteresis) point.on = true;
    if (control < card->threshold - card->hysteresis) point.on = false;
    if (point.on != before) ++point.turns;
    return point.on != before;
  }

  static SwitchPoint evaluate(const Point& point, const Switch& row, double control) {
    SwitchPoint result{};
    if (const auto* const card = std::get_if<HystereticSwitchCard>(&point.card)) {
      result = {1 / (point.on ? card->ron : card->roff), 0};
    } else {
      result = wordline::evaluate(std::get<SmoothSwitchCard>(point.card), control);
    }
    return {result.siemens * row.multiplicity, result.slope * row.multiplicity};
  }

  // The part of the step from one control to another after which something happens.
  static double event(const HystereticSwitchCard& card, bool on, double from, double to) {
    const double level = card.threshold + (on ? -card.hysteresis : card.hysteresis);
    const bool crosses = on ? to < level : to > level;
    return crosses ? crossing(from, to, level) : std::numeric_limits<double>::infinity();
  }

  static double event(const SmoothSwitchCard& card, bool /*on*/, double from, double to) {
    const double low = std::min(card.on, card.off);
    const double high = std::max(card.on, card.off);
    const double largest = kLargestPart * (high - low);
    const double begin = std::clamp(from, low, high);
    const double end = std::clamp(to, low, high);
    if (std::abs(end - begin) <= 1.5 * largest) return std::numeric_limits<double>::infinity();
    return crossing(from, to, begin + std::copysign(largest, end - begin));
  }

  std::vector<Point> points_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_switches(const Circuit& circuit, const ElementGroup& sources) {
  return std::make_unique<Switches>(circuit, sources);
}

}  // namespace wordline
