// What the lines of an array contribute to its cells, in the terms of the elimination tree: cell k
// of a line lies between the unknowns V(k) and V(k+1), its node at V(k+1) unless said otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline {

// The line through one cell: [left -across; -across right] on its two edges, in S, and where the
// device is tied to it.
struct LineStamp {
  enum class Kind : std::uint8_t {
    kPlain,
    kHeld,    // the node is held: no equation, the device sees 0 V
    kBehind,  // the node was eliminated: the device lies behind the conductance `source`
  };
  double left = 0, right = 0, across = 0;
  double tap = 0;  // the device is at tap V(k) + (1 - tap) V(k+1)
  double source = 0;
  Kind kind = Kind::kPlain;
};

// The lines of a plane, padded to whole leaves. All but the cells of the first and the last leaf of
// a line are alike.
struct PlaneStamps {
  struct Line {
    LineStamp inner;
    std::array<LineStamp, kLeaf> head, tail;  // one and the same where the line is one leaf long

    constexpr const LineStamp& at(std::int32_t leaf, std::int32_t leaves, std::int32_t cell) const {
      if (leaf == 0) return head[static_cast<std::size_t>(cell)];
      if (leaf == leaves - 1) return tail[static_cast<std::size_t>(cell)];
      return inner;
    }
  };
  std::vector<Line> lines;

  const LineStamp& at(std::int32_t line, std::int32_t leaf, std::int32_t leaves,
                      std::int32_t cell) const {
    return lines[static_cast<std::size_t>(line)].at(leaf, leaves, cell);
  }
};

// Where the padded places of an axis lie in the array: -1 for padding. It stands at the end, or,
// where lines have to reach ports there, before the last place.
std::vector<std::int32_t> places_of_axis(std::int32_t length, bool ported);

// Ends are grounded through their drivers; every node is an unknown, held ones with the equation
// x = 0. `across` are the places of the lines themselves, length that of each.
void stamp_grounded(const ArrayPlane& plane, const std::vector<std::int32_t>& across,
                    std::int32_t length, PlaneStamps& stamps);

// Ends are ports: V(0) is the bus at `first` where `ported_first`, and V of the padded length that
// at `last` where `ported_last`. A line of length 1 has the latter alone.
void stamp_ported(const ArrayPlane& plane, const std::vector<std::int32_t>& across,
                  std::int32_t length, bool ported_last, PlaneStamps& stamps);

}  // namespace wordline
