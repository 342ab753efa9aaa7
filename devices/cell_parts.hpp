// The devices of an array's cells, for what evaluates all of them at once.
#pragma once

#include <optional>

#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/devices/transistor.hpp"

namespace wordline {

// What the cells of an array are made of, row by row: a memristor between the two planes, or one
// from the column plane to a transistor behind it (devices/transistor_cell.hpp).
struct CellParts {
  const MemristorBank* memristors;
  std::optional<Transistor> transistor = std::nullopt;
  double gmin = 0;  // S, across the transistor's junctions
};

}  // namespace wordline
