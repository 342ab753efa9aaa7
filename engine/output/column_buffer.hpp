// Points that wait to be written column by column, as NumPy and HDF5 want them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace wordline {

class ColumnBuffer {
 public:
  // Room for as many points of `columns` numbers as fit into 16 MB, 16 at least and 64k at most.
  explicit ColumnBuffer(std::size_t columns)
      : room_(std::clamp<std::size_t>(
            (std::size_t{16} << 20) / (8 * std::max<std::size_t>(columns, 1)), 16,
            std::size_t{1} << 16)),
        values_(room_ * columns) {}

  std::size_t points() const { return points_; }
  bool full() const { return points_ == room_; }
  std::size_t room() const { return room_; }
  void add(std::span<const double> point) {
    for (std::size_t c = 0; c < point.size(); ++c) values_[c * room_ + points_] = point[c];
    ++points_;
  }
  std::span<const double> column(std::size_t c) const {
    return std::span(values_).subspan(c * room_, points_);
  }
  void clear() { points_ = 0; }

 private:
  std::size_t room_;
  std::size_t points_ = 0;
  std::vector<double> values_;  // column after column
};

}  // namespace wordline
