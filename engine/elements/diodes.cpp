#include "wordline/devices/diode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "wordline/base/units.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

constexpr std::array<Quantity, 8> kQuantities = {{{"i", "current", "A"},
                                                  {"v", "voltage", "V"},
                                                  {"p", "power", "W"},
                                                  {"id", "current", "A"},
                                                  {"vd", "voltage", "V"},
                                                  {"gd", "admittance", "S"},
                                                  {"cd", "capacitance", "F"},
                                                  {"qd", "charge", "C"}}};

class Diodes final : public TableGroup<DiodeInstance> {
 public:
  explicit Diodes(const Circuit& circuit) : TableGroup(circuit.diodes), circuit_(circuit) {
    junctions_.resize(size());
    for (std::size_t k = 0; k < size(); ++k) junctions_[k].inner = row(k).p;
  }

  void declare(Layout& layout) override {
    set_temperature(circuit_.options.temperature);
    for (std::size_t k = 0; k < size(); ++k) {
      Junction& j = junctions_[k];
      j.first_entry = entries_;
      if (models_[k].series_conductance() > 0) {
        j.inner = layout.add_unknown("v(" + names()[static_cast<NodeId>(k)] + ".inner)");
        layout.add_conductance(row(k).p, j.inner);
        entries_ += 4;
      }
      layout.add_conductance(j.inner, row(k).n);
      entries_ += 4;
    }
    first_site_ = layout.add_sites(
        size(), {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
  }

  void set_temperature(double celsius) override {
    models_.clear();
    for (const DiodeInstance& d : rows()) {
      const ModelCard& card = circuit_.models[static_cast<std::size_t>(d.model)];
      models_.emplace_back(from_values<DiodeCard>(card.values),
                           DiodeSize{d.area, d.perimeter, d.multiplicity},
                           d.temperature.in(celsius) + kZeroCelsius,
                           circuit_.options.nominal_temperature + kZeroCelsius);
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double g = models_[k].series_conductance();
      if (g > 0) add_conductance(jacobian, slots(junctions_[k].first_entry), g);
    }
  }

  void load(Evaluation& e) override {
    const double a0 = e.dynamics->a0();
    for (std::size_t k = 0; k < size(); ++k) {
      Junction& j = junctions_[k];
      const double series = models_[k].series_conductance();
      if (series > 0) {
        e.add_current(row(k).p, j.inner, series * e.voltage(row(k).p, j.inner));
      }
      const double v = e.voltage(j.inner, row(k).n);
      const double from = e.first_iteration ? e.accepted_voltage(j.inner, row(k).n) : j.v;
      const bool held = e.hold_off && row(k).off;
      j.v = held ? 0 : models_[k].limit(v, from, e.limited);
      const Diode::Operating at = models_[k].evaluate(j.v, e.gmin);
      // Off the limited voltage the junction is its tangent.
      const double beyond = v - j.v;
      const double rate = e.dynamics->derivative(first_site_ + k, at.q + at.c * beyond);
      j.static_current = at.i + at.g * beyond;
      j.i = j.static_current + rate;
      e.add_current(j.inner, row(k).n, j.i, a0 * at.q);
      if (e.jacobian != nullptr) {
        const std::size_t entry = j.first_entry + (series > 0 ? 4 : 0);
        add_conductance(e.jacobian, slots(entry), at.g + a0 * at.c);
      }
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const double given = row(k).initial[0];
      const double v = std::isnan(given) ? e.voltage(row(k).p, row(k).n) : given;
      const Diode::Operating at = models_[k].evaluate(v, e.gmin);
      e.dynamics->derivative(first_site_ + k, at.q);
    }
  }

  bool has_off() const override {
    return std::any_of(rows().begin(), rows().end(), [](const auto& d) { return d.off; });
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Junction& j = junctions_[k];
    const double v = e.voltage(row(k).p, row(k).n);
    const double inner = e.voltage(j.inner, row(k).n);
    const Diode::Operating at = models_[k].evaluate(inner, e.gmin);
    return std::array{j.i, v, j.i * v, j.i, inner, at.g, at.c, at.q}.at(quantity);
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    const Unknown inner = junctions_[k].inner;
    const double v = point.evaluation.voltage(inner, row(k).n);
    const Diode::Operating at = models_[k].evaluate(v, point.evaluation.gmin);
    return (at.g + point.s * at.c) * point.voltage(inner, row(k).n);
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const DiodeInstance& d = row(k);
      const Junction& j = junctions_[k];
      const std::string name = names()[static_cast<Unknown>(k)];
      const double kelvin = d.temperature.in(e.temperature) + kZeroCelsius;
      if (j.inner != d.p) {
        const double white = thermal_noise(kelvin, models_[k].series_conductance());
        sources.push_back({d.p, j.inner, name + "_rs", white, 0, 1});
      }
      const auto card =
          from_values<DiodeCard>(circuit_.models[static_cast<std::size_t>(d.model)].values);
      sources.push_back({j.inner, d.n, name + "_id", shot_noise(j.static_current), 0, 1});
      sources.push_back({j.inner, d.n, name + "_1overf", 0,
                         flicker_noise(card.kf, card.af, j.static_current, d.multiplicity), 1});
    }
  }

 private:
  struct Junction {
    Unknown inner = 0;  // behind the series resistance; the anode itself without one
    std::size_t first_entry = 0;
    double v = 0, i = 0;
    double static_current = 0;  // the part of i that no charge is
  };

  const Circuit& circuit_;
  std::vector<Diode> models_;
  std::vector<Junction> junctions_;
  std::size_t entries_ = 0;
  std::size_t first_site_ = 0;
};

}  // namespace

std::unique_ptr<ElementGroup> make_diodes(const Circuit& circuit) {
  return std::make_unique<Diodes>(circuit);
}

}  // namespace wordline
