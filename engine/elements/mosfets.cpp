// MOS transistors: channel, bulk junctions, and gate capacitances.
//
// Everything is computed in the n-type frame: voltages and currents of a p-type device are negated,
// which leaves all derivatives as they are. The gate's charge follows its capacitances: a step
// moves it by C (v - v_last), where C is the sum of the halves at both ends of the step and the
// constant overlap.
//
// Devices of one card and geometry stand in blocks that are computed side by side. In a time step,
// a block whose voltages have hardly moved since it was last computed is on its tangents: what
// these leave out is a hundredth of the tolerance.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/elements/mosfet_block.hpp"
#include "wordline/engine/elements/mosfet_kind.hpp"
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

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Devices side by side.
struct Block {
  std::size_t kind = 0, count = 0;
  std::array<std::size_t, kBlock> element{}, first_entry{};
  NodeRows nodes{};
  std::size_t first_site = 0;
  VoltageRows v{};     // at which the devices were last wanted, as far as steps are limited
  PointRows points{};  // where they were last computed
  // Capacitances of this point and of the last one, and the voltages that the charges of the last
  // one belong to: those of the nodes, unless a device was given its own.
  HalfRows now{}, accepted{};
  VoltageRows charged_at{};
};

class Mosfets final : public TableGroup<MosfetInstance> {
 public:
  explicit Mosfets(const Circuit& circuit) : TableGroup(circuit.mosfets), circuit_(circuit) {}

  void declare(Layout& layout) override {
    gather_blocks();
    std::size_t entries = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      const auto [b, lane] = places_[k];
      declare_device(layout, k, blocks_[b], lane);
      blocks_[b].first_entry[lane] = entries;
      entries += kinds_[blocks_[b].kind].entries;
    }
    std::size_t sites = 0;
    for (Block& block : blocks_) {
      block.first_site = sites;
      sites += kinds_[block.kind].sites * block.count;
    }
    const std::size_t first = layout.add_sites(
        sites, {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
    for (Block& block : blocks_) block.first_site += first;
  }

  void set_temperature(double celsius) override {
    for (Kind& kind : kinds_) kind.set_temperature(circuit_, celsius);
    for (Block& block : blocks_) {
      for (std::size_t lane = 0; lane < kBlock; ++lane)
        block.points.v.set(lane, {kNaN, kNaN, kNaN});
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for_each([&](std::size_t k, const Block& block, std::size_t lane) {
      const Kind& kind = kinds_[block.kind];
      const std::size_t entry = block.first_entry[lane];
      if (block.nodes[kDrain][lane] != row(k).drain) {
        add_conductance(jacobian, slots(entry + kind.drain_entry),
                        kind.model().drain_conductance());
      }
      if (block.nodes[kSource][lane] != row(k).source) {
        add_conductance(jacobian, slots(entry + kind.source_entry),
                        kind.model().source_conductance());
      }
    });
  }

  void load(Evaluation& e) override {
    const bool in_step = e.dynamics->a0() > 0 && !e.small_signal;
    VoltageRows wanted{};
    TermRows terms;
    for (Block& block : blocks_) {
      const Kind& kind = kinds_[block.kind];
      const Mosfet& model = kind.model();
      load_series(e, block, model);
      find_voltages(e.x.data(), block.nodes, model.polarity(), block.count, wanted);
      move(block, wanted, e, model);
      if (!in_step || !(distance(block.v, block.points.v, block.count) <= kind.near)) {
        compute(kind.transistor, block.v, e.gmin, block.count, block.points);
      }
      if (model.has_oxide()) {
        compute_halves(kind.transistor, block.v, block.points, block.count, block.now);
      }
      const double a0 = e.dynamics->a0();
      const GateCharge gate{block.now, a0 == 0 ? block.now : block.accepted, model.overlap(),
                            block.charged_at, a0 == 0};
      find_terms(block.points, wanted, model.polarity(), a0, sites_of(block, *e.dynamics), gate,
                 block.count, terms);
      write(e, block, terms);
    }
  }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) set_charges(e, k);
  }

  void accept(const Evaluation& /*evaluation*/) override {
    for (Block& block : blocks_) {
      block.accepted = block.now;
      block.charged_at = block.v;
    }
  }

