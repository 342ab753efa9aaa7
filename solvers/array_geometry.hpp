// Where the unknowns of a crossbar array stand in a sparse linear system.
#pragma once

#include <cstdint>
#include <vector>

namespace wordline {

struct ArrayGeometry {
  // The lines of one kind: the unknown of the line's node at every cell, row by row; -1 where it is
  // none (a node at ground). An unknown stands at several cells where nodes are merged.
  struct Plane {
    bool along_rows = true;
    std::vector<std::int32_t> unknown;
  };

  std::int32_t rows = 0;
  std::int32_t cols = 0;
  std::vector<Plane> planes;

  std::size_t cell(std::int32_t row, std::int32_t col) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
           static_cast<std::size_t>(col);
  }
};

}  // namespace wordline
