// MOS transistors: channel, bulk junctions, and gate capacitances.
//
// Everything is computed in the n-type frame: voltages and currents of a p-type device are negated,
// which leaves all derivatives as they are. The gate capacitances are Meyer's: a step moves the
// charge by C (v - v_last), where C is the sum of the halves at both ends of the step and the
// constant overlap.

#include <array>

#include "wordline/base/units.hpp"
#include "wordline/devices/mos1.hpp"
#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

constexpr std::array<Quantity, 9> kQuantities = {{{"i", "current", "A"},
                                                  {"id", "current", "A"},
                                                  {"vgs", "voltage", "V"},
                                                  {"vds", "voltage", "V"},
                                                  {"vbs", "voltage", "V"},
                                                  {"gm", "admittance", "S"},
                                                  {"gds", "admittance", "S"},
                                                  {"gmb", "admittance", "S"},
                                                  {"p", "power", "W"}}};

// Sites and capacitive pairs of a device, in this order.
enum Pair : std::size_t { kGateSource, kGateDrain, kGateBulk, kBulkDrain, kBulkSource };
constexpr std::size_t kPairs = 5;
constexpr std::size_t kGatePairs = 3;

// Entries of a device: the channel's two rows, the pairs, then the series resistances it has.
constexpr std::size_t kChannelEntries = 8;
constexpr std::size_t kEntries = kChannelEntries + 4 * kPairs;

class Mosfets final : public TableGroup<MosfetInstance> {
 public:
  explicit Mosfets(const Circuit& circuit) : TableGroup(circuit.mosfets), circuit_(circuit) {
    devices_.resize(size());
  }

