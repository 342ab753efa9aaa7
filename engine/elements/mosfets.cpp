// MOS transistors: channel, bulk junctions, and gate capacitances.
//
// Everything is computed in the n-type frame: voltages and currents of a p-type device are negated,
// which leaves all derivatives as they are. The gate's charge follows its capacitances: a step
// moves it by C (v - v_last), where C is the sum of the halves at both ends of the step and the
// constant overlap.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "wordline/base/units.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

// As ngspice shows them: but for `i`, into the drain, those of p-type devices have the signs of an
// n-type one.
constexpr std::array<Quantity, 25> kQuantities = {
    {{"i", "current", "A"},       {"id", "current", "A"},      {"is", "current", "A"},
     {"ib", "current", "A"},      {"ibd", "current", "A"},     {"ibs", "current", "A"},
     {"vgs", "voltage", "V"},     {"vds", "voltage", "V"},     {"vbs", "voltage", "V"},
     {"vbd", "voltage", "V"},     {"von", "voltage", "V"},     {"vth", "voltage", "V"},
     {"vdsat", "voltage", "V"},   {"gm", "admittance", "S"},   {"gds", "admittance", "S"},
     {"gmb", "admittance", "S"},  {"gmbs", "admittance", "S"}, {"gbd", "admittance", "S"},
     {"gbs", "admittance", "S"},  {"cgs", "capacitance", "F"}, {"cgd", "capacitance", "F"},
     {"cgb", "capacitance", "F"}, {"cbd", "capacitance", "F"}, {"cbs", "capacitance", "F"},
     {"p", "power", "W"}}};

// The pairs of terminals that may hold a charge.
enum Pair : std::size_t { kGateSource, kGateDrain, kGateBulk, kBulkDrain, kBulkSource };
constexpr std::size_t kPairs = 5;
constexpr std::size_t kGatePairs = 3;

// Entries of a device: the channel's two rows, the pairs that conduct or hold a charge, then the
// series resistances it has.
constexpr std::size_t kChannelEntries = 8;

// What devices of one card and geometry share.
struct Kind {
  std::int32_t card;
  MosGeometry geometry;
  OwnTemperature temperature;
  Transistor transistor;
  std::array<bool, kPairs> charged{};
  // Where a device has them, after its first: the entries and the site of each pair, and the
  // entries of the series resistances.
  std::array<std::size_t, kPairs> entry{}, site{};
  std::size_t drain_entry = 0, source_entry = 0;
  std::size_t entries = 0, sites = 0;

  Kind(const Circuit& circuit, std::int32_t model_card, const MosGeometry& size,
       const OwnTemperature& own)
      : card(model_card),
        geometry(size),
        temperature(own),
        transistor(make(circuit, circuit.options.temperature)) {
    const Mosfet& model = this->model();
    charged = {model.has_oxide() || model.cgs_overlap() > 0,
               model.has_oxide() || model.cgd_overlap() > 0,
               model.has_oxide() || model.cgb_overlap() > 0, model.drain_has_charge(),
               model.source_has_charge()};
    entries = kChannelEntries;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      if (charged[pair]) site[pair] = sites++;
      if (charged[pair] || pair >= kGatePairs) entry[pair] = take_conductance();
    }
    if (model.drain_conductance() > 0) drain_entry = take_conductance();
    if (model.source_conductance() > 0) source_entry = take_conductance();
  }

  const Mosfet& model() const { return common(transistor); }

  Transistor make(const Circuit& circuit, double celsius) const {
    const ModelCard& c = circuit.models[static_cast<std::size_t>(card)];
    return make_transistor(*c.type, c.values, geometry, temperature.in(celsius) + kZeroCelsius,
                           circuit.options.nominal_temperature + kZeroCelsius);
  }

 private:
  std::size_t take_conductance() {
    entries += 4;
    return entries - 4;
  }
};

// A device at some voltages.
struct Point {
  Mosfet::Channel channel;
  Mosfet::Junction bulk_drain, bulk_source;
};

