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

// Lines with a fault, the first one that is reported.
struct FaultyLines {
  std::string lines;
  int line, column;
  std::string message;  // a part of it
  std::string hint = {};
};

inline void expect_fault(const FaultyLines& c, const std::vector<Diagnostic>& faults) {
  ASSERT_FALSE(faults.empty()) << c.lines;
  const Diagnostic& fault = faults.front();
  EXPECT_EQ(fault.where.file, "deck.cir") << c.lines;
  EXPECT_EQ(fault.where.line, c.line) << c.lines << "\n" << fault.format();
  EXPECT_EQ(fault.where.column, c.column) << c.lines << "\n" << fault.format();
  EXPECT_NE(fault.message.find(c.message), std::string::npos) << c.lines << "\n" << fault.format();
  if (!c.hint.empty()) {
    EXPECT_EQ(fault.hint, c.hint) << c.lines;
  }
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
