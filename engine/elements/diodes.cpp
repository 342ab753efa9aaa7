#include "wordline/devices/diode.hpp"

#include <array>

#include "wordline/base/units.hpp"
#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

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
      models_.emplace_back(from_values<DiodeCard>(card.values), d.area, celsius + kZeroCelsius,
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
      j.v = models_[k].limit(v, from, e.limited);
      const Diode::Operating at = models_[k].evaluate(j.v, e.gmin);
      // Off the limited voltage the junction is its tangent.
      const double beyond = v - j.v;
      const double rate = e.dynamics->derivative(first_site_ + k, at.q + at.c * beyond);
      j.i = at.i + at.g * beyond + rate;
      e.add_current(j.inner, row(k).n, j.i, a0 * at.q);
      if (e.jacobian != nullptr) {
        const std::size_t entry = j.first_entry + (series > 0 ? 4 : 0);
        add_conductance(e.jacobian, slots(entry), at.g + a0 * at.c);
      }
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Diode::Operating at = models_[k].evaluate(e.voltage(row(k).p, row(k).n), e.gmin);
      e.dynamics->derivative(first_site_ + k, at.q);
    }
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, junctions_[k].i, e.voltage(row(k).p, row(k).n));
  }

 private:
  struct Junction {
    Unknown inner = 0;  // behind the series resistance; the anode itself without one
    std::size_t first_entry = 0;
    double v = 0, i = 0;
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
