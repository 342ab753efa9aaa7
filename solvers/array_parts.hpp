// The parts of a circuit that is one crossbar array with its drivers, found in the pattern of its
// matrix: held nodes, the planes of lines, the nodes inside cells, and what else there is.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "wordline/solvers/array_geometry.hpp"
#include "wordline/solvers/linear_solver.hpp"
#include "wordline/solvers/singletons.hpp"

namespace wordline {

struct ArrayParts {
  enum PlaneIndex : std::size_t { kRow, kCol, kGate };
  static constexpr std::size_t kPlanes = 3;
  // Slots of the value array, one a cell; `none` (one past the last) where the pattern has no
  // entry.
  using Slots = std::vector<std::int32_t>;

  struct Plane {
    bool along_rows = true;
    std::vector<std::int32_t> unknown;  // -1: the node is held
    Slots diagonal;
    Slots next, previous;              // (t, u) and (u, t) of a node t and u, the next of its line
    std::array<Slots, kPlanes> cross;  // to the node of another plane in the same cell
  };
  // Nodes inside cells that touch nothing but their cell's nodes; at most one a cell.
  struct InnerNodes {
    std::vector<std::int32_t> unknown;  // -1: none
    Slots diagonal;
    std::array<Slots, kPlanes> row, column;  // (inner, plane) and (plane, inner)
  };
  struct Node {
    std::size_t plane;
    std::size_t cell;
  };
  struct Coefficient {
    std::int32_t row, column, slot;
  };
  // Connected unknowns outside the planes, and the nodes of planes that they touch.
  struct Block {
    std::vector<std::int32_t> unknowns;
    std::vector<Node> ends;
    std::vector<Coefficient> inside, to_ends, from_ends;  // (u, u), (u, end), (end, u)
  };
  struct HeldNeighbour {
    Node node;
    std::int32_t slot;
  };

  std::int32_t rows = 0;
  std::int32_t cols = 0;
  std::int32_t none = 0;
  Singletons singletons;
  std::array<Plane, kPlanes> planes;
  bool has_gates = false;
  InnerNodes inner;
  std::vector<Block> blocks;
  std::vector<HeldNeighbour> to_held;  // nodes' entries for held unknowns that are in no plane

  std::size_t cells() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  }
  std::size_t line(const Plane& plane, std::size_t cell) const {
    return plane.along_rows ? cell / static_cast<std::size_t>(cols)
                            : cell % static_cast<std::size_t>(cols);
  }
  // The distance in the tables from a node to the next of its line.
  std::size_t stride(const Plane& plane) const {
    return plane.along_rows ? 1 : static_cast<std::size_t>(cols);
  }
  bool is_first(const Plane& plane, std::size_t cell) const {
    const auto n = static_cast<std::size_t>(cols);
    return plane.along_rows ? cell % n == 0 : cell < n;
  }
  bool is_last(const Plane& plane, std::size_t cell) const {
    const auto n = static_cast<std::size_t>(cols);
    return plane.along_rows ? cell % n == n - 1 : cell >= cells() - n;
  }
};

// Fills `parts`. Empty, or why the circuit does not have this form: there are two planes, or three
// of which the first is the gates' and only the others conduct. One of the two runs along columns.
std::string find_array_parts(const SparsePattern& pattern, const ArrayGeometry& array,
                             ArrayParts& parts);

}  // namespace wordline
