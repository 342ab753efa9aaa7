// The voltages of an array's buses while cells of one row are written.
//
//   kTransistor  1T1R: the row is selected by its gates, the columns by their bit lines. A positive
//                pulse stands on the bit lines, source lines at 0 V. A negative one stands on the
//                source line, and bit lines of columns that are not written stand there too; source
//                lines along columns: on those of the columns, their bit lines at 0 V.
//   kHalf        1R: lines that are not selected stand at half the voltage, so that other cells of
//                the row and the columns see a half of it, all others nothing.
//   kThird       1R: word lines at a third and bit lines at two thirds, so that all other cells see
//                a third, those outside row and columns a negative one.
//
// The voltage of a pulse lies between bit and source line (1T1R) or word and bit line (1R), at the
// buses: what a cell sees of it is up to wires, transistor and all other cells.
#pragma once

#include <cstdint>
#include <span>

#include "wordline/crossbar/pulsed_array.hpp"

namespace wordline::crossbar {

enum class WriteScheme { kTransistor, kHalf, kThird };

struct Gates {
  double selected = 0;  // V, of 1T1R cells
  double others = 0;
};

// `volts`: one a column, 0 where its cell of the row is not written; all others of one sign. Where
// their sizes differ, lines stand at those of the largest. Throws Error where they cannot be.
Buses write_voltages(const PulsedArray& array, WriteScheme scheme, std::int32_t row,
                     std::span<const double> volts, const Gates& gates);

}  // namespace wordline::crossbar
