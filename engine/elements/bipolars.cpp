// Bipolar transistors.
//
// Everything is computed in the npn frame: voltages and currents of a pnp are negated, which leaves
// all derivatives as they are. With excess phase the injected current ibe reaches the collector as
// y, where y + d y' + d^2/3 y'' = ibe with the delay d: two more unknowns, y and s = d/3 y'.

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <string>
#include <tuple>

#include "wordline/base/units.hpp"
#include "wordline/devices/bipolar.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/engine/elements/bipolar_currents.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

using Complex = std::complex<double>;

// What may hold a charge, in the order of a device's sites; the last two are those of the delay.
enum Site : std::size_t { kBaseEmitter, kBaseCollector, kOuter, kSubstrate, kSlope, kDelayed };
constexpr std::size_t kSites = 6;

class Bipolars final : public TableGroup<BipolarInstance> {
 public:
  explicit Bipolars(const Circuit& circuit) : TableGroup(circuit.bipolars), circuit_(circuit) {
    // Equations of currents are measured with the tolerance of voltages.
    current_scale_ = circuit.options.vntol / circuit.options.abstol;
  }

  void declare(Layout& layout) override {
    set_temperature(circuit_.options.temperature);
    devices_.resize(size());
    std::size_t entries = 0;
    std::size_t sites = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      devices_[k].first_entry = entries;
      entries += declare_device(layout, k);
      devices_[k].first_site = sites;
      sites += declare_sites(k);
    }
    const std::size_t first = layout.add_sites(
        sites, {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
    for (Device& d : devices_) d.first_site += first;
  }

  void set_temperature(double celsius) override {
    models_.clear();
    for (const BipolarInstance& q : rows()) {
      const ModelCard& card = circuit_.models[static_cast<std::size_t>(q.model)];
      const BipolarSize area{q.area, q.base_area, q.collector_area, q.multiplicity};
      models_.emplace_back(from_values<BipolarCard>(card.values), area,
                           card.type->kind == "npn" ? 1 : -1,
                           q.temperature.in(celsius) + kZeroCelsius,
                           circuit_.options.nominal_temperature + kZeroCelsius);
    }
  }

  void load_linear(double a0, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Device& d = devices_[k];
      const Bipolar& model = models_[k];
      if (d.collector != row(k).collector) {
        add_conductance(jacobian, slots(d.first_entry + d.collector_entry),
                        model.collector_conductance());
      }
      if (d.emitter != row(k).emitter) {
        add_conductance(jacobian, slots(d.first_entry + d.emitter_entry),
                        model.emitter_conductance());
      }
      if (model.delay() > 0) {
        const std::int32_t* slot = slots(d.first_entry + d.delay_entry);
        jacobian[slot[0]] += current_scale_;                             // y
        jacobian[slot[1]] += current_scale_ * (3 + a0 * model.delay());  // s
        jacobian[slot[4]] -= current_scale_ * a0 * model.delay() / 3;    // y
        jacobian[slot[5]] += current_scale_;                             // s
      }
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Device& d = devices_[k];
      const Bipolar& model = models_[k];
      load_series(e, k, d, model);
      const Bipolar::Voltages wanted = voltages(e.x, k, d);
      move(d, wanted, e, row(k).off, model);
      d.at = model.evaluate(d.v.vbe, d.v.vbc, e.gmin);
      d.substrate = model.substrate(d.v.vsub, e.gmin);
      const Bipolar::Voltages beyond = {wanted.vbe - d.v.vbe, wanted.vbc - d.v.vbc,
                                        wanted.vsub - d.v.vsub};
      continue_tangents(d, beyond);
      load_transport(e, d, model, beyond);
      load_junctions(e, d, model);
      if (d.base != row(k).base) load_base_resistance(e, k, d, model);
      if (model.outer_has_charge()) load_outer(e, k, d, model);
      if (d.substrate_entry != 0) load_substrate(e, k, d, model);
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const BipolarInstance& q = row(k);
      const Device& d = devices_[k];
      const Bipolar& model = models_[k];
      const double sign = model.polarity();
      const auto given_or = [](double given, double at_nodes) {
        return std::isnan(given) ? at_nodes : given;
      };
      const double vbe = sign * given_or(q.initial[0], e.voltage(q.base, q.emitter));
      const double vbc = vbe - sign * given_or(q.initial[1], e.voltage(q.collector, q.emitter));
      const Bipolar::Operating at = model.evaluate(vbe, vbc, e.gmin);
      const auto set = [&](Site site, double charge) {
        if (d.has[site]) e.dynamics->derivative(d.site(site), charge);
      };
      set(kBaseEmitter, at.base_emitter.q);
      set(kBaseCollector, at.base_collector.q);
      set(kOuter, model.outer_base_collector(vbc).value);
      const NodeId other = model.is_lateral() ? q.base : q.collector;
      set(kSubstrate, model.substrate(substrate_sign(model) * e.voltage(q.substrate, other), 0).q);
      set(kSlope, 0);
      set(kDelayed, model.delay() / 3 * at.injected.value);
    }
  }

