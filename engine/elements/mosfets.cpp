// MOS transistors: channel, bulk junctions, and gate capacitances.
//
// Everything is computed in the n-type frame: voltages and currents of a p-type device are negated,
// which leaves all derivatives as they are. The gate's charge follows its capacitances: a step
// moves it by C (v - v_last), where C is the sum of the halves at both ends of the step and the
// constant overlap.
//
// In a time step, a device whose voltages have hardly moved since it was last computed is on its
// tangents: what these leave out is a hundredth of the tolerance.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/elements/mosfet_stamp.hpp"
#include "wordline/engine/noise_source.hpp"

namespace wordline {

namespace {

using namespace mosfet;

// As ngspice shows them: but for `i`, into the drain, those of p-type devices have the signs of an
// n-type one.
constexpr std::array<Quantity, 26> kQuantities = {
    {{"i", "current", "A"},       {"id", "current", "A"},      {"is", "current", "A"},
     {"ig", "current", "A"},      {"ib", "current", "A"},      {"ibd", "current", "A"},
     {"ibs", "current", "A"},     {"vgs", "voltage", "V"},     {"vds", "voltage", "V"},
     {"vbs", "voltage", "V"},     {"vbd", "voltage", "V"},     {"von", "voltage", "V"},
     {"vth", "voltage", "V"},     {"vdsat", "voltage", "V"},   {"gm", "admittance", "S"},
     {"gds", "admittance", "S"},  {"gmb", "admittance", "S"},  {"gmbs", "admittance", "S"},
     {"gbd", "admittance", "S"},  {"gbs", "admittance", "S"},  {"cgs", "capacitance", "F"},
     {"cgd", "capacitance", "F"}, {"cgb", "capacitance", "F"}, {"cbd", "capacitance", "F"},
     {"cbs", "capacitance", "F"}, {"p", "power", "W"}}};

// Entries of a device: those of all terminals, row by row, of which some may be none; then the
// series resistances it has.
constexpr std::size_t kTerminalEntries = kTerminals * kTerminals;

// What evaluating a device anew would change, where it is on its tangents, as a part of reltol.
constexpr double kNegligible = 0.01;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Mosfet::Voltages kNowhere = {kNaN, kNaN, kNaN};

// What devices of one card and geometry share.
struct Kind {
  std::int32_t card;
  MosGeometry geometry;
  OwnTemperature temperature;
  Transistor transistor;
  std::array<bool, kPairs> charged{};
  // Where a device has them, after its first: the site of each pair, and the entries of the series
  // resistances.
  std::array<std::size_t, kPairs> site{};
  std::size_t drain_entry = 0, source_entry = 0;
  std::size_t entries = 0, sites = 0;
  double near = 0;  // V, by which a device may move along its tangents

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
    entries = kTerminalEntries;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      if (charged[pair]) site[pair] = sites++;
    }
    if (model.drain_conductance() > 0) drain_entry = take_conductance();
    if (model.source_conductance() > 0) source_entry = take_conductance();
  }

  const Mosfet& model() const { return common(transistor); }

