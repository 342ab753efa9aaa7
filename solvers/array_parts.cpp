#include "wordline/solvers/array_parts.hpp"

#include <algorithm>
#include <utility>

namespace wordline {

namespace {

// Blocks are factored densely.
constexpr std::size_t kLargestBlock = 256;
constexpr std::size_t kMostEnds = 512;

// Where an unknown belongs. Held unknowns and those read off belong nowhere.
struct Owner {
  enum class Kind : char { kNowhere, kPlane, kInner, kBlock };
  Kind kind = Kind::kNowhere;
  std::size_t plane = 0;
  std::size_t index = 0;   // cell, or block
  std::int32_t local = 0;  // in the block
};

class Finder {
 public:
  Finder(const SparsePattern& pattern, const ArrayGeometry& array, ArrayParts& parts)
      : pattern_(pattern),
        array_(array),
        parts_(parts),
        owners_(static_cast<std::size_t>(pattern.size)),
        in_array_(owners_.size()) {}

  std::string find() {
    parts_.rows = array_.rows;
    parts_.cols = array_.cols;
    parts_.none = static_cast<std::int32_t>(pattern_.nonzeros());
    parts_.singletons = Singletons(pattern_);
    if (!parts_.singletons.has_square_core()) return "its sources are in a loop or a cut";
    if (std::string why = choose_planes(); !why.empty()) return why;
    if (std::string why = find_components(); !why.empty()) return why;
    return place_entries();
  }

 private:
  using Plane = ArrayParts::Plane;
  using Node = ArrayParts::Node;
  using Block = ArrayParts::Block;

  std::string choose_planes() {
    if (array_.planes.size() != 2 && array_.planes.size() != 3) return "it has no two planes";
    parts_.has_gates = array_.planes.size() == 3;
    const ArrayGeometry::Plane* first = &array_.planes[parts_.has_gates ? 1 : 0];
    const ArrayGeometry::Plane* second = &array_.planes[parts_.has_gates ? 2 : 1];
    if (first->along_rows && second->along_rows) return "its conducting lines all run along rows";
    if (second->along_rows) std::swap(first, second);
    for (auto [index, plane] : {std::pair{ArrayParts::kRow, first}, {ArrayParts::kCol, second}}) {
      if (std::string why = place_nodes(index, *plane); !why.empty()) return why;
    }
    if (parts_.has_gates) return place_nodes(ArrayParts::kGate, array_.planes[0]);
    clear(parts_.planes[ArrayParts::kGate]);
    return {};
  }

  void clear(Plane& plane) const {
    const ArrayParts::Slots none(parts_.cells(), parts_.none);
    plane.unknown.assign(parts_.cells(), -1);
    plane.diagonal = plane.next = plane.previous = none;
    plane.cross.fill(none);
  }

  std::string place_nodes(std::size_t index, const ArrayGeometry::Plane& from) {
    Plane& plane = parts_.planes[index];
    clear(plane);
    plane.along_rows = from.along_rows;
    for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
      const std::int32_t unknown = from.unknown[cell];
      if (unknown >= 0) in_array_[static_cast<std::size_t>(unknown)] = 1;
      if (unknown < 0 || !parts_.singletons.in_core(unknown)) {
        const bool at_end = parts_.is_first(plane, cell) || parts_.is_last(plane, cell);
        if (!at_end && index != ArrayParts::kGate) return "a node inside a line is held";
        continue;
      }
      Owner& owner = owners_[static_cast<std::size_t>(unknown)];
      if (owner.kind != Owner::Kind::kNowhere) return "nodes of its lines are merged";
      owner = {Owner::Kind::kPlane, index, cell, 0};
      plane.unknown[cell] = unknown;
    }
    return {};
  }

  // Connected components of what is in the core but in no plane.
  std::string find_components() {
    parts_.blocks.clear();
    parts_.inner.unknown.assign(parts_.cells(), -1);
    const ArrayParts::Slots none(parts_.cells(), parts_.none);
    parts_.inner.diagonal = none;
    parts_.inner.row.fill(none);
    parts_.inner.column.fill(none);
    const std::vector<std::vector<std::int32_t>> neighbours = neighbours_of_rest();
    std::vector<char> seen(owners_.size());
    for (std::size_t k = 0; k < owners_.size(); ++k) {
      if (!is_rest(k) || seen[k] != 0) continue;
      seen[k] = 1;
      std::vector<std::int32_t> unknowns = {static_cast<std::int32_t>(k)};
      std::vector<std::int32_t> ends;
      for (std::size_t at = 0; at < unknowns.size(); ++at) {
        for (const std::int32_t other : neighbours[static_cast<std::size_t>(unknowns[at])]) {
          const auto o = static_cast<std::size_t>(other);
          if (owners_[o].kind == Owner::Kind::kPlane) {
            ends.push_back(other);
          } else if (is_rest(o) && seen[o] == 0) {
            seen[o] = 1;
            unknowns.push_back(other);
          }
        }
      }
      std::sort(ends.begin(), ends.end());
      ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
      if (unknowns.size() > kLargestBlock || ends.size() > kMostEnds) {
        return "more than drivers is connected to it";
      }
      add_component(std::move(unknowns), ends);
    }
    for (std::size_t b = 0; b < parts_.blocks.size(); ++b) {
      const std::vector<std::int32_t>& unknowns = parts_.blocks[b].unknowns;
      for (std::size_t k = 0; k < unknowns.size(); ++k) {
        owners_[static_cast<std::size_t>(unknowns[k])] = {Owner::Kind::kBlock, 0, b,
                                                          static_cast<std::int32_t>(k)};
      }
    }
    return {};
  }

