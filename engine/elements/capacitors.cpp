#include <cmath>

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

class Capacitors final : public TableGroup<Capacitor> {
 public:
  explicit Capacitors(const Circuit& circuit)
      : TableGroup(circuit.capacitors), options_(circuit.options), laws_(circuit.capacitor_laws) {
    farads_.reserve(size());
    for (const Capacitor& c : rows()) farads_.push_back(c.farads);
  }

  void declare(Layout& layout) override {
    first_site_ =
        layout.add_sites(size(), {.floor = options_.chgtol, .rate_floor = options_.abstol});
    for (const Capacitor& c : rows()) layout.add_conductance(c.p, c.n);
  }

  void load_linear(double a0, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      add_conductance(jacobian, slots(4 * k), a0 * farads_[k]);
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Capacitor& c = row(k);
      const double q = farads_[k] * e.voltage(c.p, c.n);
      e.add_current(c.p, c.n, e.dynamics->derivative(first_site_ + k, q), e.dynamics->a0() * q);
    }
  }

  void set_temperature(double celsius) override {
    for (const auto& [element, law] : laws_) {
      const auto k = static_cast<std::size_t>(element);
      farads_[k] = row(k).farads * law.factor(celsius);
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Capacitor& c = row(k);
      const double v = std::isnan(c.initial) ? e.voltage(c.p, c.n) : c.initial;
      e.dynamics->derivative(first_site_ + k, farads_[k] * v);
    }
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    return point.s * farads_[k] * point.voltage(row(k).p, row(k).n);
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, e.dynamics->rate(first_site_ + k),
                                 e.voltage(row(k).p, row(k).n));
  }

 private:
  const Options& options_;
  const std::map<std::int32_t, TemperatureLaw>& laws_;
  std::vector<double> farads_;
  std::size_t first_site_ = 0;
};

}  // namespace

std::unique_ptr<ElementGroup> make_capacitors(const Circuit& circuit) {
  return std::make_unique<Capacitors>(circuit);
}

}  // namespace wordline
