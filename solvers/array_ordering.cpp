#include "wordline/solvers/array_ordering.hpp"

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>
#include <limits>

namespace wordline {

namespace {

// A rectangle of cells, the last row and column excluded.
struct Block {
  std::int32_t row0, row1, col0, col1;

  bool contains(const Block& b) const {
    return b.row0 >= row0 && b.row1 <= row1 && b.col0 >= col0 && b.col1 <= col1;
  }
  void add(std::int32_t row, std::int32_t col) {
    row0 = std::min(row0, row);
    row1 = std::max(row1, row + 1);
    col0 = std::min(col0, col);
    col1 = std::max(col1, col + 1);
  }
};

constexpr Block kNowhere{std::numeric_limits<std::int32_t>::max(), -1,
                         std::numeric_limits<std::int32_t>::max(), -1};

// Where an unknown stands. A merged one fills a line; a shared one belongs to several lines, or is
// both ends of one.
struct Place {
  enum class Kind : char { kOutside, kNode, kMerged, kShared };
  Kind kind = Kind::kOutside;
  std::int32_t array = -1;
  std::int32_t line = -1;  // over all planes of the array
  std::int32_t cells = 0;
  Block block = kNowhere;

  void add(std::int32_t at_array, std::int32_t at_line, std::int32_t row, std::int32_t col) {
    if (kind == Kind::kOutside) {
      kind = Kind::kNode;
      array = at_array;
      line = at_line;
    } else if (array != at_array || line != at_line) {
      kind = Kind::kShared;
    } else if (kind == Kind::kNode) {
      kind = Kind::kMerged;
    }
    ++cells;
    block.add(row, col);
  }
  bool has_gaps() const {
    return std::max(block.row1 - block.row0, block.col1 - block.col0) != cells;
  }
};

std::vector<Place> find_places(std::int32_t size, std::span<const ArrayGeometry> arrays) {
  std::vector<Place> places(static_cast<std::size_t>(size));
  for (std::size_t a = 0; a < arrays.size(); ++a) {
    const ArrayGeometry& array = arrays[a];
    std::int32_t first_line = 0;
    for (const ArrayGeometry::Plane& plane : array.planes) {
      for (std::int32_t i = 0; i < array.rows; ++i) {
        for (std::int32_t j = 0; j < array.cols; ++j) {
          const std::int32_t unknown = plane.unknown[array.cell(i, j)];
          if (unknown < 0) continue;
          const std::int32_t line = first_line + (plane.along_rows ? i : j);
          places[static_cast<std::size_t>(unknown)].add(static_cast<std::int32_t>(a), line, i, j);
        }
      }
      first_line += plane.along_rows ? array.rows : array.cols;
    }
  }
  for (Place& place : places) {
    if (place.kind == Place::Kind::kMerged && place.has_gaps()) place.kind = Place::Kind::kShared;
  }
  return places;
}

// Neighbours of every unknown in the pattern of A + A'.
struct Graph {
  std::vector<std::size_t> start;
  std::vector<std::int32_t> neighbour;

  explicit Graph(const SparsePattern& pattern) : start(static_cast<std::size_t>(pattern.size) + 2) {
    const auto for_each_entry = [&](auto&& act) {
      for (std::int32_t j = 0; j < pattern.size; ++j) {
        for (auto k = pattern.start[static_cast<std::size_t>(j)];
             k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k) {
          const std::int32_t i = pattern.row[static_cast<std::size_t>(k)];
          if (i == j) continue;
          act(i, j);
          act(j, i);  // an entry that A' has too is met twice, which does no harm
        }
      }
    };
    for_each_entry([&](std::int32_t i, std::int32_t) { ++start[static_cast<std::size_t>(i) + 2]; });
    for (std::size_t k = 2; k < start.size(); ++k) start[k] += start[k - 1];
    neighbour.resize(start.back());
    for_each_entry([&](std::int32_t i, std::int32_t j) {
      neighbour[start[static_cast<std::size_t>(i) + 1]++] = j;
    });
    start.pop_back();
  }
  std::span<const std::int32_t> of(std::int32_t unknown) const {
    const auto k = static_cast<std::size_t>(unknown);
    return std::span(neighbour).subspan(start[k], start[k + 1] - start[k]);
  }
};

// Connected unknowns outside the planes, and the cells that they are tied to.
struct Component {
  std::vector<std::int32_t> unknowns;
  std::int32_t array = -1;
  Block block = kNowhere;
};

class Ordering {
 public:
  Ordering(const SparsePattern& pattern, std::span<const ArrayGeometry> arrays)
      : arrays_(arrays),
        graph_(pattern),
        places_(find_places(pattern.size, arrays)),
        placed_(static_cast<std::size_t>(pattern.size)),
        local_(static_cast<std::size_t>(pattern.size), -1) {
    order_.reserve(places_.size());
  }

