// Several transistors of one kind, computed side by side: each value is a row with a lane for each
// of them. What they add to the equations of their terminals is gathered here before it is written,
// so that each equation and each entry of the Jacobian is touched once for a device.
//
// Voltages and points are in the n-type frame; terms have the device's own signs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "wordline/devices/transistor.hpp"
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

inline constexpr std::size_t kBlock = 8;  // devices of a block, at most
struct alignas(64) Row : std::array<double, kBlock> {};

struct VoltageRows {
  Row vgs, vds, vbs;

  Mosfet::Voltages at(std::size_t lane) const { return {vgs[lane], vds[lane], vbs[lane]}; }
  void set(std::size_t lane, Mosfet::Voltages v) {
    vgs[lane] = v.vgs;
    vds[lane] = v.vds;
    vbs[lane] = v.vbs;
  }
};

struct JunctionRows {
  Row i, g, q, c;
};

// Devices at some voltages.
struct PointRows {
  VoltageRows v;
  Row id, gm, gds, gmb, von, vdsat;
  JunctionRows bulk_drain, bulk_source;
};

// Halves of the gate capacitances [F]; see Mosfet::MeyerHalf.
struct HalfRows {
  Row cgs, cgd, cgb;

  void set(std::size_t lane, Mosfet::MeyerHalf half) {
    cgs[lane] = half.cgs;
    cgd[lane] = half.cgd;
    cgb[lane] = half.cgb;
  }
};

using NodeRows = std::array<std::array<Unknown, kBlock>, kTerminals>;

// The voltages of n devices at x, by the sign of their type.
void find_voltages(const double* x, const NodeRows& nodes, double sign, std::size_t n,
                   VoltageRows& v);

// The largest difference of a voltage [V] of n devices; not a number where one of b's vgs is none.
double distance(const VoltageRows& a, const VoltageRows& b, std::size_t n);

// n devices at v, with gmin [S] across their junctions.
void compute(const Transistor& transistor, const VoltageRows& v, double gmin, std::size_t n,
             PointRows& points);

// At v, with thresholds and saturation voltages as at the points.
void compute_halves(const Transistor& transistor, const VoltageRows& v, const PointRows& points,
                    std::size_t n, HalfRows& halves);

// The charges of a pair, in a run of n sites: what is kept of them, and the formula that makes
// rates of them, dq/dt = a0 q + b.
struct ChargeSites {
  double* q = nullptr;  // null: the pair holds none
  const double* b = nullptr;
  const double* last = nullptr;
  std::int32_t* pinned = nullptr;  // 1: nothing can move the charge
};

// What the devices' gates hold, besides the halves, and what they held at the last point.
struct GateCharge {
  const HalfRows& now;
  const HalfRows& before;
  const Mosfet::MeyerHalf& overlap;
  const VoltageRows& last;  // the voltages that belong to the last charges
  bool at_rest;             // no last point counts
};

// Residuals [A], with their largest terms and the largest numbers that these are differences of,
// of each terminal, and derivatives [S] row by row, of n devices.
struct TermRows {
  std::array<Row, kTerminals> residual, scale, gross;
  std::array<Row, kTerminals * kTerminals> jacobian;
};

// At the voltages v, along the tangents at the points. Sets the charges at the sites.
void find_terms(const PointRows& points, const VoltageRows& v, double sign, double a0,
                const std::array<ChargeSites, kPairs>& sites, const GateCharge& gate, std::size_t n,
                TermRows& terms);

}  // namespace wordline::mosfet
