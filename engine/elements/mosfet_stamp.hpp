// What a transistor of four terminals adds to their equations, gathered before it is written: each
// equation and each entry of the Jacobian is then touched once.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "wordline/devices/mosfet.hpp"
#include "wordline/engine/element_group.hpp"

namespace wordline::mosfet {

// The terminals of a device, inside its series resistances.
enum Terminal : std::size_t { kGate, kDrain, kBulk, kSource };
inline constexpr std::size_t kTerminals = 4;

// The pairs of terminals that may hold a charge.
enum Pair : std::size_t { kGateSource, kGateDrain, kGateBulk, kBulkDrain, kBulkSource };
inline constexpr std::size_t kPairs = 5;
inline constexpr std::size_t kGatePairs = 3;
inline constexpr std::array<std::pair<Terminal, Terminal>, kPairs> kEnds = {
    {{kGate, kSource}, {kGate, kDrain}, {kGate, kBulk}, {kBulk, kDrain}, {kBulk, kSource}}};

// A device at some voltages.
struct Point {
  Mosfet::Voltages v{};
  Mosfet::Channel channel{};
  Mosfet::Junction bulk_drain{}, bulk_source{};
};

// Its currents [A] and the charges of its junctions [C] a little further on, along its tangents.
struct Currents {
  double channel, bulk_drain, bulk_source;
  double drain_charge, source_charge;

  Currents(const Point& at, Mosfet::Voltages v) {
    const double by_gate = v.vgs - at.v.vgs;
    const double by_drain = v.vds - at.v.vds;
    const double by_source = v.vbs - at.v.vbs;  // of the bulk
    const double by_bulk_drain = by_source - by_drain;
    const Mosfet::Channel& c = at.channel;
    channel = c.id + c.gm * by_gate + c.gds * by_drain + c.gmb * by_source;
    bulk_drain = at.bulk_drain.i + at.bulk_drain.g * by_bulk_drain;
    bulk_source = at.bulk_source.i + at.bulk_source.g * by_source;
    drain_charge = at.bulk_drain.q + at.bulk_drain.c * by_bulk_drain;
    source_charge = at.bulk_source.q + at.bulk_source.c * by_source;
  }
};

class Stamp {
 public:
  // `sign`: of the device's currents, which are those of an n-type one.
  Stamp(const Point& at, const Currents& currents, double sign)
      : at_(at), currents_(currents), sign_(sign) {}

  // The current [A] and the conductance [S] of a pair's charge, from its first terminal to the
  // second. The current is a difference of numbers as large as `from`.
  void add_charge(Pair pair, double current, double from, double conductance) {
    current_[pair] = current;
    from_[pair] = std::fabs(from);
    conductance_[pair] = conductance;
  }

  // `slot`: where the derivatives go, row by row.
  void write(Evaluation& e, const std::array<Unknown, kTerminals>& nodes,
             const std::int32_t* slot) const {
    write_currents(e, nodes);
    if (e.jacobian != nullptr) write_conductances(e.jacobian, slot);
  }

 private:
  using Largest = std::initializer_list<double>;

  static void add(Evaluation& e, Unknown node, double current, Largest terms, Largest from) {
    const auto k = static_cast<std::size_t>(node);
    double scale = e.scale[k];
    for (const double term : terms) scale = std::max(scale, std::fabs(term));
    e.residual[k] += current;
    e.scale[k] = scale;
    e.gross[k] = std::max(e.gross[k], std::max(from));
  }

  void write_currents(Evaluation& e, const std::array<Unknown, kTerminals>& nodes) const {
    const double id = sign_ * currents_.channel;
    const double bd = sign_ * currents_.bulk_drain;
    const double bs = sign_ * currents_.bulk_source;
    const auto [qgs, qgd, qgb, qbd, qbs] = current_;
    const auto [fgs, fgd, fgb, fbd, fbs] = from_;
    add(e, nodes[kGate], qgs + qgd + qgb, {qgs, qgd, qgb}, {fgs, fgd, fgb});
    add(e, nodes[kDrain], id - bd - qgd - qbd, {id, bd, qgd, qbd}, {fgd, fbd});
    add(e, nodes[kBulk], bd + bs + qbd + qbs - qgb, {bd, bs, qbd, qbs, qgb}, {fbd, fbs, fgb});
    add(e, nodes[kSource], -id - bs - qgs - qbs, {id, bs, qgs, qbs}, {fgs, fbs});
  }

  void write_conductances(double* jacobian, const std::int32_t* slot) const {
    const auto [gs, gd, gb, dynamic_bd, dynamic_bs] = conductance_;
    const double bd = dynamic_bd + at_.bulk_drain.g;
    const double bs = dynamic_bs + at_.bulk_source.g;
    const auto& [id, gm, gds, gmb, von, vdsat, reversed] = at_.channel;
    const double by_source = gm + gds + gmb;
    const auto add_row = [&](Terminal row, double gate, double drain, double bulk, double source) {
      const std::int32_t* const at = slot + kTerminals * row;
      jacobian[at[kGate]] += gate;
      jacobian[at[kDrain]] += drain;
      jacobian[at[kBulk]] += bulk;
      jacobian[at[kSource]] += source;
    };
    add_row(kGate, gs + gd + gb, -gd, -gb, -gs);
    add_row(kDrain, gm - gd, gds + gd + bd, gmb - bd, -by_source);
    add_row(kBulk, -gb, -bd, gb + bd + bs, -bs);
    add_row(kSource, -gm - gs, -gds, -gmb - bs, by_source + gs + bs);
  }

  const Point& at_;
  const Currents& currents_;
  double sign_;
  std::array<double, kPairs> current_{}, from_{}, conductance_{};
};

}  // namespace wordline::mosfet