  std::vector<std::int32_t> compute() {
    std::vector<std::int32_t> last;
    std::vector<std::vector<Component>> of_array(arrays_.size());
    for (Component& component : find_components()) {
      if (component.array < 0) {
        last.insert(last.end(), component.unknowns.begin(), component.unknowns.end());
      } else {
        of_array[static_cast<std::size_t>(component.array)].push_back(std::move(component));
      }
    }
    for (std::size_t k = 0; k < places_.size(); ++k) {
      if (places_[k].kind != Place::Kind::kShared) continue;
      last.push_back(static_cast<std::int32_t>(k));
      placed_[k] = 1;
    }
    for (std::size_t a = 0; a < arrays_.size(); ++a) {
      array_ = &arrays_[a];
      dissect({0, array_->rows, 0, array_->cols}, of_array[a]);
    }
    append_by_minimum_degree(last);
    return std::move(order_);
  }

 private:
  std::vector<Component> find_components() {
    std::vector<Component> components;
    std::vector<char> seen(places_.size());
    for (std::size_t k = 0; k < places_.size(); ++k) {
      if (seen[k] != 0 || places_[k].kind != Place::Kind::kOutside) continue;
      seen[k] = 1;
      components.push_back(collect(static_cast<std::int32_t>(k), seen));
    }
    return components;
  }

  Component collect(std::int32_t first, std::vector<char>& seen) const {
    Component component{{first}};
    const Place* merged = nullptr;
    bool joins_arrays = false;
    for (std::size_t at = 0; at < component.unknowns.size(); ++at) {
      for (const std::int32_t next : graph_.of(component.unknowns[at])) {
        const Place& place = places_[static_cast<std::size_t>(next)];
        if (place.kind == Place::Kind::kOutside) {
          if (seen[static_cast<std::size_t>(next)] != 0) continue;
          seen[static_cast<std::size_t>(next)] = 1;
          component.unknowns.push_back(next);
        } else if (place.kind != Place::Kind::kShared) {
          joins_arrays |= component.array >= 0 && component.array != place.array;
          component.array = place.array;
          if (place.kind == Place::Kind::kMerged) {
            merged = &place;
          } else {
            component.block.add(place.block.row0, place.block.col0);
          }
        }
      }
    }
    if (joins_arrays) component.array = -1;
    // A merged line is everywhere along itself: it draws nothing to any of its cells.
    if (component.block.row1 < 0 && merged != nullptr) {
      component.block.add(merged->block.row0, merged->block.col0);
    }
    return component;
  }

  // Orders the unknowns of a block but those already placed: its halves, then what lies between.
  void dissect(const Block& block, std::span<Component> components) {
    const std::int32_t height = block.row1 - block.row0;
    const std::int32_t width = block.col1 - block.col0;
    if (height == 1 && width == 1) {
      for (const Component& component : components) append_by_minimum_degree(component.unknowns);
      for (const ArrayGeometry::Plane& plane : array_->planes) {
        append(plane.unknown[array_->cell(block.row0, block.col0)]);
      }
      return;
    }
    Block first = block;
    Block second = block;
    std::vector<std::int32_t> separator;
    if (cut_between_columns(block)) {
      first.col1 = second.col0 = block.col0 + width / 2;
      separator = nodes_on_column(block, second.col0);
    } else {
      first.row1 = second.row0 = block.row0 + height / 2;
      separator = nodes_on_row(block, second.row0);
    }
    for (const std::int32_t unknown : separator) placed_[static_cast<std::size_t>(unknown)] = 1;
    const auto in = [](const Block& half) {
      return [half](const Component& component) { return half.contains(component.block); };
    };
    const auto middle = std::partition(components.begin(), components.end(), in(first));
    const auto end = std::partition(middle, components.end(), in(second));
    dissect(first, {components.begin(), middle});
    dissect(second, {middle, end});
    for (auto it = end; it != components.end(); ++it) append_by_minimum_degree(it->unknowns);
    order_.insert(order_.end(), separator.begin(), separator.end());
  }