  bool has_off() const override {
    return std::any_of(rows().begin(), rows().end(), [](const auto& q) { return q.off; });
  }

  std::span<const Quantity> quantities() const override { return kBipolarQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Device& d = devices_[k];
    const Bipolar& model = models_[k];
    const BipolarInstance& q = row(k);
    const Bipolar::OfBoth& it = d.at.transport;
    const BipolarCurrents<double> i = currents(e, k);
    const double gx = d.base != q.base ? model.base_conductance(d.at).value : 0;
    const double power = i.collector() * e.voltage(q.collector, q.emitter) +
                         i.base() * e.voltage(q.base, q.emitter) +
                         i.substrate * e.voltage(q.substrate, q.emitter);
    const double vbe = model.polarity() * e.voltage(d.base, d.emitter);
    const double vbc = model.polarity() * e.voltage(d.base, d.collector);
    const std::array<double, kBipolarQuantities.size()> values = {
        i.collector(),
        i.collector(),
        i.base(),
        i.emitter(),
        i.substrate,
        vbe,
        vbc,
        vbe - vbc,
        it.by_be + it.by_bc,
        d.at.base_emitter.g,
        d.at.base_collector.g,
        gx,
        -it.by_bc,
        d.at.base_emitter.c,
        d.at.base_collector.c,
        model.outer_base_collector(model.polarity() * e.voltage(q.base, d.collector)).slope,
        d.substrate.c,
        i.base() != 0 ? i.collector() / i.base() : 0,
        power};
    return values.at(quantity);
  }

