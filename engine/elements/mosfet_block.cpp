#include "wordline/engine/elements/mosfet_block.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "wordline/base/instruction_sets.hpp"

namespace wordline::mosfet {

namespace {

// As many numbers as a register of an instruction set holds.
template <InstructionSet set>
struct Register {
  using Vector = double __attribute__((vector_size(16)));
};
template <>
struct Register<InstructionSet::kAvx2> {
  using Vector = double __attribute__((vector_size(32)));
};
template <>
struct Register<InstructionSet::kAvx512> {
  using Vector = double __attribute__((vector_size(64)));
};

template <class V>
WORDLINE_INLINE V magnitude(const V& v) {
  return v < 0 ? -v : v;
}
template <class V>
WORDLINE_INLINE V larger(const V& a, const V& b) {
  return a < b ? b : a;
}
template <class V, class... More>
WORDLINE_INLINE V larger(const V& a, const V& b, const More&... more) {
  return larger(larger(a, b), more...);
}

// The lanes from `first` on that fill a vector, of blocks of n devices.
template <class V>
struct Lane {
  std::size_t first, n;

  static constexpr std::size_t kCount = sizeof(V) / sizeof(double);

  WORDLINE_INLINE V of(const Row& row) const {
    V v;
    std::memcpy(&v, &row[first], sizeof v);
    return v;
  }
  WORDLINE_INLINE void set(Row& row, const V& v) const { std::memcpy(&row[first], &v, sizeof v); }

