// A crossbar array as a circuit describes it: compact. `compile_crossbars` writes it out as plain
// elements for a general solver or an export.
//
// Geometry. Rows i = 0..rows-1 and columns j = 0..cols-1. Word lines run along rows; bit lines run
// along columns. Source lines (1T1R) run along rows or along columns.
//
//   1r    the cell is a memristor from word line (n+) to bit line (n-); with a selector, one from
//         word line to the inner node, and the selector from there to the bit line
//   1t1r  the cell is a memristor from bit line (n+) to the inner node, and a transistor with its
//         drain on the inner node, its gate on the word line, its source on the source line, its
//         bulk on `bulk`
//
// A line of n cells has n nodes joined by n-1 segments of `segment` ohm. A driven end is tied to
// the line's bus node through `driver` ohm: the first end is that of cell 0. With both ends driven,
// each is tied to the same bus node through its own `driver` resistance. A zero resistance merges
// the nodes that it would join. `capacitance` F goes from every node of the line to ground.
//
// Names, for an array xb, where L is wl, bl or sl:
//   nodes     xb.L[i,j]   of the line at cell (i,j); several names of one node where nodes merge
//             xb.n[i,j]   inside a cell with a transistor or a selector
//   elements  xb.m[i,j]   memristor          xb.t[i,j]      transistor
//             xb.s[i,j]   selector
//             xb.rL[i,j]  segment from cell (i,j) to the next cell of the line
//             xb.cL[i,j]  line capacitance   xb.rL.first[k], xb.rL.last[k]  drivers of line k
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wordline/netlist/names.hpp"

namespace wordline {

using NodeId = NameTable::Id;  // 0 is ground

// The largest array; its elements fill a few GB.
inline constexpr std::int64_t kMaxCells = std::int64_t{1} << 24;

enum class CellKind { k1R, k1T1R };
enum class DrivenEnds { kFirst, kLast, kBoth };
enum class LineKind { kWord, kBit, kSource };

struct ArrayLine {
  double segment = 1;      // ohm between neighbouring cells
  double driver = 0;       // ohm from the bus node to the line's end
  double capacitance = 0;  // F to ground at every cell
  DrivenEnds driven = DrivenEnds::kFirst;
  std::vector<NodeId> bus;  // the bus node of every line
};

struct Crossbar {
  std::string name;
  std::int32_t rows = 0;
  std::int32_t cols = 0;
  CellKind cell = CellKind::k1R;
  ArrayLine word, bit, source;  // `source` for 1T1R alone
  bool source_along_columns = false;

  int memristor = -1;    // index into Circuit::models
  bool flip = false;     // memristor terminals exchanged
  int selector = -1;     // index into Circuit::models, 1R alone; -1: none
  int transistor = -1;   // index into Circuit::models, 1T1R alone
  double width = 1e-6;   // m, of the transistor
  double length = 1e-6;  // m
  NodeId bulk = 0;

  // Initial states or target conductances, row by row: one value for all cells, or rows*cols.
  // Empty: the model's own initial state.
  std::vector<double> values;
  bool values_are_conductances = false;  // S at v_read, else model states
  double v_read = 0;                     // V; 0: the slope at the origin

  bool has_selectors() const { return selector >= 0; }
  bool has_inner_nodes() const { return cell == CellKind::k1T1R || has_selectors(); }
};

struct Circuit;

// Empty if the array can be built, else what is wrong with it.
std::string find_fault(const Crossbar& crossbar, const Circuit& circuit);

// Gives the array's nodes their ids, so that other parts of the circuit can refer to them. Does
// nothing if they have them. Throws Error if the array has a fault or a name is in use.
void reserve_nodes(const Crossbar& crossbar, Circuit& circuit);

// The plain elements of `circuit.crossbars`, appended to a copy of it. The copy has no crossbars.
// Throws Error where an array has a fault.
Circuit compile_crossbars(const Circuit& circuit);

}  // namespace wordline