  // The smaller separator, or of two equal ones that across the longer side.
  bool cut_between_columns(const Block& block) const {
    const std::int32_t height = block.row1 - block.row0;
    const std::int32_t width = block.col1 - block.col0;
    if (height == 1 || width == 1) return height == 1;
    const auto across_rows = nodes_on_column(block, block.col0 + width / 2).size();
    const auto across_cols = nodes_on_row(block, block.row0 + height / 2).size();
    return across_rows != across_cols ? across_rows < across_cols : width >= height;
  }

  std::vector<std::int32_t> nodes_on_column(const Block& block, std::int32_t col) const {
    std::vector<std::int32_t> nodes;
    for (const ArrayGeometry::Plane& plane : array_->planes) {
      if (!plane.along_rows) continue;
      for (std::int32_t i = block.row0; i < block.row1; ++i) {
        const std::int32_t unknown = plane.unknown[array_->cell(i, col)];
        if (is_free(unknown)) nodes.push_back(unknown);
      }
    }
    return nodes;
  }

  std::vector<std::int32_t> nodes_on_row(const Block& block, std::int32_t row) const {
    std::vector<std::int32_t> nodes;
    for (const ArrayGeometry::Plane& plane : array_->planes) {
      if (plane.along_rows) continue;
      for (std::int32_t j = block.col0; j < block.col1; ++j) {
        const std::int32_t unknown = plane.unknown[array_->cell(row, j)];
        if (is_free(unknown)) nodes.push_back(unknown);
      }
    }
    return nodes;
  }

  bool is_free(std::int32_t unknown) const {
    return unknown >= 0 && placed_[static_cast<std::size_t>(unknown)] == 0;
  }

  void append(std::int32_t unknown) {
    if (!is_free(unknown)) return;
    placed_[static_cast<std::size_t>(unknown)] = 1;
    order_.push_back(unknown);
  }

  void append_by_minimum_degree(const std::vector<std::int32_t>& unknowns) {
    if (unknowns.size() < 3) {
      order_.insert(order_.end(), unknowns.begin(), unknowns.end());
      return;
    }
    for (std::size_t k = 0; k < unknowns.size(); ++k) {
      local_[static_cast<std::size_t>(unknowns[k])] = static_cast<std::int32_t>(k);
    }
    std::vector<Eigen::Triplet<double, std::int32_t>> entries;
    for (std::size_t k = 0; k < unknowns.size(); ++k) {
      entries.emplace_back(static_cast<std::int32_t>(k), static_cast<std::int32_t>(k), 1);
      for (const std::int32_t next : graph_.of(unknowns[k])) {
        const std::int32_t other = local_[static_cast<std::size_t>(next)];
        if (other >= 0) entries.emplace_back(static_cast<std::int32_t>(k), other, 1);
      }
    }
    const auto size = static_cast<Eigen::Index>(unknowns.size());
    Eigen::SparseMatrix<double, Eigen::ColMajor, std::int32_t> matrix(size, size);
    matrix.setFromTriplets(entries.begin(), entries.end());
    Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, std::int32_t> permutation;
    Eigen::AMDOrdering<std::int32_t>()(matrix, permutation);
    for (Eigen::Index k = 0; k < size; ++k) {
      order_.push_back(unknowns[static_cast<std::size_t>(permutation.indices()[k])]);
    }
    for (const std::int32_t unknown : unknowns) local_[static_cast<std::size_t>(unknown)] = -1;
  }

  std::span<const ArrayGeometry> arrays_;
  Graph graph_;
  std::vector<Place> places_;
  std::vector<char> placed_;         // plane unknowns that are in the order, or kept for later
  std::vector<std::int32_t> local_;  // scratch: index in a component
  const ArrayGeometry* array_ = nullptr;
  std::vector<std::int32_t> order_;
};

}  // namespace

std::vector<std::int32_t> array_ordering(const SparsePattern& pattern,
                                         std::span<const ArrayGeometry> arrays) {
  return Ordering(pattern, arrays).compute();
}

}  // namespace wordline