  // Of a run of n numbers.
  WORDLINE_INLINE V of(const double* run) const {
    V v{};
    if (first + kCount <= n) {
      std::memcpy(&v, run + first, sizeof v);
    } else {
      for (std::size_t k = first; k < n; ++k) v[k - first] = run[k];
    }
    return v;
  }
  WORDLINE_INLINE void set(double* run, const V& v) const {
    if (first + kCount <= n) {
      std::memcpy(run + first, &v, sizeof v);
    } else {
      for (std::size_t k = first; k < n; ++k) run[k] = v[k - first];
    }
  }
};

WORDLINE_INLINE void find_voltages_body(const double* x, const NodeRows& nodes, double sign,
                                        std::size_t n, VoltageRows& v) {
  const auto at = [&](Terminal t, std::size_t k) {
    return x[static_cast<std::size_t>(nodes[t][k])];
  };
  for (std::size_t k = 0; k < n; ++k) {
    const double source = at(kSource, k);
    v.vgs[k] = sign * (at(kGate, k) - source);
    v.vds[k] = sign * (at(kDrain, k) - source);
    v.vbs[k] = sign * (at(kBulk, k) - source);
  }
}

template <InstructionSet set>
WORDLINE_INLINE double distance_body(const VoltageRows& a, const VoltageRows& b, std::size_t n) {
  using V = typename Register<set>::Vector;
  Row farthest{};
  for (Lane<V> lane{0, n}; lane.first < n; lane.first += lane.kCount) {
    lane.set(farthest, larger(magnitude(lane.of(a.vgs) - lane.of(b.vgs)),
                              magnitude(lane.of(a.vds) - lane.of(b.vds)),
                              magnitude(lane.of(a.vbs) - lane.of(b.vbs))));
  }
  double result = farthest[0];
  for (std::size_t k = 1; k < n; ++k) result = result < farthest[k] ? farthest[k] : result;
  return result;
}

WORDLINE_INLINE void compute_junction(const Mosfet::BulkJunction& junction, double gmin,
                                      const Row& v, std::size_t n, JunctionRows& rows) {
  for (std::size_t k = 0; k < n; ++k) {
    const auto [i, g] = junction.current(v[k], gmin);
    rows.i[k] = i;
    rows.g[k] = g;
    rows.q[k] = 0;
    rows.c[k] = 0;
  }
  for (const DepletionCharge& part : {junction.bottom, junction.side}) {
    if (part.capacitance == 0) continue;
    for (std::size_t k = 0; k < n; ++k) {
      const auto [q, c] = part.of_charged(v[k]);
      rows.q[k] += q;
      rows.c[k] += c;
    }
  }
}

template <class Model>
WORDLINE_INLINE void compute_model(const Model& shared, const VoltageRows& v, double gmin,
                                   std::size_t n, PointRows& points) {
  const Model model = shared;  // which no store can change
  Row vbd;
  for (std::size_t k = 0; k < n; ++k) {
    const Mosfet::Channel c = model.channel(v.vgs[k], v.vds[k], v.vbs[k]);
    points.id[k] = c.id;
    points.gm[k] = c.gm;
    points.gds[k] = c.gds;
    points.gmb[k] = c.gmb;
    points.von[k] = c.von;
    points.vdsat[k] = c.vdsat;
    vbd[k] = v.vbs[k] - v.vds[k];
  }
  compute_junction(model.drain_junction(), gmin, vbd, n, points.bulk_drain);
  compute_junction(model.source_junction(), gmin, v.vbs, n, points.bulk_source);
  points.v = v;
}

template <class Model>
WORDLINE_INLINE void compute_halves_of(const Model& shared, const VoltageRows& v,
                                       const PointRows& points, std::size_t n, HalfRows& halves) {
  const Model model = shared;
  for (std::size_t k = 0; k < n; ++k) {
    const Mosfet::Channel channel{.id = 0,
                                  .gm = 0,
                                  .gds = 0,
                                  .gmb = 0,
                                  .von = points.von[k],
                                  .vdsat = points.vdsat[k],
                                  .reversed = points.v.vds[k] < 0};
    const Mosfet::MeyerHalf half = model.meyer(v.vgs[k], v.vgs[k] - v.vds[k], channel);
    halves.cgs[k] = half.cgs;
    halves.cgd[k] = half.cgd;
    halves.cgb[k] = half.cgb;
  }
}

// What a pair's charge adds: its current from the first terminal to the second, the size of the
// numbers which that is a difference of, and its conductance.
template <class V>
struct ChargeTerms {
  V current{}, from{}, conductance{};
};

// What is the same for all pairs.
template <class V>
struct Step {
  double sign, a0;
  bool at_rest;
  Lane<V> lane;
};

template <class V>
WORDLINE_INLINE ChargeTerms<V> charge_gate(const ChargeSites& sites, const Row& now,
                                           const Row& before, double overlap, const V& v,
                                           const V& last, const Step<V>& step) {
  if (sites.q == nullptr) return {};
  const Lane<V>& lane = step.lane;
  const V c = lane.of(now) + lane.of(before) + overlap;
  const V moved = step.sign * c * (step.at_rest ? v : v - last);
  const V q = step.at_rest ? moved : lane.of(sites.last) + moved;
  lane.set(sites.q, q);
  const std::size_t end = std::min(lane.first + lane.kCount, lane.n);
  for (std::size_t k = lane.first; k < end; ++k) sites.pinned[k] = c[k - lane.first] == 0 ? 1 : 0;
  // Where no charge can move, none does, whatever the formula.
  const V rate = step.a0 * q + lane.of(sites.b);
  return {c == 0 ? V{} : rate, magnitude(step.a0 * c * v), step.a0 * c};
}

template <class V>
WORDLINE_INLINE ChargeTerms<V> charge_junction(const ChargeSites& sites, const JunctionRows& at,
                                               const V& beyond, const Step<V>& step) {
  if (sites.q == nullptr) return {};
  const Lane<V>& lane = step.lane;
  const V c = lane.of(at.c);
  const V q = lane.of(at.q) + c * beyond;
  lane.set(sites.q, q);
  return {step.sign * (step.a0 * q + lane.of(sites.b)), magnitude(step.a0 * q), step.a0 * c};
}

template <class V>
WORDLINE_INLINE void find_terms_at(const PointRows& at, const VoltageRows& v, double sign,
                                   double a0, const std::array<ChargeSites, kPairs>& sites,
                                   const GateCharge& gate, const Lane<V>& lane, TermRows& terms) {
  const Step<V> step{sign, a0, gate.at_rest, lane};
  const V vgs = lane.of(v.vgs), vds = lane.of(v.vds), vbs = lane.of(v.vbs);
  const V last_vgs = lane.of(gate.last.vgs);
  const auto [gs, gs_from, gs_by] = charge_gate(sites[kGateSource], gate.now.cgs, gate.before.cgs,
                                                gate.overlap.cgs, vgs, last_vgs, step);
  const auto [gd, gd_from, gd_by] =
      charge_gate(sites[kGateDrain], gate.now.cgd, gate.before.cgd, gate.overlap.cgd, vgs - vds,
                  last_vgs - lane.of(gate.last.vds), step);
  const auto [gb, gb_from, gb_by] =
      charge_gate(sites[kGateBulk], gate.now.cgb, gate.before.cgb, gate.overlap.cgb, vgs - vbs,
                  last_vgs - lane.of(gate.last.vbs), step);

  // How far the devices are from their points.
  const V by_gate = vgs - lane.of(at.v.vgs), by_drain = vds - lane.of(at.v.vds);
  const V by_source = vbs - lane.of(at.v.vbs), by_bulk_drain = by_source - by_drain;
  const auto [bd, bd_from, bd_by] =
      charge_junction(sites[kBulkDrain], at.bulk_drain, by_bulk_drain, step);
  const auto [bs, bs_from, bs_by] =
      charge_junction(sites[kBulkSource], at.bulk_source, by_source, step);
  const V gm = lane.of(at.gm), gds = lane.of(at.gds), gmb = lane.of(at.gmb);
  const V gbd = lane.of(at.bulk_drain.g), gbs = lane.of(at.bulk_source.g);
  const V id = sign * (lane.of(at.id) + gm * by_gate + gds * by_drain + gmb * by_source);
  const V ibd = sign * (lane.of(at.bulk_drain.i) + gbd * by_bulk_drain);
  const V ibs = sign * (lane.of(at.bulk_source.i) + gbs * by_source);

  lane.set(terms.residual[kGate], gs + gd + gb);
  lane.set(terms.residual[kDrain], id - ibd - gd - bd);
  lane.set(terms.residual[kBulk], ibd + ibs + bd + bs - gb);
  lane.set(terms.residual[kSource], -id - ibs - gs - bs);
  const V of_gs = magnitude(gs), of_gd = magnitude(gd), of_gb = magnitude(gb);
  const V of_id = magnitude(id), of_ibd = larger(magnitude(ibd), magnitude(bd));
  const V of_ibs = larger(magnitude(ibs), magnitude(bs));
  lane.set(terms.scale[kGate], larger(of_gs, of_gd, of_gb));
  lane.set(terms.scale[kDrain], larger(of_id, of_ibd, of_gd));
  lane.set(terms.scale[kBulk], larger(of_ibd, of_ibs, of_gb));
  lane.set(terms.scale[kSource], larger(of_id, of_ibs, of_gs));
  lane.set(terms.gross[kGate], larger(gs_from, gd_from, gb_from));
  lane.set(terms.gross[kDrain], larger(gd_from, bd_from));
  lane.set(terms.gross[kBulk], larger(bd_from, bs_from, gb_from));
  lane.set(terms.gross[kSource], larger(gs_from, bs_from));

  const auto store_row = [&](Terminal t, const V& gate_, const V& drain, const V& bulk,
                             const V& source) {
    lane.set(terms.jacobian[kTerminals * t + kGate], gate_);
    lane.set(terms.jacobian[kTerminals * t + kDrain], drain);
    lane.set(terms.jacobian[kTerminals * t + kBulk], bulk);
    lane.set(terms.jacobian[kTerminals * t + kSource], source);
  };
  const V to_drain = gbd + bd_by, to_source = gbs + bs_by, by_own_source = gm + gds + gmb;
  store_row(kGate, gs_by + gd_by + gb_by, -gd_by, -gb_by, -gs_by);
  store_row(kDrain, gm - gd_by, gds + gd_by + to_drain, gmb - to_drain, -by_own_source);
  store_row(kBulk, -gb_by, -to_drain, gb_by + to_drain + to_source, -to_source);
  store_row(kSource, -gm - gs_by, -gds, -gmb - to_source, by_own_source + gs_by + to_source);
}

template <InstructionSet set>
WORDLINE_INLINE void find_terms_body(const PointRows& points, const VoltageRows& v, double sign,
                                     double a0, const std::array<ChargeSites, kPairs>& sites,
                                     const GateCharge& gate, std::size_t n, TermRows& terms) {
  for (Lane<typename Register<set>::Vector> lane{0, n}; lane.first < n; lane.first += lane.kCount) {
    find_terms_at(points, v, sign, a0, sites, gate, lane, terms);
  }
}

// Loops over a whole block have a length that compilers know.

WORDLINE_INLINE void compute_body(const Transistor& transistor, const VoltageRows& v, double gmin,
                                  std::size_t n, PointRows& points) {
  if (const auto* mos1 = std::get_if<Mos1>(&transistor)) {
    if (n == kBlock) return compute_model(*mos1, v, gmin, kBlock, points);
    return compute_model(*mos1, v, gmin, n, points);
  }
  if (const auto* mos3 = std::get_if<Mos3>(&transistor)) {
    return compute_model(*mos3, v, gmin, n, points);
  }
  compute_model(std::get<Ekv>(transistor), v, gmin, n, points);
}

WORDLINE_INLINE void compute_halves_body(const Transistor& transistor, const VoltageRows& v,
                                         const PointRows& points, std::size_t n, HalfRows& halves) {
  if (const auto* ekv = std::get_if<Ekv>(&transistor)) {
    return compute_halves_of(*ekv, v, points, n, halves);
  }
  const Mosfet& model = common(transistor);  // all others are Meyer's
  if (n == kBlock) return compute_halves_of(model, v, points, kBlock, halves);
  compute_halves_of(model, v, points, n, halves);
}

}  // namespace

WORDLINE_KERNEL(void, find_voltages,
                (const double* x, const NodeRows& nodes, double sign, std::size_t n,
                 VoltageRows& v),
                (x, nodes, sign, n, v))

WORDLINE_KERNEL_BY_SET(double, distance,
                       (const VoltageRows& a, const VoltageRows& b, std::size_t n), (a, b, n))

WORDLINE_KERNEL_BY_SET(void, find_terms,
                       (const PointRows& points, const VoltageRows& v, double sign, double a0,
                        const std::array<ChargeSites, kPairs>& sites, const GateCharge& gate,
                        std::size_t n, TermRows& terms),
                       (points, v, sign, a0, sites, gate, n, terms))

WORDLINE_KERNEL(void, compute,
                (const Transistor& transistor, const VoltageRows& v, double gmin, std::size_t n,
                 PointRows& points),
                (transistor, v, gmin, n, points))

WORDLINE_KERNEL(void, compute_halves,
                (const Transistor& transistor, const VoltageRows& v, const PointRows& points,
                 std::size_t n, HalfRows& halves),
                (transistor, v, points, n, halves))

}  // namespace wordline::mosfet
