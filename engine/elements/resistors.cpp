#include <cmath>

#include "wordline/base/units.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

class Resistors final : public TableGroup<Resistor> {
 public:
  explicit Resistors(const Circuit& circuit) : TableGroup(circuit.resistors) {
    siemens_.reserve(size());
    for (const Resistor& r : rows()) siemens_.push_back(1 / r.ohms);
  }

  void declare(Layout& layout) override {
    for (const Resistor& r : rows()) layout.add_conductance(r.p, r.n);
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) add_conductance(jacobian, slots(4 * k), siemens_[k]);
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double v = e.voltage(row(k).p, row(k).n);
      e.add_current(row(k).p, row(k).n, siemens_[k] * v, siemens_[k] * e.voltage(row(k).p, 0));
    }
  }

  void set_value(std::size_t k, double ohms) override { siemens_[k] = 1 / ohms; }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point,
                                                     std::size_t k) const override {
    return siemens_[k] * point.voltage(row(k).p, row(k).n);
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const double v = e.voltage(row(k).p, row(k).n);
    return two_terminal_quantity(quantity, siemens_[k] * v, v);
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double white = thermal_noise(e.temperature + kZeroCelsius, std::abs(siemens_[k]));
      sources.push_back({row(k).p, row(k).n, names()[static_cast<Unknown>(k)], white, 0, 1});
    }
  }

 private:
  std::vector<double> siemens_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_resistors(const Circuit& circuit) {
  return std::make_unique<Resistors>(circuit);
}

}  // namespace wordline