class Mosfets final : public TableGroup<MosfetInstance> {
 public:
  explicit Mosfets(const Circuit& circuit) : TableGroup(circuit.mosfets), circuit_(circuit) {}

  void declare(Layout& layout) override {
    devices_.reserve(size());
    std::size_t entries = 0;
    std::size_t sites = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      const std::size_t kind = kind_of(row(k));
      devices_.push_back(declare_device(layout, k, kinds_[kind]));
      devices_.back().kind = kind;
      devices_.back().first_entry = entries;
      devices_.back().first_site = sites;
      entries += kinds_[kind].entries;
      sites += kinds_[kind].sites;
    }
    const std::size_t first = layout.add_sites(
        sites, {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
    for (Device& device : devices_) device.first_site += first;
    halves_.resize(sites > 0 ? size() : 0);
  }

  void set_temperature(double celsius) override {
    for (Kind& kind : kinds_) kind.transistor = kind.make(circuit_, celsius);
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Device& d = devices_[k];
      const Kind& kind = kinds_[d.kind];
      if (d.drain != row(k).drain) {
        add_conductance(jacobian, slots(d.first_entry + kind.drain_entry),
                        kind.model().drain_conductance());
      }
      if (d.source != row(k).source) {
        add_conductance(jacobian, slots(d.first_entry + kind.source_entry),
                        kind.model().source_conductance());
      }
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Device& d = devices_[k];
      const Kind& kind = kinds_[d.kind];
      const Mosfet& model = kind.model();
      load_series(e, k, d, model);
      const Mosfet::Voltages wanted = voltages(e.x, d, model);
      const bool elsewhere = e.hold_off && row(k).off ? hold(d) : move(d, wanted, e, model);
      Point at{channel(kind.transistor, d.v), model.bulk_drain(d.v.vbs - d.v.vds, e.gmin),
               model.bulk_source(d.v.vbs, e.gmin)};
      if (elsewhere) continue_tangents(at, wanted, d.v);
      load_currents(e, d, model, at);
      if (e.jacobian != nullptr) load_conductances(e, d, kind, at);
      if (kind.sites == 0) continue;
      load_gate(e, d, kind, at.channel, halves_[k]);
      if (kind.charged[kBulkDrain]) load_charge(e, d, kind, kBulkDrain, at.bulk_drain);
      if (kind.charged[kBulkSource]) load_charge(e, d, kind, kBulkSource, at.bulk_source);
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      if (kinds_[devices_[k].kind].sites > 0) set_charges(e, k);
    }
  }

  void accept(const Evaluation& /*evaluation*/) override {
    for (std::size_t k = 0; k < halves_.size(); ++k) {
      halves_[k].accepted = halves_[k].now;
      halves_[k].v = devices_[k].v;
    }
  }

