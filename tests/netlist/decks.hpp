// What the tests of the netlist language share: short decks in, circuits or faults out.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wordline/netlist/read.hpp"

namespace wordline {

// The circuit of these lines below a title.
inline Circuit read_lines(const std::string& lines) { return parse("title\n" + lines, "deck.cir"); }

// What is wrong with them; nothing if they read well.
inline std::vector<Diagnostic> faults_of(const std::string& lines) {
  try {
    read_lines(lines);
  } catch (const NetlistError& error) {
    return error.diagnostics();
  }
  return {};
}

inline bool has_warning(const Circuit& circuit, const std::string& part) {
  for (const Diagnostic& warning : circuit.warnings) {
    if (warning.message.find(part) != std::string::npos) return true;
  }
  return false;
}

template <class Row>
const Row& element(const Table<Row>& table, const std::string& name) {
  const auto index = table.names.find(name);
  if (!index) throw Error("no element " + name);
  return table.rows[static_cast<std::size_t>(*index)];
}

// The value of a parameter expression.
inline double value_of(const std::string& expression) {
  const Circuit circuit = read_lines("V1 a 0 {" + expression + "}\n");
  return circuit.voltage_sources.rows.front().function.dc;
}

}  // namespace wordline
