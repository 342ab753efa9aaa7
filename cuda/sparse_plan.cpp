#include "wordline/cuda/sparse_plan.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace wordline::gpu {

namespace {

using Index = std::int32_t;
using Indices = std::vector<Index>;

std::size_t at(Index k) { return static_cast<std::size_t>(k); }

Indices inverse(const Indices& permutation) {
  Indices inverse(permutation.size());
  for (std::size_t k = 0; k < permutation.size(); ++k) {
    inverse[at(permutation[k])] = static_cast<Index>(k);
  }
  return inverse;
}

// The columns of each row of a pattern, which ascend.
SparsePattern transposed(const SparsePattern& pattern) {
  SparsePattern result{.size = pattern.size, .start = Indices(at(pattern.size) + 1), .row = {}};
  result.row.resize(pattern.row.size());
  for (const Index row : pattern.row) ++result.start[at(row) + 1];
  for (std::size_t k = 0; k < at(pattern.size); ++k) result.start[k + 1] += result.start[k];
  Indices next(result.start.begin(), result.start.end() - 1);
  for (Index j = 0; j < pattern.size; ++j) {
    for (Index k = pattern.start[at(j)]; k < pattern.start[at(j) + 1]; ++k) {
      result.row[at(next[at(pattern.row[at(k)])]++)] = j;
    }
  }
  return result;
}

// An entry of F.
struct OffBlock {
  Index row, column, slot;  // of pivots; in the pattern
};

class Planner {
 public:
  Planner(SparsePlan& plan, const SparsePattern& pattern, const PivotOrder& order)
      : plan_(plan), pattern_(pattern), order_(order), n_(pattern.size) {}

  void plan() {
    place_factors();
    Indices source(plan_.index.size(), -1);
    sort_values(source);
    list_entries(source);
    list_solution();
  }

 private:
  void place_factors() {
    SparsePattern rows = transposed(order_.lower);
    plan_.lower_start = std::move(rows.start);
    plan_.index = std::move(rows.row);
    for (Index j = 0; j < n_; ++j) {
      plan_.upper_start.push_back(static_cast<Index>(plan_.index.size()));
      plan_.index.insert(plan_.index.end(), order_.upper.row.begin() + order_.upper.start[at(j)],
                         order_.upper.row.begin() + order_.upper.start[at(j) + 1]);
      plan_.index.push_back(j);
    }
    plan_.upper_start.push_back(static_cast<Index>(plan_.index.size()));
  }

  // Where entry (i, j) of a block stands among the factors.
  Index find(Index i, Index j) const {
    const bool in_lower = i > j;
    const Indices& start = in_lower ? plan_.lower_start : plan_.upper_start;
    const Index line = in_lower ? i : j;
    const auto begin = plan_.index.begin() + start[at(line)];
    const auto end = plan_.index.begin() + start[at(line) + 1];
    return static_cast<Index>(std::lower_bound(begin, end, in_lower ? j : i) - plan_.index.begin());
  }

  // Every value of the matrix is where a factor starts from, or of F. Fills the matrix's rows, too.
  void sort_values(Indices& source) {
    const Indices row_at = inverse(order_.row);
    const Indices column_at = inverse(order_.column);
    Indices block_of(at(n_));
    for (std::size_t b = 0; b + 1 < order_.block.size(); ++b) {
      std::fill(block_of.begin() + order_.block[b], block_of.begin() + order_.block[b + 1],
                static_cast<Index>(b));
    }
    std::vector<std::vector<std::pair<Index, Index>>> rows(at(n_));
    Index j = 0;
    for (const Index slot : order_.slots) {
      while (pattern_.start[at(j) + 1] <= slot) ++j;
      const Index i = pattern_.row[at(slot)];
      rows[at(i)].emplace_back(j, slot);
      const Index p = row_at[at(i)];
      const Index q = column_at[at(j)];
      if (block_of[at(p)] == block_of[at(q)]) {
        source[at(find(p, q))] = slot;
      } else {
        off_block_.push_back({p, q, slot});
      }
    }
    for (const auto& row : rows) {
      for (const auto& [column, slot] : row) plan_.matrix.add(column, slot);
      plan_.matrix.end_row();
    }
    std::sort(off_block_.begin(), off_block_.end(), [](const OffBlock& a, const OffBlock& b) {
      return std::pair(a.row, a.column) < std::pair(b.row, b.column);
    });
  }

  // A pivot needs those whose columns its row of W has, and whose rows its column of U has: what
  // then stands in its row or column needs no other.
  Indices pivot_levels() const {
    Indices level(at(n_));
    for (std::size_t k = 0; k < level.size(); ++k) {
      const auto raise = [&](Index begin, Index end) {
        for (Index e = begin; e < end; ++e) {
          level[k] = std::max(level[k], level[at(plan_.index[at(e)])] + 1);
        }
      };
      raise(plan_.lower_start[k], plan_.lower_start[k + 1]);
      raise(plan_.upper_start[k], plan_.upper_start[k + 1] - 1);
    }
    return level;
  }

