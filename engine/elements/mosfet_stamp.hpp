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

// What a device adds to the equations of its terminals, and its derivatives.
class Stamp {
 public:
  void add(Terminal terminal, double current) {
    Equation& at = equations_[terminal];
    at.current += current;
    at.scale = std::max(at.scale, std::fabs(current));
  }
  void add_charge(std::size_t pair, double rate, double from) {
    const auto [p, n] = kEnds[pair];
    add(p, rate);
    add(n, -rate);
    equations_[p].gross = std::max(equations_[p].gross, std::fabs(from));
    equations_[n].gross = std::max(equations_[n].gross, std::fabs(from));
  }
  void add_conductance(std::size_t pair, double g) {
    const auto [p, n] = kEnds[pair];
    slope_[p][p] += g;
    slope_[p][n] -= g;
    slope_[n][p] -= g;
    slope_[n][n] += g;
  }
  void add_channel(const Mosfet::Channel& c) {
    const std::array<double, kTerminals> by = {c.gm, c.gds, c.gmb, -(c.gm + c.gds + c.gmb)};
    for (std::size_t k = 0; k < kTerminals; ++k) {
      slope_[kDrain][k] += by[k];
      slope_[kSource][k] -= by[k];
    }
  }

  // `slot`: where the derivatives go, row by row.
  void write(Evaluation& e, const std::array<Unknown, kTerminals>& nodes,
             const std::int32_t* slot) const {
    for (std::size_t k = 0; k < kTerminals; ++k) {
      const auto node = static_cast<std::size_t>(nodes[k]);
      e.residual[node] += equations_[k].current;
      e.scale[node] = std::max(e.scale[node], equations_[k].scale);
      e.gross[node] = std::max(e.gross[node], equations_[k].gross);
    }
    if (e.jacobian == nullptr) return;
    for (const auto& row : slope_) {
      for (const double slope : row) e.jacobian[*slot++] += slope;
    }
  }

 private:
  struct Equation {
    double current = 0, scale = 0, gross = 0;
  };
  std::array<Equation, kTerminals> equations_{};
  std::array<std::array<double, kTerminals>, kTerminals> slope_{};
};

}  // namespace wordline::mosfet