  bool is_rest(std::size_t unknown) const {
    return owners_[unknown].kind == Owner::Kind::kNowhere &&
           parts_.singletons.in_core(static_cast<std::int32_t>(unknown));
  }

  std::vector<std::vector<std::int32_t>> neighbours_of_rest() const {
    std::vector<std::vector<std::int32_t>> neighbours(owners_.size());
    for_each_entry([&](std::int32_t i, std::int32_t j, std::int32_t) {
      if (i == j) return;
      const auto row = static_cast<std::size_t>(i);
      const auto column = static_cast<std::size_t>(j);
      if (is_rest(row)) neighbours[row].push_back(j);
      if (is_rest(column)) neighbours[column].push_back(i);
    });
    return neighbours;
  }

  template <class Act>
  void for_each_entry(const Act& act) const {
    for (std::int32_t j = 0; j < pattern_.size; ++j) {
      for (auto k = pattern_.start[static_cast<std::size_t>(j)];
           k < pattern_.start[static_cast<std::size_t>(j) + 1]; ++k) {
        act(pattern_.row[static_cast<std::size_t>(k)], j, k);
      }
    }
  }

  void add_component(std::vector<std::int32_t> unknowns, const std::vector<std::int32_t>& ends) {
    const auto owner = [&](std::int32_t end) { return owners_[static_cast<std::size_t>(end)]; };
    const bool in_a_cell = unknowns.size() == 1 && ends.size() > 1 &&
                           std::all_of(ends.begin(), ends.end(), [&](std::int32_t end) {
                             return owner(end).index == owner(ends[0]).index;
                           });
    if (in_a_cell) {
      const std::size_t cell = owner(ends[0]).index;
      if (parts_.inner.unknown[cell] < 0) {
        parts_.inner.unknown[cell] = unknowns[0];
        owners_[static_cast<std::size_t>(unknowns[0])] = {Owner::Kind::kInner, 0, cell, 0};
        return;
      }
    }
    Block block;
    block.unknowns = std::move(unknowns);
    for (const std::int32_t end : ends) block.ends.push_back({owner(end).plane, owner(end).index});
    parts_.blocks.push_back(std::move(block));
  }

  std::string place_entries() {
    bool all_placed = true;
    for_each_entry([&](std::int32_t i, std::int32_t j, std::int32_t slot) {
      const Owner& row = owners_[static_cast<std::size_t>(i)];
      const Owner& column = owners_[static_cast<std::size_t>(j)];
      if (row.kind == Owner::Kind::kNowhere) return;  // solved by the singletons
      if (column.kind == Owner::Kind::kNowhere) {
        if (row.kind == Owner::Kind::kPlane && in_array_[static_cast<std::size_t>(j)] == 0) {
          parts_.to_held.push_back({{row.plane, row.index}, slot});
        }
      } else if (row.kind == Owner::Kind::kBlock || column.kind == Owner::Kind::kBlock) {
        place_in_block(row, column, slot);
      } else if (row.kind == Owner::Kind::kInner || column.kind == Owner::Kind::kInner) {
        place_in_cell(row, column, slot);
      } else {
        all_placed &= place_between_nodes(row, column, slot);
      }
    });
    return all_placed ? std::string() : "something connects its lines outside of cells";
  }

  void place_in_block(const Owner& row, const Owner& column, std::int32_t slot) {
    const bool from_end = row.kind == Owner::Kind::kPlane;
    const bool to_end = column.kind == Owner::Kind::kPlane;
    Block& block = parts_.blocks[from_end ? column.index : row.index];
    const auto end = [&](const Owner& node) {
      const auto found = std::find_if(block.ends.begin(), block.ends.end(), [&](const Node& e) {
        return e.plane == node.plane && e.cell == node.index;
      });
      return static_cast<std::int32_t>(found - block.ends.begin());
    };
    if (from_end) {
      block.from_ends.push_back({end(row), column.local, slot});
    } else if (to_end) {
      block.to_ends.push_back({row.local, end(column), slot});
    } else {
      block.inside.push_back({row.local, column.local, slot});
    }
  }

  void place_in_cell(const Owner& row, const Owner& column, std::int32_t slot) {
    ArrayParts::InnerNodes& inner = parts_.inner;
    if (row.kind == Owner::Kind::kPlane) {
      inner.column[row.plane][row.index] = slot;
    } else if (column.kind == Owner::Kind::kPlane) {
      inner.row[column.plane][row.index] = slot;
    } else {
      inner.diagonal[row.index] = slot;
    }
  }

  bool place_between_nodes(const Owner& row, const Owner& column, std::int32_t slot) {
    Plane& plane = parts_.planes[row.plane];
    const std::size_t stride = parts_.stride(plane);
    if (row.plane != column.plane) {
      if (row.index != column.index) return false;
      plane.cross[column.plane][row.index] = slot;
    } else if (row.index == column.index) {
      plane.diagonal[row.index] = slot;
    } else if (column.index == row.index + stride && !parts_.is_last(plane, row.index)) {
      plane.next[row.index] = slot;
    } else if (row.index == column.index + stride && !parts_.is_last(plane, column.index)) {
      plane.previous[column.index] = slot;
    } else {
      return false;
    }
    return true;
  }

  const SparsePattern& pattern_;
  const ArrayGeometry& array_;
  ArrayParts& parts_;
  std::vector<Owner> owners_;
  std::vector<char> in_array_;  // unknowns that are nodes of the array's lines, held ones too
};

}  // namespace

std::string find_array_parts(const SparsePattern& pattern, const ArrayGeometry& array,
                             ArrayParts& parts) {
  parts = {};
  return Finder(pattern, array, parts).find();
}

}  // namespace wordline
