// Cells of a memristor with a select transistor behind it.
#pragma once

#include <memory>

#include "wordline/crossbar/cells.hpp"

namespace wordline::crossbar {

// Memristor from the column (bit) line to an inner node, transistor from there to the row (source)
// line. The inner node is solved in the cell, whose tangents are those of its two ends alone.
// Throws Error for what has more nodes inside: transistors with series resistances.
std::unique_ptr<Cells> make_transistor_cells(const Crossbar& crossbar, const Circuit& circuit,
                                             CellMemristors memristors);

}  // namespace wordline::crossbar