  // Whether a terminal's current depends on another's voltage.
  bool couples(Terminal row, Terminal column) const {
    if (row == kDrain || row == kSource) return true;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      const auto [a, b] = kEnds[pair];
      const bool has_both = (row == a || row == b) && (column == a || column == b);
      if (has_both && (charged[pair] || pair >= kGatePairs)) return true;
    }
    return false;
  }

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
    for (Kind& kind : kinds_) {
      kind.transistor = kind.make(circuit_, celsius);
      // The error of an exponential's tangent, (v - v0)^2/2 in units of kT/q, is then negligible.
      const double kelvin = kind.temperature.in(celsius) + kZeroCelsius;
      kind.near = thermal_voltage(kelvin) * std::sqrt(2 * kNegligible * circuit_.options.reltol);
    }
    points_.assign(size(), Point{.v = kNowhere});
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const Device& d = devices_[k];
      const Kind& kind = kinds_[d.kind];
      if (d.nodes[kDrain] != row(k).drain) {
        add_conductance(jacobian, slots(d.first_entry + kind.drain_entry),
                        kind.model().drain_conductance());
      }
      if (d.nodes[kSource] != row(k).source) {
        add_conductance(jacobian, slots(d.first_entry + kind.source_entry),
                        kind.model().source_conductance());
      }
    }
  }

  void load(Evaluation& e) override {
    const bool in_step = e.dynamics->a0() > 0 && !e.small_signal;
    for (std::size_t k = 0; k < size(); ++k) {
      Device& d = devices_[k];
      const Kind& kind = kinds_[d.kind];
      const Mosfet& model = kind.model();
      load_series(e, k, d, model);
      const Mosfet::Voltages wanted = voltages(e.x, d, model);
      if (e.hold_off && row(k).off) {
        d.v = {};
      } else {
        move(d, wanted, e, model);
      }
      Point& computed = points_[k];
      if (!in_step || !are_near(d.v, computed.v, kind.near)) {
        computed = evaluate(kind, d.v, e.gmin);
      }
      const Currents currents(computed, wanted);
      Stamp stamp(computed, currents, model.polarity());
      if (kind.sites > 0) add_charges(stamp, e, k, currents, wanted);
      stamp.write(e, d.nodes, slots(d.first_entry));
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
                                                           gate_current(e, k),
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

  // Those of the terminals, charges included.
  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view name) const override {
    const Device& d = devices_[k];
    const Point& at = points_[k];
    const Mosfet& model = kinds_[d.kind].model();
    const Mosfet::MeyerHalf half =
        gate_capacitances(kinds_[d.kind].transistor, at.v.vgs, at.v.vgs - at.v.vds, at.channel);
    const auto between = [&](Terminal a, Terminal b) {
      return point.voltage(d.nodes[a], d.nodes[b]);
    };
    const std::complex<double> s = point.s;
    const auto gs = s * (2 * half.cgs + model.cgs_overlap()) * between(kGate, kSource);
    const auto gd = s * (2 * half.cgd + model.cgd_overlap()) * between(kGate, kDrain);
    const auto gb = s * (2 * half.cgb + model.cgb_overlap()) * between(kGate, kBulk);
    const auto bd = (at.bulk_drain.g + s * at.bulk_drain.c) * between(kBulk, kDrain);
    const auto bs = (at.bulk_source.g + s * at.bulk_source.c) * between(kBulk, kSource);
    const auto channel = at.channel.gm * between(kGate, kSource) +
                         at.channel.gds * between(kDrain, kSource) +
                         at.channel.gmb * between(kBulk, kSource);
    const double sign = model.polarity();
    if (name == "i") return channel - gd - bd;
    if (name == "id") return sign * (channel - gd - bd);
    if (name == "ig") return sign * (gs + gd + gb);
    if (name == "is") return -sign * (channel + gs + bs);
    if (name == "ib") return sign * (bd + bs - gb);
    return sign * (name == "ibd" ? bd : bs);
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
      thermal(m.drain, d.nodes[kDrain], "_rd", kind.model().drain_conductance());
      thermal(m.source, d.nodes[kSource], "_rs", kind.model().source_conductance());
      thermal(d.nodes[kDrain], d.nodes[kSource], "_id", 2.0 / 3 * std::abs(c.gm));
      sources.push_back({d.nodes[kDrain], d.nodes[kSource], name + "_1overf", 0,
                         flicker_noise(kind.model().flicker_coefficient(),
                                       kind.model().flicker_exponent(), c.id, m.multiplicity),
                         1});
    }
  }

 private:
  struct Device {
    std::array<Unknown, kTerminals> nodes;
    std::size_t kind = 0, first_entry = 0, first_site = 0;
    Mosfet::Voltages v{};  // at which the device was last wanted, as far as steps are limited
  };
  // Capacitances of this point and of the last one, and the voltages that the charges of the last
  // one belong to: those of the nodes, unless the device was given its own.
  struct Halves {
    Mosfet::MeyerHalf now{}, accepted{};
    Mosfet::Voltages v{};
  };

  // That of its charges, in the n-type frame; none at rest.
  double gate_current(const Evaluation& e, std::size_t k) const {
    const Kind& kind = kinds_[devices_[k].kind];
    double current = 0;
    for (std::size_t pair = 0; pair < kGatePairs; ++pair) {
      if (kind.charged[pair]) current += e.dynamics->rate(devices_[k].first_site + kind.site[pair]);
    }
    return kind.model().polarity() * current;
  }

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
    const Unknown drain = inside(m.drain, kind.model().drain_conductance(), ".drain)");
    const Unknown source = inside(m.source, kind.model().source_conductance(), ".source)");
    const Device d{.nodes = {m.gate, drain, m.bulk, source}};
    for (std::size_t row = 0; row < kTerminals; ++row) {
      for (std::size_t column = 0; column < kTerminals; ++column) {
        const bool couple = kind.couples(static_cast<Terminal>(row), static_cast<Terminal>(column));
        layout.add_entry(couple ? d.nodes[row] : 0, couple ? d.nodes[column] : 0);
      }
    }
    if (drain != m.drain) layout.add_conductance(m.drain, drain);
    if (source != m.source) layout.add_conductance(m.source, source);
    return d;
  }

  static Mosfet::Voltages voltages(std::span<const double> x, const Device& d,
                                   const Mosfet& model) {
    const double sign = model.polarity();
    const auto at = [&](Unknown node) { return x[static_cast<std::size_t>(node)]; };
    const double source = at(d.nodes[kSource]);
    return {sign * (at(d.nodes[kGate]) - source), sign * (at(d.nodes[kDrain]) - source),
            sign * (at(d.nodes[kBulk]) - source)};
  }

  // Moves the device towards the voltages wanted, as far as a step may.
  static void move(Device& d, Mosfet::Voltages wanted, Evaluation& e, const Mosfet& model) {
    const Mosfet::Voltages from = e.first_iteration ? voltages(e.x_accepted, d, model) : d.v;
    d.v = wanted;
    if (model.limit(d.v, from)) e.limited = true;
  }

  static bool are_near(Mosfet::Voltages a, Mosfet::Voltages b, double near) {
    return std::abs(a.vgs - b.vgs) <= near && std::abs(a.vds - b.vds) <= near &&
           std::abs(a.vbs - b.vbs) <= near;
  }

  static Point evaluate(const Kind& kind, Mosfet::Voltages v, double gmin) {
    const Mosfet& model = kind.model();
    return {v, channel(kind.transistor, v), model.bulk_drain(v.vbs - v.vds, gmin),
            model.bulk_source(v.vbs, gmin)};
  }

  void load_series(Evaluation& e, std::size_t k, const Device& d, const Mosfet& model) const {
    const auto load = [&](Unknown terminal, Unknown inside, double conductance) {
      if (terminal != inside) {
        e.add_current(terminal, inside, conductance * e.voltage(terminal, inside));
      }
    };
    load(row(k).drain, d.nodes[kDrain], model.drain_conductance());
    load(row(k).source, d.nodes[kSource], model.source_conductance());
  }

  void add_charges(Stamp& stamp, Evaluation& e, std::size_t k, const Currents& currents,
                   Mosfet::Voltages wanted) {
    const Device& d = devices_[k];
    const Kind& kind = kinds_[d.kind];
    const Point& at = points_[k];
    add_gate_charges(stamp, e, k, at.channel, wanted);
    const double sign = kind.model().polarity();
    const double a0 = e.dynamics->a0();
    const auto add_junction = [&](Pair pair, double q, double c) {
      if (!kind.charged[pair]) return;
      const double rate = e.dynamics->derivative(d.first_site + kind.site[pair], q);
      stamp.add_charge(pair, sign * rate, a0 * q, a0 * c);
    };
    add_junction(kBulkDrain, currents.drain_charge, at.bulk_drain.c);
    add_junction(kBulkSource, currents.source_charge, at.bulk_source.c);
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

  void add_gate_charges(Stamp& stamp, Evaluation& e, std::size_t k, const Mosfet::Channel& channel,
                        Mosfet::Voltages v) {
    const Device& d = devices_[k];
    const Kind& kind = kinds_[d.kind];
    const Mosfet& model = kind.model();
    Halves& halves = halves_[k];
    const double a0 = e.dynamics->a0();
    const bool at_rest = a0 == 0;
    if (model.has_oxide()) {
      halves.now = gate_capacitances(kind.transistor, d.v.vgs, d.v.vgs - d.v.vds, channel);
    }
    const Mosfet::MeyerHalf& before = at_rest ? halves.now : halves.accepted;
    const auto add = [&](Pair pair, double c, double volts, double last) {
      if (!kind.charged[pair]) return;
      const std::size_t site = d.first_site + kind.site[pair];
      const double sign = model.polarity();
      const double q =
          at_rest ? sign * c * volts : e.dynamics->last(site) + sign * c * (volts - last);
      const double rate = e.dynamics->derivative(site, q);
      e.dynamics->pin(site, c == 0);  // no charge moves, whatever the formula
      if (c != 0) stamp.add_charge(pair, rate, a0 * c * volts, a0 * c);
    };
    const Mosfet::Voltages& last = halves.v;
    add(kGateSource, halves.now.cgs + before.cgs + model.cgs_overlap(), v.vgs, last.vgs);
    add(kGateDrain, halves.now.cgd + before.cgd + model.cgd_overlap(), v.vgs - v.vds,
        last.vgs - last.vds);
    add(kGateBulk, halves.now.cgb + before.cgb + model.cgb_overlap(), v.vgs - v.vbs,
        last.vgs - last.vbs);
  }

  const Circuit& circuit_;
  std::vector<Kind> kinds_;
  std::vector<Device> devices_;
  std::vector<Point> points_;   // where each device was last computed
  std::vector<Halves> halves_;  // per device, if any holds a charge
};

}  // namespace

std::unique_ptr<ElementGroup> make_mosfets(const Circuit& circuit) {
  return std::make_unique<Mosfets>(circuit);
}

}  // namespace wordline