  bool has_off() const override {
    return std::any_of(rows().begin(), rows().end(), [](const auto& m) { return m.off; });
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Device& d = devices_[k];
    const Kind& kind = kinds_[d.kind];
    const Mosfet& model = kind.model();
    const Mosfet::Voltages v = voltages(e.x, d, model);
    const Mosfet::Channel c = channel(kind.transistor, v);
    const Mosfet::Junction bd = model.bulk_drain(v.vbs - v.vds, e.gmin);
    const Mosfet::Junction bs = model.bulk_source(v.vbs, e.gmin);
    const Mosfet::MeyerHalf half = gate_capacitances(kind.transistor, v.vgs, v.vgs - v.vds, c);
    const double id = c.id - bd.i;
    const double sign = model.polarity();
    const std::array<double, kQuantities.size()> values = {sign * id,
                                                           id,
                                                           -c.id - bs.i,
                                                           bd.i + bs.i,
                                                           bd.i,
                                                           bs.i,
                                                           v.vgs,
                                                           v.vds,
                                                           v.vbs,
                                                           v.vbs - v.vds,
                                                           sign * c.von,
                                                           sign * c.von,
                                                           sign * c.vdsat,
                                                           c.gm,
                                                           c.gds,
                                                           c.gmb,
                                                           c.gmb,
                                                           bd.g,
                                                           bs.g,
                                                           2 * half.cgs + model.cgs_overlap(),
                                                           2 * half.cgd + model.cgd_overlap(),
                                                           2 * half.cgb + model.cgb_overlap(),
                                                           bd.c,
                                                           bs.c,
                                                           id * v.vds + (bd.i + bs.i) * v.vbs};
    return values.at(quantity);
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const MosfetInstance& m = row(k);
      const Device& d = devices_[k];
      const Kind& kind = kinds_[d.kind];
      const Mosfet::Channel c = channel(kind.transistor, d.v);
      const std::string name = names()[static_cast<NodeId>(k)];
      const double kelvin = m.temperature.in(e.temperature) + kZeroCelsius;
      const auto thermal = [&](Unknown p, Unknown n, const char* what, double siemens) {
        if (p != n) sources.push_back({p, n, name + what, thermal_noise(kelvin, siemens), 0, 1});
      };
      thermal(m.drain, d.drain, "_rd", kind.model().drain_conductance());
      thermal(m.source, d.source, "_rs", kind.model().source_conductance());
      thermal(d.drain, d.source, "_id", 2.0 / 3 * std::abs(c.gm));
      sources.push_back({d.drain, d.source, name + "_1overf", 0,
                         flicker_noise(kind.model().flicker_coefficient(),
                                       kind.model().flicker_exponent(), c.id, m.multiplicity),
                         1});
    }
  }

 private:
  struct Device {
    Unknown gate, drain, source, bulk;  // drain and source inside the series resistances
    std::size_t kind = 0, first_entry = 0, first_site = 0;
    Mosfet::Voltages v{};  // where the device was last evaluated
  };
  // Capacitances of this point and of the last one, and the voltages that the charges of the last
  // one belong to: those of the nodes, unless the device was given its own.
  struct Halves {
    Mosfet::MeyerHalf now{}, accepted{};
    Mosfet::Voltages v{};
  };

  std::size_t kind_of(const MosfetInstance& m) {
    const MosGeometry geometry{.w = m.width,
                               .l = m.length,
                               .ad = m.drain_area,
                               .as = m.source_area,
                               .pd = m.drain_perimeter,
                               .ps = m.source_perimeter,
                               .nrd = m.drain_squares,
                               .nrs = m.source_squares,
                               .m = m.multiplicity};
    // Equal ones stand side by side in arrays.
    if (kinds_.empty() || kinds_.back().card != m.model || kinds_.back().geometry != geometry ||
        kinds_.back().temperature != m.temperature) {
      kinds_.emplace_back(circuit_, m.model, geometry, m.temperature);
    }
    return kinds_.size() - 1;
  }

  Device declare_device(Layout& layout, std::size_t k, const Kind& kind) const {
    const MosfetInstance& m = row(k);
    const auto inside = [&](NodeId terminal, double conductance, const char* which) {
      if (conductance == 0) return terminal;
      return layout.add_unknown("v(" + names()[static_cast<NodeId>(k)] + which);
    };
    Device d{.gate = m.gate,
             .drain = inside(m.drain, kind.model().drain_conductance(), ".drain)"),
             .source = inside(m.source, kind.model().source_conductance(), ".source)"),
             .bulk = m.bulk};
    for (const Unknown equation : {d.drain, d.source}) {
      for (const Unknown node : {d.gate, d.drain, d.bulk, d.source}) {
        layout.add_entry(equation, node);
      }
    }
    for (std::size_t p = 0; p < kPairs; ++p) {
      const auto [from, to] = ends(d, static_cast<Pair>(p));
      if (kind.entry[p] != 0) layout.add_conductance(from, to);
    }
    if (d.drain != m.drain) layout.add_conductance(m.drain, d.drain);
    if (d.source != m.source) layout.add_conductance(m.source, d.source);
    return d;
  }

  static std::pair<Unknown, Unknown> ends(const Device& d, Pair pair) {
    switch (pair) {
      case kGateSource:
        return {d.gate, d.source};
      case kGateDrain:
        return {d.gate, d.drain};
      case kGateBulk:
        return {d.gate, d.bulk};
      case kBulkDrain:
        return {d.bulk, d.drain};
      default:
        return {d.bulk, d.source};
    }
  }

  static Mosfet::Voltages voltages(std::span<const double> x, const Device& d,
                                   const Mosfet& model) {
    const double sign = model.polarity();
    const auto at = [&](Unknown node) { return x[static_cast<std::size_t>(node)]; };
    const double source = at(d.source);
    return {sign * (at(d.gate) - source), sign * (at(d.drain) - source),
            sign * (at(d.bulk) - source)};
  }

  static bool hold(Device& d) {
    d.v = {};
    return true;
  }

  // Moves the device towards the voltages wanted; true where it does not get there.
  static bool move(Device& d, const Mosfet::Voltages& wanted, Evaluation& e, const Mosfet& model) {
    const Mosfet::Voltages from = e.first_iteration ? voltages(e.x_accepted, d, model) : d.v;
    d.v = wanted;
    const bool limited = model.limit(d.v, from);
    if (limited) e.limited = true;
    return limited;
  }

  // Off the limited voltages all currents and charges are their tangents.
  static void continue_tangents(Point& at, const Mosfet::Voltages& wanted,
                                const Mosfet::Voltages& limited) {
    const double by_gate = wanted.vgs - limited.vgs;
    const double by_drain = wanted.vds - limited.vds;
    const double by_bulk = wanted.vbs - limited.vbs;
    Mosfet::Channel& c = at.channel;
    c.id += c.gm * by_gate + c.gds * by_drain + c.gmb * by_bulk;
    const auto go_on = [](Mosfet::Junction& junction, double by) {
      junction.i += junction.g * by;
      junction.q += junction.c * by;
    };
    go_on(at.bulk_drain, by_bulk - by_drain);
    go_on(at.bulk_source, by_bulk);
  }

  void load_series(Evaluation& e, std::size_t k, const Device& d, const Mosfet& model) const {
    const auto load = [&](Unknown terminal, Unknown inside, double conductance) {
      if (terminal != inside) {
        e.add_current(terminal, inside, conductance * e.voltage(terminal, inside));
      }
    };
    load(row(k).drain, d.drain, model.drain_conductance());
    load(row(k).source, d.source, model.source_conductance());
  }

  static void load_currents(Evaluation& e, const Device& d, const Mosfet& model, const Point& at) {
    const double sign = model.polarity();
    const double channel = sign * at.channel.id;
    const double to_drain = sign * at.bulk_drain.i;
    const double to_source = sign * at.bulk_source.i;
    e.add_two(d.drain, channel, -to_drain);
    e.add_two(d.source, -channel, -to_source);
    e.add_two(d.bulk, to_drain, to_source);
  }

  void load_conductances(Evaluation& e, const Device& d, const Kind& kind, const Point& at) const {
    const Mosfet::Channel& c = at.channel;
    const std::int32_t* slot = slots(d.first_entry);
    const std::array<double, 4> by_node = {c.gm, c.gds, c.gmb, -(c.gm + c.gds + c.gmb)};
    for (std::size_t node = 0; node < by_node.size(); ++node) {
      e.jacobian[slot[node]] += by_node[node];
      e.jacobian[slot[4 + node]] -= by_node[node];
    }
    add_conductance(e.jacobian, slot + kind.entry[kBulkDrain], at.bulk_drain.g);
    add_conductance(e.jacobian, slot + kind.entry[kBulkSource], at.bulk_source.g);
  }

  void load_charge(Evaluation& e, const Device& d, const Kind& kind, Pair pair,
                   const Mosfet::Junction& at) const {
    const double a0 = e.dynamics->a0();
    const auto [bulk, other] = ends(d, pair);
    const double rate = e.dynamics->derivative(d.first_site + kind.site[pair], at.q);
    e.add_current(bulk, other, kind.model().polarity() * rate, a0 * at.q);
    if (e.jacobian != nullptr) {
      add_conductance(e.jacobian, slots(d.first_entry + kind.entry[pair]), a0 * at.c);
    }
  }

  // At the voltages of the nodes, or those that the device is given.
  void set_charges(Evaluation& e, std::size_t k) {
    const MosfetInstance& m = row(k);
    Device& d = devices_[k];
    const Kind& kind = kinds_[d.kind];
    const Mosfet& model = kind.model();
    const double sign = model.polarity();
    const auto given_or = [&](std::size_t which, NodeId node) {
      const double given = m.initial[which];
      return sign * (std::isnan(given) ? e.voltage(node, m.source) : given);
    };
    d.v = {given_or(1, m.gate), given_or(0, m.drain), given_or(2, m.bulk)};
    const double vgd = d.v.vgs - d.v.vds;
    const double vbd = d.v.vbs - d.v.vds;
    Halves& halves = halves_[k];
    halves.now = gate_capacitances(kind.transistor, d.v.vgs, vgd, channel(kind.transistor, d.v));
    halves.accepted = halves.now;
    halves.v = d.v;
    const std::array<double, kPairs> charges = {
        sign * (2 * halves.now.cgs + model.cgs_overlap()) * d.v.vgs,
        sign * (2 * halves.now.cgd + model.cgd_overlap()) * vgd,
        sign * (2 * halves.now.cgb + model.cgb_overlap()) * (d.v.vgs - d.v.vbs),
        model.bulk_drain(vbd, e.gmin).q, model.bulk_source(d.v.vbs, e.gmin).q};
    for (std::size_t p = 0; p < kPairs; ++p) {
      if (kind.charged[p]) e.dynamics->derivative(d.first_site + kind.site[p], charges[p]);
    }
  }

  void load_gate(Evaluation& e, const Device& d, const Kind& kind, const Mosfet::Channel& channel,
                 Halves& halves) const {
    const Mosfet& model = kind.model();
    const double a0 = e.dynamics->a0();
    const bool at_rest = a0 == 0;
    halves.now = gate_capacitances(kind.transistor, d.v.vgs, d.v.vgs - d.v.vds, channel);
    const Mosfet::MeyerHalf& before = at_rest ? halves.now : halves.accepted;
    const std::array<double, kGatePairs> capacitance = {
        halves.now.cgs + before.cgs + model.cgs_overlap(),
        halves.now.cgd + before.cgd + model.cgd_overlap(),
        halves.now.cgb + before.cgb + model.cgb_overlap()};
    const Mosfet::Voltages& from = halves.v;
    const std::array<double, kGatePairs> last = {from.vgs, from.vgs - from.vds,
                                                 from.vgs - from.vbs};
    for (std::size_t p = 0; p < kGatePairs; ++p) {
      const double c = capacitance[p];
      if (!kind.charged[p]) continue;
      const std::size_t site = d.first_site + kind.site[p];
      const auto [gate, other] = ends(d, static_cast<Pair>(p));
      const double v = e.voltage(gate, other);
      const double q =
          at_rest ? c * v : e.dynamics->last(site) + c * (v - model.polarity() * last[p]);
      const double rate = e.dynamics->derivative(site, q);
      e.dynamics->pin(site, c == 0);  // no charge moves, whatever the formula
      if (c == 0) continue;
      e.add_current(gate, other, rate, a0 * c * v);
      if (e.jacobian != nullptr) {
        add_conductance(e.jacobian, slots(d.first_entry + kind.entry[p]), a0 * c);
      }
    }
  }

  const Circuit& circuit_;
  std::vector<Kind> kinds_;
  std::vector<Device> devices_;
  std::vector<Halves> halves_;  // per device, if any holds a charge
};

}  // namespace

std::unique_ptr<ElementGroup> make_mosfets(const Circuit& circuit) {
  return std::make_unique<Mosfets>(circuit);
}

}  // namespace wordline