  void list_entries(const Indices& source) {
    const Indices level = pivot_levels();
    std::vector<FactorEntry> entries;
    Indices levels, terms;
    const auto add = [&](Index e, Index i, Index j) {
      entries.push_back({e, i, j, source[at(e)]});
      levels.push_back(level[at(std::min(i, j))]);
      terms.push_back(std::min(plan_.lower_start[at(i) + 1] - plan_.lower_start[at(i)],
                               plan_.upper_start[at(j) + 1] - plan_.upper_start[at(j)] - 1));
    };
    for (Index i = 0; i < n_; ++i) {
      for (Index e = plan_.lower_start[at(i)]; e < plan_.lower_start[at(i) + 1]; ++e) {
        add(e, i, plan_.index[at(e)]);
      }
    }
    for (Index j = 0; j < n_; ++j) {
      for (Index e = plan_.upper_start[at(j)]; e < plan_.upper_start[at(j) + 1]; ++e) {
        add(e, plan_.index[at(e)], j);
      }
    }
    plan_.factors = static_cast<Index>(plan_.index.size());
    for (const OffBlock& f : off_block_) {
      entries.push_back({plan_.factors++, -1, -1, f.slot});
      levels.push_back(0);
      terms.push_back(0);
    }
    LevelOrder in_order = order_by_levels(levels, terms);
    plan_.elimination = std::move(in_order.levels);
    for (const Index item : in_order.item) plan_.entries.push_back(entries[at(item)]);
  }

  void list_solution() {
    SparseRows& rows = plan_.solution;
    std::size_t off = 0;
    for (Index i = 0; i < n_; ++i) {
      for (Index e = plan_.lower_start[at(i)]; e < plan_.lower_start[at(i) + 1]; ++e) {
        rows.add(plan_.index[at(e)], e);
      }
      for (; off < off_block_.size() && off_block_[off].row == i; ++off) {
        rows.add(n_ + off_block_[off].column,
                 plan_.factors - static_cast<Index>(off_block_.size() - off));
      }
      rows.end_row();
    }
    const SparsePattern upper = transposed(order_.upper);
    for (Index i = 0; i < n_; ++i) {
      for (Index k = upper.start[at(i)]; k < upper.start[at(i) + 1]; ++k) {
        const Index j = upper.row[at(k)];
        rows.add(n_ + j, find(i, j));
      }
      rows.end_row();
    }
    LevelOrder in_order = order_by_levels(solution_levels(), rows.lengths());
    plan_.substitution = std::move(in_order.levels);
    plan_.solution_item = std::move(in_order.item);
  }

  // From the last block to the first, forward through a block, then backward.
  Indices solution_levels() const {
    const SparseRows& rows = plan_.solution;
    Indices level(at(2 * n_));
    const auto raise = [&](Index r, Index before) {
      level[at(r)] = std::max(level[at(r)], level[at(before)] + 1);
    };
    const auto raise_by_terms = [&](Index r) {
      for (Index e = rows.start[at(r)]; e < rows.start[at(r) + 1]; ++e) {
        raise(r, rows.column[at(e)]);
      }
    };
    for (std::size_t b = order_.block.size() - 1; b-- > 0;) {
      for (Index i = order_.block[b]; i < order_.block[b + 1]; ++i) raise_by_terms(i);
      for (Index i = order_.block[b + 1]; i-- > order_.block[b];) {
        raise(n_ + i, i);
        raise_by_terms(n_ + i);
      }
    }
    return level;
  }

  SparsePlan& plan_;
  const SparsePattern& pattern_;
  const PivotOrder& order_;
  Index n_;
  std::vector<OffBlock> off_block_;  // by rows
};

}  // namespace

Indices SparseRows::lengths() const {
  Indices lengths;
  for (std::size_t r = 0; r + 1 < start.size(); ++r) lengths.push_back(start[r + 1] - start[r]);
  return lengths;
}

SparsePlan::SparsePlan(const SparsePattern& pattern, const PivotOrder& order)
    : size(pattern.size), row(order.row), column(order.column) {
  Planner(*this, pattern, order).plan();
  LevelOrder in_order = order_by_levels(Indices(at(size)), matrix.lengths());
  product = std::move(in_order.levels);
  matrix_item = std::move(in_order.item);
  std::size_t next = 0;
  for (Index slot = 0; at(slot) < pattern.nonzeros(); ++slot) {
    if (next < order.slots.size() && order.slots[next] == slot) {
      ++next;
    } else {
      left_out_.push_back(slot);
    }
  }
}

bool SparsePlan::covers(std::span<const double> values) const {
  return std::all_of(left_out_.begin(), left_out_.end(),
                     [&](Index slot) { return values[at(slot)] == 0; });
}

}  // namespace wordline::gpu
