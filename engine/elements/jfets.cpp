// Junction field effect transistors.
//
// Everything is computed in the n-channel frame: voltages and currents of a p-channel device are
// negated, which leaves all derivatives as they are.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "wordline/base/units.hpp"
#include "wordline/devices/jfet.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

// As ngspice shows them: but for `i`, into the drain, those of p-channel devices have the signs of
// an n-channel one.
constexpr std::array<Quantity, 15> kQuantities = {{{"i", "current", "A"},
                                                   {"id", "current", "A"},
                                                   {"ig", "current", "A"},
                                                   {"is", "current", "A"},
                                                   {"igd", "current", "A"},
                                                   {"vgs", "voltage", "V"},
                                                   {"vgd", "voltage", "V"},
                                                   {"vds", "voltage", "V"},
                                                   {"gm", "admittance", "S"},
                                                   {"gds", "admittance", "S"},
                                                   {"ggs", "admittance", "S"},
                                                   {"ggd", "admittance", "S"},
                                                   {"cgs", "capacitance", "F"},
                                                   {"cgd", "capacitance", "F"},
                                                   {"p", "power", "W"}}};

// Entries of a device: the channel's two rows, the gate's two junctions, then the series
// resistances it has.
constexpr std::size_t kChannelEntries = 6;
constexpr std::size_t kSourceJunction = kChannelEntries;
constexpr std::size_t kDrainJunction = kSourceJunction + 4;
constexpr std::size_t kEntries = kDrainJunction + 4;
constexpr std::size_t kSites = 2;  // gate-source, gate-drain

class Jfets final : public TableGroup<JfetInstance> {
 public:
  explicit Jfets(const Circuit& circuit) : TableGroup(circuit.jfets), circuit_(circuit) {}

