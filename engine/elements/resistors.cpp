#include <fmt/format.h>

#include <cmath>
#include <map>

#include "wordline/base/units.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

class Resistors final : public TableGroup<Resistor> {
 public:
  explicit Resistors(const Circuit& circuit)
      : TableGroup(circuit.resistors),
        laws_(circuit.resistor_laws),
        ac_ohms_(circuit.ac_resistances),
        celsius_(circuit.options.temperature) {
    siemens_.reserve(size());
    for (const Resistor& r : rows()) siemens_.push_back(1 / r.ohms);
    for (const auto& [k, law] : laws_) ohms_[k] = row(static_cast<std::size_t>(k)).ohms;
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

  void set_value(std::size_t k, double ohms) override {
    siemens_[k] = 1 / ohms;
    const auto lawful = ohms_.find(static_cast<std::int32_t>(k));
    if (lawful == ohms_.end()) return;
    lawful->second = ohms;
    follow_law(lawful->first);
  }

  void set_temperature(double celsius) override {
    celsius_ = celsius;
    for (const auto& [k, law] : laws_) follow_law(k);
  }

  void add_small_signal(const Evaluation& /*evaluation*/, std::complex<double> /*s*/,
                        std::complex<double>* jacobian) const override {
    for (const auto& [element, ohms] : ac_ohms_) {
      const auto k = static_cast<std::size_t>(element);
      add_conductance(jacobian, slots(4 * k), std::complex(ac_siemens(k) - siemens_[k]));
    }
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    return ac_siemens(k) * point.voltage(row(k).p, row(k).n);
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const double v = e.voltage(row(k).p, row(k).n);
    return two_terminal_quantity(quantity, siemens_[k] * v, v);
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double celsius = own_temperature(static_cast<std::int32_t>(k), e.temperature);
      const double white = thermal_noise(celsius + kZeroCelsius, std::abs(ac_siemens(k)));
      sources.push_back({row(k).p, row(k).n, names()[static_cast<Unknown>(k)], white, 0, 1});
    }
  }

 private:
  void follow_law(std::int32_t k) {
    const double ohms = ohms_.at(k) * laws_.at(k).factor(celsius_);
    if (ohms == 0) {
      throw Error(fmt::format("'{}' has no resistance at {} C", names()[k], celsius_));
    }
    siemens_[static_cast<std::size_t>(k)] = 1 / ohms;
  }

  // In small signals, where a resistance of its own may be given.
  double ac_siemens(std::size_t k) const {
    const auto k32 = static_cast<std::int32_t>(k);
    const auto found = ac_ohms_.find(k32);
    if (found == ac_ohms_.end()) return siemens_[k];
    const auto law = laws_.find(k32);
    return 1 / (found->second * (law == laws_.end() ? 1 : law->second.factor(celsius_)));
  }

  double own_temperature(std::int32_t k, double celsius) const {
    const auto law = laws_.find(k);
    return law == laws_.end() ? celsius : law->second.own_temperature(celsius);
  }

  std::vector<double> siemens_;
  const std::map<std::int32_t, TemperatureLaw>& laws_;
  const std::map<std::int32_t, double>& ac_ohms_;
  std::map<std::int32_t, double> ohms_;  // at the nominal temperature, of those with a law
  double celsius_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_resistors(const Circuit& circuit) {
  return std::make_unique<Resistors>(circuit);
}

}  // namespace wordline