  std::optional<Complex> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                        std::string_view name) const override {
    const BipolarCurrents<Complex> i = phasors(point, k);
    if (name == "ib") return i.base();
    if (name == "ie") return i.emitter();
    return name == "is" ? i.substrate : i.collector();
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Device& d = devices_[k];
      const BipolarInstance& q = row(k);
      const Bipolar& model = models_[k];
      const std::string name = names()[static_cast<Unknown>(k)];
      const double kelvin = q.temperature.in(e.temperature) + kZeroCelsius;
      const auto thermal = [&](Unknown outer, Unknown inner, const char* what, double siemens) {
        if (outer != inner) {
          sources.push_back({outer, inner, name + what, thermal_noise(kelvin, siemens), 0, 1});
        }
      };
      thermal(q.collector, d.collector, "_rc", model.collector_conductance());
      thermal(q.base, d.base, "_rb", d.base != q.base ? model.base_conductance(d.at).value : 0);
      thermal(q.emitter, d.emitter, "_re", model.emitter_conductance());
      const double ib = std::abs(d.at.base_emitter.i + d.at.base_collector.i);
      const double ic = std::abs(d.at.transport.value - d.at.base_collector.i);
      const auto card =
          from_values<BipolarCard>(circuit_.models[static_cast<std::size_t>(q.model)].values);
      sources.push_back({d.collector, d.emitter, name + "_ic", shot_noise(ic), 0, 1});
      sources.push_back({d.base, d.emitter, name + "_ib", shot_noise(ib), 0, 1});
      sources.push_back({d.base, d.emitter, name + "_1overf", 0,
                         flicker_noise(card.kf, card.af, ib, q.multiplicity), 1});
    }
  }

 private:
  struct Device {
    Unknown collector = 0, base = 0, emitter = 0;  // behind the series resistances
    Unknown delayed = 0;                           // y, where there is excess phase; then s
    std::size_t first_entry = 0, first_site = 0;
    // Entries after the first, where a device has them.
    std::size_t collector_entry = 0, emitter_entry = 0, base_entry = 0, outer_entry = 0,
                substrate_entry = 0, delay_entry = 0;
    std::array<bool, kSites> has{};
    Bipolar::Voltages v{};  // that it was evaluated at
    Bipolar::Operating at{};
    JunctionPoint substrate{};

    std::size_t site(Site wanted) const {
      return first_site +
             static_cast<std::size_t>(std::count(has.begin(), has.begin() + wanted, true));
    }
  };

  std::size_t declare_device(Layout& layout, std::size_t k) {
    const BipolarInstance& q = row(k);
    const Bipolar& model = models_[k];
    Device& d = devices_[k];
    const std::string name = names()[static_cast<Unknown>(k)];
    const auto inside = [&](NodeId terminal, bool apart, const char* which) {
      return apart ? layout.add_unknown("v(" + name + which + ")") : terminal;
    };
    d.collector = inside(q.collector, model.collector_conductance() > 0, ".collector");
    d.base = inside(q.base, model.has_base_resistance(), ".base");
    d.emitter = inside(q.emitter, model.emitter_conductance() > 0, ".emitter");
    const std::array<Unknown, 3> inner = {d.collector, d.base, d.emitter};
    for (const Unknown equation : inner) {
      for (const Unknown node : inner) layout.add_entry(equation, node);
    }
    std::size_t entries = inner.size() * inner.size();
    const auto pair = [&](bool present, Unknown p, Unknown n, std::size_t& entry) {
      if (!present) return;
      layout.add_conductance(p, n);
      entry = entries;
      entries += 4;
    };
    pair(d.collector != q.collector, q.collector, d.collector, d.collector_entry);
    pair(d.emitter != q.emitter, q.emitter, d.emitter, d.emitter_entry);
    pair(model.outer_has_charge(), q.base, d.collector, d.outer_entry);
    pair(model.substrate_has_charge() || model.has_substrate_current(), q.substrate,
         substrate_end(d, model), d.substrate_entry);
    if (d.base != q.base) {
      d.base_entry = entries;
      for (const Unknown equation : {q.base, d.base}) {
        for (const Unknown node : {q.base, d.base, d.collector, d.emitter}) {
          layout.add_entry(equation, node);
          ++entries;
        }
      }
    }
    if (model.delay() > 0) {
      d.delay_entry = entries;
      entries += declare_delay(layout, name, d);
    }
    return entries;
  }

  static std::size_t declare_delay(Layout& layout, const std::string& name, Device& d) {
    d.delayed = layout.add_unknown("i(" + name + ".delayed)");
    const Unknown slope = layout.add_unknown("i(" + name + ".slope)");
    const std::array<Unknown, 4> first = {d.delayed, slope, d.base, d.emitter};
    for (const Unknown node : first) layout.add_entry(d.delayed, node);
    layout.add_entry(slope, d.delayed);
    layout.add_entry(slope, slope);
    layout.add_entry(d.collector, d.delayed);
    layout.add_entry(d.emitter, d.delayed);
    return first.size() + 4;
  }

  std::size_t declare_sites(std::size_t k) {
    const Bipolar& model = models_[k];
    std::array<bool, kSites>& has = devices_[k].has;
    const bool delays = model.delay() > 0;
    has = {model.base_emitter_has_charge(),
           model.base_collector_has_charge(),
           model.outer_has_charge(),
           model.substrate_has_charge(),
           delays,
           delays};
    return static_cast<std::size_t>(std::count(has.begin(), has.end(), true));
  }

  // The substrate's other end, and the sign that makes a forward voltage of its junction positive.
  static Unknown substrate_end(const Device& d, const Bipolar& model) {
    return model.is_lateral() ? d.base : d.collector;
  }
  static double substrate_sign(const Bipolar& model) {
    return model.is_lateral() ? -model.polarity() : model.polarity();
  }

  Bipolar::Voltages voltages(std::span<const double> x, std::size_t k, const Device& d) const {
    const Bipolar& model = models_[k];
    const double sign = model.polarity();
    const auto at = [&](Unknown node) { return x[static_cast<std::size_t>(node)]; };
    return {sign * (at(d.base) - at(d.emitter)), sign * (at(d.base) - at(d.collector)),
            substrate_sign(model) * (at(row(k).substrate) - at(substrate_end(d, model)))};
  }

  void move(Device& d, const Bipolar::Voltages& wanted, Evaluation& e, bool off,
            const Bipolar& model) const {
    if (e.hold_off && off) {
      d.v = {};
      return;
    }
    const auto k = static_cast<std::size_t>(&d - devices_.data());
    const Bipolar::Voltages from = e.first_iteration ? voltages(e.x_accepted, k, d) : d.v;
    d.v = wanted;
    if (model.limit(d.v, from)) e.limited = true;
  }

  // Off the limited voltages all currents and charges are their tangents.
  static void continue_tangents(Device& d, const Bipolar::Voltages& beyond) {
    const auto go_on = [](JunctionPoint& junction, double by) {
      junction.i += junction.g * by;
      junction.q += junction.c * by;
    };
    go_on(d.at.base_emitter, beyond.vbe);
    go_on(d.at.base_collector, beyond.vbc);
    go_on(d.substrate, beyond.vsub);
    d.at.base_emitter.q += d.at.charge_by_bc * beyond.vbc;
    Bipolar::OfBoth& it = d.at.transport;
    it.value += it.by_be * beyond.vbe + it.by_bc * beyond.vbc;
    d.at.injected.value += d.at.injected.slope * beyond.vbe;
  }

  void load_series(Evaluation& e, std::size_t k, const Device& d, const Bipolar& model) const {
    const auto load = [&](Unknown terminal, Unknown inside, double conductance) {
      if (terminal != inside) {
        e.add_current(terminal, inside, conductance * e.voltage(terminal, inside));
      }
    };
    load(row(k).collector, d.collector, model.collector_conductance());
    load(row(k).emitter, d.emitter, model.emitter_conductance());
  }

  void load_transport(Evaluation& e, Device& d, const Bipolar& model,
                      const Bipolar::Voltages& beyond) const {
    Bipolar::OfBoth& it = d.at.transport;
    const double sign = model.polarity();
    if (model.delay() > 0) {
      const double y = e.x[static_cast<std::size_t>(d.delayed)];
      it = Bipolar::transport(d.at, y);
      it.value += it.by_be * beyond.vbe + it.by_bc * beyond.vbc;
      load_delay(e, d, model, y);
    }
    e.add_current(d.collector, d.emitter, sign * it.value);
    if (e.jacobian == nullptr) return;
    const std::int32_t* slot = slots(d.first_entry);
    add_row(e, slot, 1, it.by_be, it.by_bc);
    add_row(e, slot + 6, -1, it.by_be, it.by_bc);
  }

  // Adds the derivatives of a current into one of the inner nodes: entries by collector, base,
  // emitter.
  static void add_row(Evaluation& e, const std::int32_t* slot, double sign, double by_be,
                      double by_bc) {
    e.jacobian[slot[0]] -= sign * by_bc;
    e.jacobian[slot[1]] += sign * (by_be + by_bc);
    e.jacobian[slot[2]] -= sign * by_be;
  }

  void load_delay(Evaluation& e, const Device& d, const Bipolar& model, double y) const {
    const Unknown slope = d.delayed + 1;
    const double s = e.x[static_cast<std::size_t>(slope)];
    const double s_rate = e.dynamics->derivative(d.site(kSlope), model.delay() * s);
    const double y_rate = e.dynamics->derivative(d.site(kDelayed), model.delay() / 3 * y);
    e.add_two(d.delayed, current_scale_ * (y + 3 * s + s_rate),
              -current_scale_ * d.at.injected.value);
    e.add_two(slope, current_scale_ * s, -current_scale_ * y_rate);
    if (e.jacobian == nullptr) return;
    const double sign = model.polarity();
    const std::int32_t* slot = slots(d.first_entry + d.delay_entry);
    e.jacobian[slot[2]] -= sign * current_scale_ * d.at.injected.slope;
    e.jacobian[slot[3]] += sign * current_scale_ * d.at.injected.slope;
    const double by_delayed = sign / d.at.base_charge.value;
    e.jacobian[slot[6]] += by_delayed;
    e.jacobian[slot[7]] -= by_delayed;
  }

  void load_junctions(Evaluation& e, const Device& d, const Bipolar& model) const {
    const double sign = model.polarity();
    const double a0 = e.dynamics->a0();
    const JunctionPoint& be = d.at.base_emitter;
    const JunctionPoint& bc = d.at.base_collector;
    const auto rate = [&](Site site, double q) {
      return d.has[site] ? e.dynamics->derivative(d.site(site), q) : 0;
    };
    e.add_current(d.base, d.emitter, sign * (be.i + rate(kBaseEmitter, be.q)), a0 * be.q);
    e.add_current(d.base, d.collector, sign * (bc.i + rate(kBaseCollector, bc.q)), a0 * bc.q);
    if (e.jacobian == nullptr) return;
    const double be_by_be = be.g + a0 * be.c;
    const double be_by_bc = a0 * d.at.charge_by_bc;
    const double bc_by_bc = bc.g + a0 * bc.c;
    const std::int32_t* slot = slots(d.first_entry);
    add_row(e, slot, -1, 0, bc_by_bc);
    add_row(e, slot + 3, 1, be_by_be, be_by_bc + bc_by_bc);
    add_row(e, slot + 6, -1, be_by_be, be_by_bc);
  }

  void load_base_resistance(Evaluation& e, std::size_t k, const Device& d,
                            const Bipolar& model) const {
    const Bipolar::OfBoth g = model.base_conductance(d.at);
    const double v = e.voltage(row(k).base, d.base);
    e.add_current(row(k).base, d.base, g.value * v);
    if (e.jacobian == nullptr) return;
    const double by_be = model.polarity() * g.by_be * v;
    const double by_bc = model.polarity() * g.by_bc * v;
    const std::array<double, 4> by_node = {g.value, -g.value + by_be + by_bc, -by_bc, -by_be};
    const std::int32_t* slot = slots(d.first_entry + d.base_entry);
    for (std::size_t node = 0; node < by_node.size(); ++node) {
      e.jacobian[slot[node]] += by_node[node];
      e.jacobian[slot[4 + node]] -= by_node[node];
    }
  }

  void load_outer(Evaluation& e, std::size_t k, const Device& d, const Bipolar& model) const {
    const double a0 = e.dynamics->a0();
    const double sign = model.polarity();
    const auto [q, c] = model.outer_base_collector(sign * e.voltage(row(k).base, d.collector));
    const double rate = e.dynamics->derivative(d.site(kOuter), q);
    e.add_current(row(k).base, d.collector, sign * rate, a0 * q);
    if (e.jacobian != nullptr) {
      add_conductance(e.jacobian, slots(d.first_entry + d.outer_entry), a0 * c);
    }
  }

  void load_substrate(Evaluation& e, std::size_t k, const Device& d, const Bipolar& model) const {
    const double a0 = e.dynamics->a0();
    const double sign = substrate_sign(model);
    const double rate =
        d.has[kSubstrate] ? e.dynamics->derivative(d.site(kSubstrate), d.substrate.q) : 0;
    e.add_current(row(k).substrate, substrate_end(d, model), sign * (d.substrate.i + rate),
                  a0 * d.substrate.q);
    if (e.jacobian != nullptr) {
      add_conductance(e.jacobian, slots(d.first_entry + d.substrate_entry),
                      d.substrate.g + a0 * d.substrate.c);
    }
  }

  BipolarCurrents<double> currents(const Evaluation& e, std::size_t k) const {
    const Device& d = devices_[k];
    const Bipolar& model = models_[k];
    const double sign = model.polarity();
    const auto rate = [&](Site site) { return d.has[site] ? e.dynamics->rate(d.site(site)) : 0; };
    return {sign * d.at.transport.value,
            sign * (d.at.base_emitter.i + rate(kBaseEmitter)),
            sign * (d.at.base_collector.i + rate(kBaseCollector)),
            sign * rate(kOuter),
            substrate_sign(model) * (d.substrate.i + rate(kSubstrate)),
            model.is_lateral()};
  }

  BipolarCurrents<Complex> phasors(const SmallSignalPoint& point, std::size_t k) const {
    const Device& d = devices_[k];
    const Bipolar& model = models_[k];
    const Complex s = point.s;
    const Complex vbe = point.voltage(d.base, d.emitter);
    const Complex vbc = point.voltage(d.base, d.collector);
    const auto [be, bc, sub] = std::tie(d.at.base_emitter, d.at.base_collector, d.substrate);
    const double late = model.delay() > 0 ? model.polarity() / d.at.base_charge.value : 0;
    const double v = model.polarity() * point.evaluation.voltage(row(k).base, d.collector);
    return {d.at.transport.by_be * vbe + d.at.transport.by_bc * vbc +
                late * point.voltage(d.delayed, 0),
            (be.g + s * be.c) * vbe + s * d.at.charge_by_bc * vbc,
            (bc.g + s * bc.c) * vbc,
            s * model.outer_base_collector(v).slope * point.voltage(row(k).base, d.collector),
            (sub.g + s * sub.c) * point.voltage(row(k).substrate, substrate_end(d, model)),
            model.is_lateral()};
  }

  const Circuit& circuit_;
  double current_scale_;  // ohm
  std::vector<Bipolar> models_;
  std::vector<Device> devices_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_bipolars(const Circuit& circuit) {
  return std::make_unique<Bipolars>(circuit);
}

}  // namespace wordline
