#include "wordline/solvers/row_matching.hpp"

namespace wordline {

namespace {

class Matching {
 public:
  explicit Matching(const SparsePattern& pattern)
      : pattern_(pattern),
        row_of_(static_cast<std::size_t>(pattern.size), -1),
        column_of_(row_of_),
        met_from_(row_of_) {}

  std::vector<std::int32_t> compute() {
    for (std::int32_t k = 0; k < pattern_.size; ++k) {
      if (pattern_.slot(k, k) >= 0) row_of_[at(k)] = column_of_[at(k)] = k;
    }
    for (std::int32_t k = 0; k < pattern_.size; ++k) {
      if (row_of_[at(k)] < 0) augment(k);
    }
    return std::move(row_of_);
  }

 private:
  static std::size_t at(std::int32_t k) { return static_cast<std::size_t>(k); }

  // The shortest path, by breadth, on which columns pass their rows on until one is free.
  void augment(std::int32_t first) {
    std::vector<std::int32_t> columns = {first};
    std::vector<std::int32_t> rows;
    std::int32_t free_row = -1;
    for (std::size_t next = 0; next < columns.size() && free_row < 0; ++next) {
      const std::int32_t column = columns[next];
      for (auto k = at(pattern_.start[at(column)]); k < at(pattern_.start[at(column) + 1]); ++k) {
        const std::int32_t row = pattern_.row[k];
        if (met_from_[at(row)] >= 0) continue;
        met_from_[at(row)] = column;
        rows.push_back(row);
        if (column_of_[at(row)] < 0) {
          free_row = row;
          break;
        }
        columns.push_back(column_of_[at(row)]);
      }
    }
    while (free_row >= 0) {
      const std::int32_t column = met_from_[at(free_row)];
      column_of_[at(free_row)] = column;
      std::swap(row_of_[at(column)], free_row);
    }
    for (const std::int32_t row : rows) met_from_[at(row)] = -1;
  }

  const SparsePattern& pattern_;
  std::vector<std::int32_t> row_of_, column_of_;
  std::vector<std::int32_t> met_from_;  // scratch: the column from which a row was met
};

}  // namespace

std::vector<std::int32_t> match_rows(const SparsePattern& pattern) {
  return Matching(pattern).compute();
}

}  // namespace wordline