  void declare(Layout& layout) override {
    set_temperature(circuit_.options.temperature);
    std::size_t entries = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      const MosfetInstance& m = row(k);
      Device& device = devices_[k];
      const std::string name = names()[static_cast<NodeId>(k)];
      device.first_entry = entries;
      device.drain = m.drain;
      device.source = m.source;
      if (models_[k].drain_conductance() > 0) {
        device.drain = layout.add_unknown("v(" + name + ".drain)");
      }
      if (models_[k].source_conductance() > 0) {
        device.source = layout.add_unknown("v(" + name + ".source)");
      }
      for (const Unknown equation : {device.drain, device.source}) {
        for (const Unknown node : {m.gate, device.drain, m.bulk, device.source}) {
          layout.add_entry(equation, node);
        }
      }
      for (std::size_t pair = 0; pair < kPairs; ++pair) {
        const auto [p, n] = ends(k, static_cast<Pair>(pair));
        layout.add_conductance(p, n);
      }
      entries += kEntries;
      if (device.drain != m.drain) {
        layout.add_conductance(m.drain, device.drain);
        entries += 4;
      }
      if (device.source != m.source) {
        layout.add_conductance(m.source, device.source);
        entries += 4;
      }
    }
    first_site_ = layout.add_sites(
        kPairs * size(), {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
  }

  void set_temperature(double celsius) override {
    models_.clear();
    for (const MosfetInstance& m : rows()) {
      const ModelCard& card = circuit_.models[static_cast<std::size_t>(m.model)];
      const MosGeometry geometry{.w = m.width,
                                 .l = m.length,
                                 .ad = m.drain_area,
                                 .as = m.source_area,
                                 .pd = m.drain_perimeter,
                                 .ps = m.source_perimeter,
                                 .nrd = m.drain_squares,
                                 .nrs = m.source_squares,
                                 .m = m.multiplicity};
      models_.emplace_back(from_values<Mos1Card>(card.values), geometry,
                           card.type->kind == "pmos" ? -1 : 1, celsius + kZeroCelsius,
                           circuit_.options.nominal_temperature + kZeroCelsius);
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      std::size_t entry = devices_[k].first_entry + kEntries;
      if (devices_[k].drain != row(k).drain) {
        add_conductance(jacobian, slots(entry), models_[k].drain_conductance());
        entry += 4;
      }
      if (devices_[k].source != row(k).source) {
        add_conductance(jacobian, slots(entry), models_[k].source_conductance());
      }
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      load_series(e, k);
      load_channel(e, k);
      load_junction(e, k, kBulkDrain);
      load_junction(e, k, kBulkSource);
      load_gate(e, k);
    }
  }

  void initialise(Evaluation& e) override {
    load(e);
    accept(e);
  }

  void accept(const Evaluation& /*evaluation*/) override {
    for (Device& device : devices_) device.accepted_half = device.half;
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Device& d = devices_[k];
    const double sign = models_[k].polarity();
    const double id = sign * d.channel.id;
    const std::array<double, kQuantities.size()> values = {id,
                                                           id,
                                                           e.voltage(row(k).gate, d.source),
                                                           e.voltage(d.drain, d.source),
                                                           e.voltage(row(k).bulk, d.source),
                                                           d.channel.gm,
                                                           d.channel.gds,
                                                           d.channel.gmb,
                                                           id * e.voltage(d.drain, d.source)};
    return values.at(quantity);
  }

 private:
  struct Device {
    Unknown drain = 0, source = 0;  // inside the series resistances
    std::size_t first_entry = 0;
    Mos1::Voltages v{};  // where the device was last evaluated
    Mos1::Channel channel{};
    Mos1::MeyerHalf half{}, accepted_half{};
  };

  std::pair<Unknown, Unknown> ends(std::size_t k, Pair pair) const {
    const MosfetInstance& m = row(k);
    switch (pair) {
      case kGateSource:
        return {m.gate, devices_[k].source};
      case kGateDrain:
        return {m.gate, devices_[k].drain};
      case kGateBulk:
        return {m.gate, m.bulk};
      case kBulkDrain:
        return {m.bulk, devices_[k].drain};
      default:
        return {m.bulk, devices_[k].source};
    }
  }

  const std::int32_t* pair_slots(std::size_t k, Pair pair) const {
    return slots(devices_[k].first_entry + kChannelEntries + 4 * pair);
  }

  void load_series(Evaluation& e, std::size_t k) {
    const Device& d = devices_[k];
    if (d.drain != row(k).drain) {
      e.add_current(row(k).drain, d.drain,
                    models_[k].drain_conductance() * e.voltage(row(k).drain, d.drain));
    }
    if (d.source != row(k).source) {
      e.add_current(row(k).source, d.source,
                    models_[k].source_conductance() * e.voltage(row(k).source, d.source));
    }
  }

  void load_channel(Evaluation& e, std::size_t k) {
    Device& d = devices_[k];
    const MosfetInstance& m = row(k);
    const double sign = models_[k].polarity();
    const Mos1::Voltages v = {sign * e.voltage(m.gate, d.source),
                              sign * e.voltage(d.drain, d.source),
                              sign * e.voltage(m.bulk, d.source)};
    const Mos1::Voltages from = e.first_iteration
                                    ? Mos1::Voltages{sign * e.accepted_voltage(m.gate, d.source),
                                                     sign * e.accepted_voltage(d.drain, d.source),
                                                     sign * e.accepted_voltage(m.bulk, d.source)}
                                    : d.v;
    d.v = v;
    if (models_[k].limit(d.v, from)) e.limited = true;
    d.channel = models_[k].channel(d.v.vgs, d.v.vds, d.v.vbs);
    const Mos1::Channel& c = d.channel;
    // Off the limited voltages the channel is its tangent.
    const double id =
        c.id + c.gm * (v.vgs - d.v.vgs) + c.gds * (v.vds - d.v.vds) + c.gmb * (v.vbs - d.v.vbs);
    e.add_current(d.drain, d.source, sign * id);
    if (e.jacobian == nullptr) return;
    const std::int32_t* slot = slots(d.first_entry);
    const std::array<double, 4> by_node = {c.gm, c.gds, c.gmb, -(c.gm + c.gds + c.gmb)};
    for (std::size_t node = 0; node < by_node.size(); ++node) {
      e.jacobian[slot[node]] += by_node[node];
      e.jacobian[slot[4 + node]] -= by_node[node];
    }
  }

  void load_junction(Evaluation& e, std::size_t k, Pair pair) {
    const Device& d = devices_[k];
    const auto [bulk, other] = ends(k, pair);
    const double sign = models_[k].polarity();
    const double limited = pair == kBulkDrain ? d.v.vbs - d.v.vds : d.v.vbs;
    const Mos1::Junction at = pair == kBulkDrain ? models_[k].bulk_drain(limited, e.gmin)
                                                 : models_[k].bulk_source(limited, e.gmin);
    const double beyond = sign * e.voltage(bulk, other) - limited;
    const double rate = e.dynamics->derivative(site(k, pair), at.q + at.c * beyond);
    e.add_current(bulk, other, sign * (at.i + at.g * beyond + rate), e.dynamics->a0() * at.q);
    if (e.jacobian != nullptr) {
      add_conductance(e.jacobian, pair_slots(k, pair), at.g + e.dynamics->a0() * at.c);
    }
  }

  void load_gate(Evaluation& e, std::size_t k) {
    Device& d = devices_[k];
    const Mos1& model = models_[k];
    d.half = model.meyer(d.v.vgs, d.v.vgs - d.v.vds, d.channel);
    const bool at_rest = e.dynamics->a0() == 0;
    const Mos1::MeyerHalf& before = at_rest ? d.half : d.accepted_half;
    const std::array<double, kGatePairs> capacitance = {
        d.half.cgs + before.cgs + model.cgs_overlap(),
        d.half.cgd + before.cgd + model.cgd_overlap(),
        d.half.cgb + before.cgb + model.cgb_overlap()};
    for (std::size_t p = 0; p < kGatePairs; ++p) {
      const double c = capacitance[p];
      if (c == 0) continue;
      const auto pair = static_cast<Pair>(p);
      const auto [gate, other] = ends(k, pair);
      const double v = e.voltage(gate, other);
      const double q =
          at_rest ? c * v
                  : e.dynamics->last(site(k, pair)) + c * (v - e.accepted_voltage(gate, other));
      e.add_current(gate, other, e.dynamics->derivative(site(k, pair), q),
                    e.dynamics->a0() * c * v);
      if (e.jacobian != nullptr) {
        add_conductance(e.jacobian, pair_slots(k, pair), e.dynamics->a0() * c);
      }
    }
  }

  std::size_t site(std::size_t k, Pair pair) const { return first_site_ + kPairs * k + pair; }

  const Circuit& circuit_;
  std::vector<Mos1> models_;
  std::vector<Device> devices_;
  std::size_t first_site_ = 0;
};

}  // namespace

std::unique_ptr<ElementGroup> make_mosfets(const Circuit& circuit) {
  return std::make_unique<Mosfets>(circuit);
}

}  // namespace wordline
