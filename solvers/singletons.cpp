#include "wordline/solvers/singletons.hpp"

#include <algorithm>

namespace wordline {

namespace {

// Rows of a pattern, and how many of their entries are left.
struct Lines {
  struct Entry {
    std::int32_t other;
    std::int32_t slot;
  };
  std::vector<std::vector<Entry>> entries;
  std::vector<std::size_t> left;
  std::vector<bool> gone;

  explicit Lines(std::int32_t size)
      : entries(static_cast<std::size_t>(size)), gone(static_cast<std::size_t>(size)) {}
  void count() {
    for (const auto& line : entries) left.push_back(line.size());
  }
};

// Removes the lines (rows or columns) of one entry, and what crosses there, until there are none.
template <class Act>
void peel(Lines& lines, Lines& across, const Act& act) {
  std::vector<std::int32_t> queue;
  for (std::size_t k = 0; k < lines.left.size(); ++k) {
    if (!lines.gone[k] && lines.left[k] == 1) queue.push_back(static_cast<std::int32_t>(k));
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const auto line = static_cast<std::size_t>(queue[next]);
    if (lines.gone[line] || lines.left[line] != 1) continue;
    const auto entry = std::find_if(
        lines.entries[line].begin(), lines.entries[line].end(),
        [&](const auto& e) { return !across.gone[static_cast<std::size_t>(e.other)]; });
    const auto crossing = static_cast<std::size_t>(entry->other);
    lines.gone[line] = across.gone[crossing] = true;
    act(static_cast<std::int32_t>(line), entry->other, entry->slot);
    for (const auto& e : lines.entries[line]) --across.left[static_cast<std::size_t>(e.other)];
    for (const auto& e : across.entries[crossing]) {
      const auto k = static_cast<std::size_t>(e.other);
      if (--lines.left[k] == 1 && !lines.gone[k]) queue.push_back(e.other);
    }
  }
}

}  // namespace

Singletons::Singletons(const SparsePattern& pattern)
    : in_core_(static_cast<std::size_t>(pattern.size), true),
      is_held_(static_cast<std::size_t>(pattern.size)) {
  Lines rows(pattern.size);
  Lines columns(pattern.size);
  for (std::int32_t j = 0; j < pattern.size; ++j) {
    for (auto k = pattern.start[static_cast<std::size_t>(j)];
         k < pattern.start[static_cast<std::size_t>(j) + 1]; ++k) {
      const std::int32_t i = pattern.row[static_cast<std::size_t>(k)];
      rows.entries[static_cast<std::size_t>(i)].push_back({j, k});
      columns.entries[static_cast<std::size_t>(j)].push_back({i, k});
    }
  }
  rows.count();
  columns.count();
  const auto others = [](const Lines& lines, std::int32_t line, std::int32_t slot) {
    std::vector<Entry> list;
    for (const auto& e : lines.entries[static_cast<std::size_t>(line)]) {
      if (e.slot != slot) list.push_back({e.other, e.slot});
    }
    return list;
  };
  peel(rows, columns, [&](std::int32_t row, std::int32_t column, std::int32_t slot) {
    held_.push_back({row, column, slot, others(columns, column, slot)});
    is_held_[static_cast<std::size_t>(column)] = true;
  });
  peel(columns, rows, [&](std::int32_t column, std::int32_t row, std::int32_t slot) {
    rest_.push_back({row, column, slot, others(rows, row, slot)});
  });
  for (std::size_t k = 0; k < in_core_.size(); ++k) {
    has_square_core_ &= rows.gone[k] == columns.gone[k];
    in_core_[k] = !rows.gone[k];
  }
}

bool Singletons::can_divide(std::span<const double> values) const {
  const auto is_zero = [&](const Pivot& p) {
    return values[static_cast<std::size_t>(p.slot)] == 0;
  };
  return std::none_of(held_.begin(), held_.end(), is_zero) &&
         std::none_of(rest_.begin(), rest_.end(), is_zero);
}

void Singletons::solve_held(std::span<const double> values, std::span<double> b,
                            std::span<double> x) const {
  for (const Pivot& p : held_) {
    const double known =
        b[static_cast<std::size_t>(p.row)] / values[static_cast<std::size_t>(p.slot)];
    x[static_cast<std::size_t>(p.column)] = known;
    if (known == 0) continue;
    for (const Entry& e : p.others) {
      b[static_cast<std::size_t>(e.unknown)] -= values[static_cast<std::size_t>(e.slot)] * known;
    }
  }
}

// The terms of held unknowns are in b already.
void Singletons::solve_rest(std::span<const double> values, std::span<const double> b,
                            std::span<double> x) const {
  for (auto p = rest_.rbegin(); p != rest_.rend(); ++p) {
    double sum = b[static_cast<std::size_t>(p->row)];
    for (const Entry& e : p->others) {
      if (is_held_[static_cast<std::size_t>(e.unknown)]) continue;
      sum -= values[static_cast<std::size_t>(e.slot)] * x[static_cast<std::size_t>(e.unknown)];
    }
    x[static_cast<std::size_t>(p->column)] = sum / values[static_cast<std::size_t>(p->slot)];
  }
}

}  // namespace wordline