  bool has_off() const override {
    return std::any_of(rows().begin(), rows().end(), [](const auto& m) { return m.off; });
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Kind& kind = kind_of(k);
    const Mosfet& model = kind.model();
    const Mosfet::MeyerHalf& overlap = model.overlap();
    const Mosfet::Voltages v = voltages(e.x, k);
    const Mosfet::Channel c = channel(kind.transistor, v);
    const Mosfet::Junction bd = model.drain_junction().at(v.vbs - v.vds, e.gmin);
    const Mosfet::Junction bs = model.source_junction().at(v.vbs, e.gmin);
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
                                                           2 * half.cgs + overlap.cgs,
                                                           2 * half.cgd + overlap.cgd,
                                                           2 * half.cgb + overlap.cgb,
                                                           bd.c,
                                                           bs.c,
                                                           id * v.vds + (bd.i + bs.i) * v.vbs};
    return values.at(quantity);
  }

  // Those of the terminals, charges included.
  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view name) const override {
    const Kind& kind = kind_of(k);
    const Mosfet& model = kind.model();
    const Mosfet::MeyerHalf& overlap = model.overlap();
    const Mosfet::Voltages v = voltages(point.evaluation.x, k);
    const Mosfet::Channel c = channel(kind.transistor, v);
    const Mosfet::Junction drain = model.drain_junction().at(v.vbs - v.vds, point.evaluation.gmin);
    const Mosfet::Junction source = model.source_junction().at(v.vbs, point.evaluation.gmin);
    const Mosfet::MeyerHalf half = gate_capacitances(kind.transistor, v.vgs, v.vgs - v.vds, c);
    const auto between = [&](Terminal a, Terminal b) {
      return point.voltage(node(k, a), node(k, b));
    };
    const std::complex<double> s = point.s;
    const auto gs = s * (2 * half.cgs + overlap.cgs) * between(kGate, kSource);
    const auto gd = s * (2 * half.cgd + overlap.cgd) * between(kGate, kDrain);
    const auto gb = s * (2 * half.cgb + overlap.cgb) * between(kGate, kBulk);
    const auto bd = (drain.g + s * drain.c) * between(kBulk, kDrain);
    const auto bs = (source.g + s * source.c) * between(kBulk, kSource);
    const auto id = c.gm * between(kGate, kSource) + c.gds * between(kDrain, kSource) +
                    c.gmb * between(kBulk, kSource);
    const double sign = model.polarity();
    if (name == "i") return id - gd - bd;
    if (name == "id") return sign * (id - gd - bd);
    if (name == "ig") return sign * (gs + gd + gb);
    if (name == "is") return -sign * (id + gs + bs);
    if (name == "ib") return sign * (bd + bs - gb);
    return sign * (name == "ibd" ? bd : bs);
  }

  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const MosfetInstance& m = row(k);
      const Kind& kind = kind_of(k);
      const Unknown drain = node(k, kDrain);
      const Unknown source = node(k, kSource);
      const auto [b, lane] = places_[k];
      const Mosfet::Channel c = channel(kind.transistor, blocks_[b].v.at(lane));
      const std::string name = names()[static_cast<NodeId>(k)];
      const double kelvin = m.temperature.in(e.temperature) + kZeroCelsius;
      const auto thermal = [&](Unknown p, Unknown n, const char* what, double siemens) {
        if (p != n) sources.push_back({p, n, name + what, thermal_noise(kelvin, siemens), 0, 1});
      };
      thermal(m.drain, drain, "_rd", kind.model().drain_conductance());
      thermal(m.source, source, "_rs", kind.model().source_conductance());
      thermal(drain, source, "_id", 2.0 / 3 * std::abs(c.gm));
      sources.push_back({drain, source, name + "_1overf", 0,
                         flicker_noise(kind.model().flicker_coefficient(),
                                       kind.model().flicker_exponent(), c.id, m.multiplicity),
                         1});
    }
  }

 private:
  struct Place {
    std::size_t block, lane;
  };

  // Calls f(element, block, lane) for each device.
  template <class F>
  void for_each(F f) const {
    for (std::size_t k = 0; k < size(); ++k) f(k, blocks_[places_[k].block], places_[k].lane);
  }

  const Kind& kind_of(std::size_t k) const { return kinds_[blocks_[places_[k].block].kind]; }
  Unknown node(std::size_t k, Terminal t) const {
    return blocks_[places_[k].block].nodes[t][places_[k].lane];
  }
  std::size_t site(std::size_t k, std::size_t pair) const {
    const Block& block = blocks_[places_[k].block];
    return block.first_site + kinds_[block.kind].site[pair] * block.count + places_[k].lane;
  }

  Mosfet::Voltages voltages(std::span<const double> x, std::size_t k) const {
    const auto at = [&](Terminal t) { return x[static_cast<std::size_t>(node(k, t))]; };
    const double sign = kind_of(k).model().polarity();
    const double source = at(kSource);
    return {sign * (at(kGate) - source), sign * (at(kDrain) - source), sign * (at(kBulk) - source)};
  }

  // That of its charges, in the device's own sign; none at rest.
  double gate_current(const Evaluation& e, std::size_t k) const {
    const Kind& kind = kind_of(k);
    double current = 0;
    for (std::size_t pair = 0; pair < kGatePairs; ++pair) {
      if (kind.charged[pair]) current += e.dynamics->rate(site(k, pair));
    }
    return kind.model().polarity() * current;
  }

  void gather_blocks() {
    std::vector<std::size_t> open;  // of each kind, the block that has room
    for (std::size_t k = 0; k < size(); ++k) {
      const std::size_t kind = find_kind(row(k));
      if (kind == open.size()) open.push_back(blocks_.size());
      if (open[kind] == blocks_.size() || blocks_[open[kind]].count == kBlock) {
        open[kind] = blocks_.size();
        blocks_.push_back({.kind = kind});
      }
      Block& block = blocks_[open[kind]];
      block.element[block.count] = k;
      places_.push_back({open[kind], block.count++});
    }
  }

  // Among the last kinds: where all devices differ, each would be compared with all others.
  std::size_t find_kind(const MosfetInstance& m) {
    constexpr std::size_t kRemembered = 64;
    const std::size_t first = kinds_.size() - std::min(kinds_.size(), kRemembered);
    for (std::size_t kind = first; kind < kinds_.size(); ++kind) {
      if (kinds_[kind].has(m)) return kind;
    }
    kinds_.emplace_back(circuit_, m);
    return kinds_.size() - 1;
  }

  void declare_device(Layout& layout, std::size_t k, Block& block, std::size_t lane) const {
    const MosfetInstance& m = row(k);
    const Kind& kind = kinds_[block.kind];
    const auto inside = [&](NodeId terminal, double conductance, const char* which) {
      if (conductance == 0) return terminal;
      return layout.add_unknown("v(" + names()[static_cast<NodeId>(k)] + which);
    };
    const Unknown drain = inside(m.drain, kind.model().drain_conductance(), ".drain)");
    const Unknown source = inside(m.source, kind.model().source_conductance(), ".source)");
    const std::array<Unknown, kTerminals> nodes = {m.gate, drain, m.bulk, source};
    for (std::size_t row = 0; row < kTerminals; ++row) {
      block.nodes[row][lane] = nodes[row];
      for (std::size_t column = 0; column < kTerminals; ++column) {
        const bool couple = kind.couples(static_cast<Terminal>(row), static_cast<Terminal>(column));
        layout.add_entry(couple ? nodes[row] : 0, couple ? nodes[column] : 0);
      }
    }
    if (drain != m.drain) layout.add_conductance(m.drain, drain);
    if (source != m.source) layout.add_conductance(m.source, source);
  }

  // Moves the devices towards the voltages wanted, as far as a step may; those held off to none.
  void move(Block& block, const VoltageRows& wanted, Evaluation& e, const Mosfet& model) const {
    if (e.first_iteration) {
      find_voltages(e.x_accepted.data(), block.nodes, model.polarity(), block.count, block.v);
    }
    const bool is_small = distance(wanted, block.v, block.count) <= model.smallest_limited_step();
    if (is_small && !e.hold_off) {
      block.v = wanted;
      return;
    }
    for (std::size_t lane = 0; lane < block.count; ++lane) {
      Mosfet::Voltages v = wanted.at(lane);
      if (e.hold_off && row(block.element[lane]).off) {
        v = {};
      } else if (model.limit(v, block.v.at(lane))) {
        e.limited = true;
      }
      block.v.set(lane, v);
    }
  }

  void load_series(Evaluation& e, const Block& block, const Mosfet& model) const {
    const auto load = [&](Unknown terminal, Unknown inside, double conductance) {
      e.add_current(terminal, inside, conductance * e.voltage(terminal, inside));
    };
    for (std::size_t lane = 0; lane < block.count; ++lane) {
      const MosfetInstance& m = row(block.element[lane]);
      const double drain = model.drain_conductance();
      const double source = model.source_conductance();
      if (drain > 0) load(m.drain, block.nodes[kDrain][lane], drain);
      if (source > 0) load(m.source, block.nodes[kSource][lane], source);
    }
  }

  std::array<ChargeSites, kPairs> sites_of(const Block& block, Dynamics& dynamics) const {
    const Kind& kind = kinds_[block.kind];
    const auto of_pair = [&](std::size_t pair) -> ChargeSites {
      if (!kind.charged[pair]) return {};
      const std::size_t first = block.first_site + kind.site[pair] * block.count;
      return {dynamics.values(first, block.count).data(),
              dynamics.history(first, block.count).data(),
              dynamics.last_values(first, block.count).data(),
              dynamics.pins(first, block.count).data()};
    };
    return {of_pair(kGateSource), of_pair(kGateDrain), of_pair(kGateBulk), of_pair(kBulkDrain),
            of_pair(kBulkSource)};
  }

  void write(Evaluation& e, const Block& block, const TermRows& terms) const {
    for (std::size_t lane = 0; lane < block.count; ++lane) {
      for (std::size_t t = 0; t < kTerminals; ++t) {
        const auto k = static_cast<std::size_t>(block.nodes[t][lane]);
        e.residual[k] += terms.residual[t][lane];
        e.scale[k] = std::max(e.scale[k], terms.scale[t][lane]);
        e.gross[k] = std::max(e.gross[k], terms.gross[t][lane]);
      }
      if (e.jacobian == nullptr) continue;
      const std::int32_t* const slot = slots(block.first_entry[lane]);
      for (std::size_t entry = 0; entry < kTerminalEntries; ++entry) {
        e.jacobian[slot[entry]] += terms.jacobian[entry][lane];
      }
    }
  }

  // At the voltages of the nodes, or those that the device is given.
  void set_charges(Evaluation& e, std::size_t k) {
    const MosfetInstance& m = row(k);
    const Kind& kind = kind_of(k);
    const Mosfet& model = kind.model();
    const double sign = model.polarity();
    const auto given_or = [&](std::size_t which, NodeId node) {
      const double given = m.initial[which];
      return sign * (std::isnan(given) ? e.voltage(node, m.source) : given);
    };
    const Mosfet::Voltages v = {given_or(1, m.gate), given_or(0, m.drain), given_or(2, m.bulk)};
    const double vgd = v.vgs - v.vds;
    const double vbd = v.vbs - v.vds;
    const Mosfet::MeyerHalf half =
        gate_capacitances(kind.transistor, v.vgs, vgd, channel(kind.transistor, v));
    Block& block = blocks_[places_[k].block];
    const std::size_t lane = places_[k].lane;
    block.v.set(lane, v);
    block.charged_at.set(lane, v);
    block.now.set(lane, half);
    block.accepted.set(lane, half);
    const Mosfet::MeyerHalf& overlap = model.overlap();
    const std::array<double, kPairs> charges = {
        sign * (2 * half.cgs + overlap.cgs) * v.vgs, sign * (2 * half.cgd + overlap.cgd) * vgd,
        sign * (2 * half.cgb + overlap.cgb) * (v.vgs - v.vbs),
        model.drain_junction().at(vbd, e.gmin).q, model.source_junction().at(v.vbs, e.gmin).q};
    for (std::size_t p = 0; p < kPairs; ++p) {
      if (kind.charged[p]) e.dynamics->derivative(site(k, p), charges[p]);
    }
  }

  const Circuit& circuit_;
  std::vector<Kind> kinds_;
  std::vector<Block> blocks_;
  std::vector<Place> places_;  // of each device
};

}  // namespace

std::unique_ptr<ElementGroup> make_mosfets(const Circuit& circuit) {
  return std::make_unique<Mosfets>(circuit);
}

}  // namespace wordline
