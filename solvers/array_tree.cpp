#include "wordline/solvers/array_tree.hpp"

#include <algorithm>
#include <iterator>

namespace wordline {

ArrayTree::ArrayTree(std::int32_t rows, std::int32_t cols, unsigned ports)
    : rows_((rows + kLeaf - 1) / kLeaf), cols_((cols + kLeaf - 1) / kLeaf), ports_(ports) {
  divide({0, rows_, 0, cols_}, 1);
  // The root: what one leaf leaves is not eliminated otherwise.
  if (leaves_.size() == 1) {
    Front root;
    root.child[0] = 0;
    fronts_.push_back(root);
    blocks_.push_back(blocks_[0]);
  }
  for (std::int32_t k = root(); k >= 0; --k) {
    Front& front = fronts_[static_cast<std::size_t>(k)];
    if (k == root()) front.level = 0;
    for (const std::int32_t c : front.child) {
      if (c >= 0) fronts_[static_cast<std::size_t>(c)].level = front.level + 1;
    }
  }
  eliminate();
}

std::int32_t ArrayTree::divide(const Block& block, std::int32_t level) {
  Front front;
  const auto [r0, r1, c0, c1] = block;
  const std::int32_t height = r1 - r0, width = c1 - c0;
  if (height == 1 && width == 1) {
    front.leaf = static_cast<std::int32_t>(leaves_.size());
    front.row = r0;
    front.col = c0;
    leaves_.push_back(static_cast<std::int32_t>(fronts_.size()));
  } else if (width >= height) {
    const std::int32_t middle = (c0 + c1) / 2;
    front.child = {divide({r0, r1, c0, middle}, level + 1),
                   divide({r0, r1, middle, c1}, level + 1)};
    front.leaves = height * width;
  } else {
    const std::int32_t middle = (r0 + r1) / 2;
    front.child = {divide({r0, middle, c0, c1}, level + 1),
                   divide({middle, r1, c0, c1}, level + 1)};
    front.leaves = height * width;
  }
  fronts_.push_back(front);
  blocks_.push_back(block);
  return root();
}

void ArrayTree::add_side(Side side, const Block& block, bool leaf,
                         std::vector<std::int32_t>& chunks) const {
  const auto [r0, r1, c0, c1] = block;
  const bool vertical_side = side == kLeft || side == kRight;
  const std::int32_t line = side == kLeft ? c0 : side == kRight ? c1 : side == kTop ? r0 : r1;
  const std::int32_t last = vertical_side ? cols_ : rows_;
  if (line == 0 && !has_ports(vertical_side ? kLeft : kTop)) return;
  if (line == last && !leaf && !has_ports(vertical_side ? kRight : kBottom)) return;
  const std::int32_t from = vertical_side ? r0 : c0, to = vertical_side ? r1 : c1;
  for (std::int32_t k = from; k < to; ++k) {
    chunks.push_back(vertical_side ? vertical(k, line) : horizontal(line, k));
  }
}

std::vector<std::int32_t> ArrayTree::boundary(const Block& block, bool leaf) const {
  std::vector<std::int32_t> chunks;
  for (const Side side : kSides) add_side(side, block, leaf, chunks);
  return chunks;
}

// Numbers the chunks in the order in which they are eliminated: each front's separator is what its
// children know and the rest does not.
void ArrayTree::eliminate() {
  const auto count = static_cast<std::size_t>(horizontal(rows_ + 1, 0));
  std::vector<std::int32_t> order(count, -1);
  std::vector<std::vector<std::int32_t>> sides(fronts_.size());
  std::int32_t next = 0;
  for (std::size_t k = 0; k < fronts_.size(); ++k) {
    Front& front = fronts_[k];
    sides[k] = boundary(blocks_[k], front.leaf >= 0);
    if (front.leaf >= 0) continue;
    std::vector<std::int32_t> known, left = sides[k];
    for (const std::int32_t c : front.child) {
      if (c < 0) continue;
      const auto& side = sides[static_cast<std::size_t>(c)];
      known.insert(known.end(), side.begin(), side.end());
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    std::sort(left.begin(), left.end());
    std::set_difference(known.begin(), known.end(), left.begin(), left.end(),
                        std::back_inserter(front.chunks));
    for (const std::int32_t c : front.chunks) order[static_cast<std::size_t>(c)] = next++;
  }
  // Ports come last, side by side.
  for (const std::int32_t c : sides.back()) order[static_cast<std::size_t>(c)] = next++;
  std::vector<std::int32_t> place(count, -1);
  for (std::size_t k = 0; k < fronts_.size(); ++k) {
    Front& front = fronts_[k];
    std::sort(sides[k].begin(), sides[k].end(), [&](std::int32_t a, std::int32_t b) {
      return order[static_cast<std::size_t>(a)] < order[static_cast<std::size_t>(b)];
    });
    front.separator = kLeaf * static_cast<std::int32_t>(front.chunks.size());
    front.boundary = kLeaf * static_cast<std::int32_t>(sides[k].size());
    front.chunks.insert(front.chunks.end(), sides[k].begin(), sides[k].end());
    find_runs(front, place);
  }
}

Ports ArrayTree::ports_in(std::int32_t chunk) const {
  const std::int32_t verticals = vertical(rows_, 0);
  if (chunk < verticals) {
    const std::int32_t line = chunk % (cols_ + 1);
    const bool ports = (line == 0 && has_ports(kLeft)) || (line == cols_ && has_ports(kRight));
    return ports ? Ports::kRow : Ports::kNone;
  }
  const std::int32_t line = (chunk - verticals) / cols_;
  const bool ports = (line == 0 && has_ports(kTop)) || (line == rows_ && has_ports(kBottom));
  return ports ? Ports::kCol : Ports::kNone;
}

// `place` is scratch: -1 for every chunk.
void ArrayTree::find_runs(Front& front, std::vector<std::int32_t>& place) const {
  const auto& chunks = front.chunks;
  for (std::size_t k = 0; k < chunks.size(); ++k) {
    place[static_cast<std::size_t>(chunks[k])] = kLeaf * static_cast<std::int32_t>(k);
  }
  if (front.leaf >= 0) {
    const std::array<std::int32_t, 4> sides = {
        vertical(front.row, front.col), vertical(front.row, front.col + 1),
        horizontal(front.row, front.col), horizontal(front.row + 1, front.col)};
    for (std::size_t s = 0; s < 4; ++s) {
      front.place[s] = place[static_cast<std::size_t>(sides[s])];
    }
  }
  for (std::int32_t c = 0; c < 2; ++c) {
    const std::int32_t child = front.child[static_cast<std::size_t>(c)];
    if (child < 0) continue;
    const Front& below = fronts_[static_cast<std::size_t>(child)];
    std::int32_t source = 0;
    for (std::size_t k = static_cast<std::size_t>(below.separator / kLeaf); k < below.chunks.size();
         ++k, source += kLeaf) {
      std::int32_t target = place[static_cast<std::size_t>(below.chunks[k])];
      const Ports ports = ports_in(below.chunks[k]);
      auto& runs = target < front.separator ? front.separator_runs : front.boundary_runs;
      if (target >= front.separator) target -= front.separator;
      if (!runs.empty() && runs.back().child == c && runs.back().ports == ports &&
          runs.back().source + runs.back().size == source &&
          runs.back().target + runs.back().size == target) {
        runs.back().size += kLeaf;
      } else {
        runs.push_back({c, source, target, kLeaf, ports});
      }
    }
  }
  for (const std::int32_t c : chunks) place[static_cast<std::size_t>(c)] = -1;
}

}  // namespace wordline