  void declare(Layout& layout) override {
    set_temperature(circuit_.options.temperature);
    devices_.resize(size());
    std::size_t entries = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      devices_[k].first_entry = entries;
      entries += declare_device(layout, k);
    }
    first_site_ = layout.add_sites(
        kSites * size(), {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
  }

  void set_temperature(double celsius) override {
    models_.clear();
    for (const JfetInstance& j : rows()) {
      const ModelCard& card = circuit_.models[static_cast<std::size_t>(j.model)];
      models_.emplace_back(from_values<JfetCard>(card.values), j.area * j.multiplicity,
                           card.type->kind == "njf" ? 1 : -1,
                           j.temperature.in(celsius) + kZeroCelsius,
                           circuit_.options.nominal_temperature + kZeroCelsius);
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Device& d = devices_[k];
      if (d.drain != row(k).drain) {
        add_conductance(jacobian, slots(d.first_entry + d.drain_entry),
                        models_[k].drain_conductance());
      }
      if (d.source != row(k).source) {
        add_conductance(jacobian, slots(d.first_entry + d.source_entry),
                        models_[k].source_conductance());
      }
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Device& d = devices_[k];
      const Jfet& model = models_[k];
      load_series(e, row(k).drain, d.drain, model.drain_conductance());
      load_series(e, row(k).source, d.source, model.source_conductance());
      const Jfet::Voltages wanted = voltages(e.x, k);
      move(d, wanted, e, k);
      d.at = model.evaluate(d.v.vgs, d.v.vgd, e.gmin);
      continue_tangents(d, wanted);
      load_channel(e, d, model);
      load_junction(e, k, 0, d.source, d.at.gate_source, kSourceJunction);
      load_junction(e, k, 1, d.drain, d.at.gate_drain, kDrainJunction);
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const JfetInstance& j = row(k);
      const double sign = models_[k].polarity();
      const auto given_or = [](double given, double at_nodes) {
        return std::isnan(given) ? at_nodes : given;
      };
      const double vds = given_or(j.initial[0], e.voltage(j.drain, j.source));
      const double vgs = given_or(j.initial[1], e.voltage(j.gate, j.source));
      const Jfet::Operating at = models_[k].evaluate(sign * vgs, sign * (vgs - vds), e.gmin);
      e.dynamics->derivative(site(k, 0), at.gate_source.q);
      e.dynamics->derivative(site(k, 1), at.gate_drain.q);
    }
  }

  bool has_off() const override {
    return std::any_of(rows().begin(), rows().end(), [](const auto& j) { return j.off; });
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Device& d = devices_[k];
    const Jfet& model = models_[k];
    const double gate_source = d.at.gate_source.i + e.dynamics->rate(site(k, 0));
    const double gate_drain = d.at.gate_drain.i + e.dynamics->rate(site(k, 1));
    const double drain = d.at.id - gate_drain;
    const double gate = gate_source + gate_drain;
    const Jfet::Voltages v = voltages(e.x, k);
    const double power = model.polarity() * (drain * e.voltage(row(k).drain, row(k).source) +
                                             gate * e.voltage(row(k).gate, row(k).source));
    const std::array<double, kQuantities.size()> values = {model.polarity() * drain,
                                                           drain,
                                                           gate,
                                                           -drain - gate,
                                                           gate_drain,
                                                           v.vgs,
                                                           v.vgd,
                                                           v.vgs - v.vgd,
                                                           d.at.gm,
                                                           d.at.gds,
                                                           d.at.gate_source.g,
                                                           d.at.gate_drain.g,
                                                           d.at.gate_source.c,
                                                           d.at.gate_drain.c,
                                                           power};
    return values.at(quantity);
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view name) const override {
    const Device& d = devices_[k];
    const auto junction = [&](const JunctionPoint& at, Unknown other) {
      return (at.g + point.s * at.c) * point.voltage(row(k).gate, other);
    };
    const std::complex<double> gate_drain = junction(d.at.gate_drain, d.drain);
    const std::complex<double> gate = junction(d.at.gate_source, d.source) + gate_drain;
    const std::complex<double> drain = d.at.gm * point.voltage(row(k).gate, d.source) +
                                       d.at.gds * point.voltage(d.drain, d.source) - gate_drain;
    if (name == "i") return drain;
    const double sign = models_[k].polarity();
    if (name == "id") return sign * drain;
    if (name == "ig") return sign * gate;
    if (name == "is") return -sign * (drain + gate);
    return sign * gate_drain;
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const JfetInstance& j = row(k);
      const Device& d = devices_[k];
      const Jfet& model = models_[k];
      const std::string name = names()[static_cast<Unknown>(k)];
      const double kelvin = j.temperature.in(e.temperature) + kZeroCelsius;
      const auto thermal = [&](Unknown p, Unknown n, const char* what, double siemens) {
        if (p != n) sources.push_back({p, n, name + what, thermal_noise(kelvin, siemens), 0, 1});
      };
      thermal(j.drain, d.drain, "_rd", model.drain_conductance());
      thermal(j.source, d.source, "_rs", model.source_conductance());
      thermal(d.drain, d.source, "_id", model.noise_conductance(d.at, d.v.vgs, d.v.vgd));
      const auto card =
          from_values<JfetCard>(circuit_.models[static_cast<std::size_t>(j.model)].values);
      sources.push_back({d.drain, d.source, name + "_1overf", 0,
                         flicker_noise(card.kf, card.af, d.at.id, j.multiplicity), 1});
    }
  }

 private:
  struct Device {
    Unknown drain = 0, source = 0;  // behind the series resistances
    std::size_t first_entry = 0, drain_entry = 0, source_entry = 0;
    Jfet::Voltages v{};  // that it was evaluated at
    Jfet::Operating at{};
  };

  std::size_t site(std::size_t k, std::size_t junction) const {
    return first_site_ + kSites * k + junction;
  }

