// Circuits with one array, built in code, for the tests of arrays.
#pragma once

#include <string>

#include "wordline/netlist/circuit.hpp"

namespace wordline::testing {

inline std::vector<NodeId> make_bus(Circuit& circuit, const std::string& name, std::int32_t count) {
  std::vector<NodeId> bus;
  for (std::int32_t k = 0; k < count; ++k) {
    bus.push_back(circuit.nodes.intern(name + "[" + std::to_string(k) + "]"));
  }
  return bus;
}

// Model 0 is a memristor, model 1 an nmos; neither has parameters.
inline void add_models(Circuit& circuit) {
  static const ModelType memristor = [] {
    ModelType type;
    type.kind = "memristor";
    return type;
  }();
  static const ModelType nmos = [] {
    ModelType type;
    type.kind = "nmos";
    return type;
  }();
  circuit.models.push_back({"cell", &memristor, {}});
  circuit.models.push_back({"select", &nmos, {}});
}

// An array xb with buses wl, bl and sl of its own.
inline Crossbar make_array(Circuit& circuit, CellKind cell, std::int32_t rows, std::int32_t cols,
                           bool source_along_columns = false) {
  Crossbar xb;
  xb.name = "xb";
  xb.rows = rows;
  xb.cols = cols;
  xb.cell = cell;
  xb.memristor = 0;
  xb.word.bus = make_bus(circuit, "wl", rows);
  xb.bit.bus = make_bus(circuit, "bl", cols);
  if (cell == CellKind::k1T1R) {
    xb.transistor = 1;
    xb.source_along_columns = source_along_columns;
    xb.source.bus = make_bus(circuit, "sl", source_along_columns ? cols : rows);
  }
  return xb;
}

}  // namespace wordline::testing