  std::size_t declare_device(Layout& layout, std::size_t k) {
    const JfetInstance& j = row(k);
    Device& d = devices_[k];
    const auto inside = [&](NodeId terminal, double conductance, const char* which) {
      if (conductance == 0) return terminal;
      return layout.add_unknown("v(" + names()[static_cast<Unknown>(k)] + which);
    };
    d.drain = inside(j.drain, models_[k].drain_conductance(), ".drain)");
    d.source = inside(j.source, models_[k].source_conductance(), ".source)");
    for (const Unknown equation : {d.drain, d.source}) {
      for (const Unknown node : {j.gate, d.drain, d.source}) layout.add_entry(equation, node);
    }
    layout.add_conductance(j.gate, d.source);
    layout.add_conductance(j.gate, d.drain);
    std::size_t entries = kEntries;
    const auto resistance = [&](Unknown outer, Unknown inner, std::size_t& entry) {
      if (outer == inner) return;
      layout.add_conductance(outer, inner);
      entry = entries;
      entries += 4;
    };
    resistance(j.drain, d.drain, d.drain_entry);
    resistance(j.source, d.source, d.source_entry);
    return entries;
  }

  Jfet::Voltages voltages(std::span<const double> x, std::size_t k) const {
    const double sign = models_[k].polarity();
    const auto at = [&](Unknown node) { return x[static_cast<std::size_t>(node)]; };
    const double gate = at(row(k).gate);
    return {sign * (gate - at(devices_[k].source)), sign * (gate - at(devices_[k].drain))};
  }

  void move(Device& d, const Jfet::Voltages& wanted, Evaluation& e, std::size_t k) const {
    if (e.hold_off && row(k).off) {
      d.v = {};
      return;
    }
    const Jfet::Voltages from = e.first_iteration ? voltages(e.x_accepted, k) : d.v;
    d.v = wanted;
    if (models_[k].limit(d.v, from)) e.limited = true;
  }

  // Off the limited voltages all currents and charges are their tangents.
  static void continue_tangents(Device& d, const Jfet::Voltages& wanted) {
    const double by_source = wanted.vgs - d.v.vgs;
    const double by_drain = wanted.vgd - d.v.vgd;
    const auto go_on = [](JunctionPoint& junction, double by) {
      junction.i += junction.g * by;
      junction.q += junction.c * by;
    };
    d.at.id += d.at.gm * by_source + d.at.gds * (by_source - by_drain);
    go_on(d.at.gate_source, by_source);
    go_on(d.at.gate_drain, by_drain);
  }

  static void load_series(Evaluation& e, Unknown outer, Unknown inner, double conductance) {
    if (outer != inner) e.add_current(outer, inner, conductance * e.voltage(outer, inner));
  }

  void load_channel(Evaluation& e, const Device& d, const Jfet& model) const {
    e.add_current(d.drain, d.source, model.polarity() * d.at.id);
    if (e.jacobian == nullptr) return;
    const std::array<double, 3> by_node = {d.at.gm, d.at.gds, -(d.at.gm + d.at.gds)};
    const std::int32_t* slot = slots(d.first_entry);
    for (std::size_t node = 0; node < by_node.size(); ++node) {
      e.jacobian[slot[node]] += by_node[node];
      e.jacobian[slot[3 + node]] -= by_node[node];
    }
  }

  void load_junction(Evaluation& e, std::size_t k, std::size_t junction, Unknown other,
                     const JunctionPoint& at, std::size_t entry) const {
    const double a0 = e.dynamics->a0();
    const double rate = e.dynamics->derivative(site(k, junction), at.q);
    e.add_current(row(k).gate, other, models_[k].polarity() * (at.i + rate), a0 * at.q);
    if (e.jacobian != nullptr) {
      add_conductance(e.jacobian, slots(devices_[k].first_entry + entry), at.g + a0 * at.c);
    }
  }

  const Circuit& circuit_;
  std::vector<Jfet> models_;
  std::vector<Device> devices_;
  std::size_t first_site_ = 0;
};

}  // namespace

std::unique_ptr<ElementGroup> make_jfets(const Circuit& circuit) {
  return std::make_unique<Jfets>(circuit);
}

}  // namespace wordline
