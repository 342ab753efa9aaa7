#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/crossbar.hpp"
#include "wordline/netlist/memristor_setup.hpp"

namespace wordline {

namespace {

// All lines of one kind of an array: which cells they run through.
struct LineFamily {
  std::string name;  // "xb.wl"
  const ArrayLine* line;
  bool along_rows;
  std::int32_t rows, cols;

  std::int32_t lines() const { return along_rows ? rows : cols; }
  std::int32_t cells() const { return along_rows ? cols : rows; }  // of one line
  // The entry of a rows x cols table for a cell of a line.
  std::size_t entry(std::int32_t line_index, std::int32_t cell) const {
    const std::int32_t row = along_rows ? line_index : cell;
    const std::int32_t col = along_rows ? cell : line_index;
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
           static_cast<std::size_t>(col);
  }
  NodeId bus(std::int32_t line_index) const {
    return line->bus[static_cast<std::size_t>(line_index)];
  }
  bool driven_first() const { return line->driven != DrivenEnds::kLast; }
  bool driven_last() const { return line->driven != DrivenEnds::kFirst; }
};

std::vector<LineFamily> line_families(const Crossbar& xb) {
  std::vector<LineFamily> families = {
      {xb.name + ".wl", &xb.word, true, xb.rows, xb.cols},
      {xb.name + ".bl", &xb.bit, false, xb.rows, xb.cols},
  };
  if (xb.cell == CellKind::k1T1R) {
    families.push_back({xb.name + ".sl", &xb.source, !xb.source_along_columns, xb.rows, xb.cols});
  }
  return families;
}

// Whether a zero resistance joins the line's node at `cell` to the bus.
bool is_bus_node(const LineFamily& family, std::int32_t cell) {
  if (family.line->driver != 0) return false;
  if (family.line->segment == 0) return true;
  return (cell == 0 && family.driven_first()) ||
         (cell == family.cells() - 1 && family.driven_last());
}

// The node of every entry; nodes of its own are numbered from `first_new` on.
std::vector<NodeId> number_nodes(const LineFamily& family, NodeId first_new) {
  std::vector<NodeId> ids(static_cast<std::size_t>(family.rows * family.cols));
  for (std::int32_t row = 0; row < family.rows; ++row) {
    for (std::int32_t col = 0; col < family.cols; ++col) {
      const std::int32_t line = family.along_rows ? row : col;
      const std::int32_t cell = family.along_rows ? col : row;
      NodeId& id = ids[family.entry(line, cell)];
      if (is_bus_node(family, cell)) {
        id = family.bus(line);
      } else if (family.line->segment == 0 && cell > 0) {
        id = ids[family.entry(line, 0)];
      } else {
        id = first_new++;
      }
    }
  }
  return ids;
}

std::string find_line_fault(const LineFamily& family, const Circuit& circuit) {
  const ArrayLine& line = *family.line;
  const auto is_amount = [](double value) { return std::isfinite(value) && value >= 0; };
  if (!is_amount(line.segment) || !is_amount(line.driver) || !is_amount(line.capacitance)) {
    return fmt::format("{}: resistances and capacitances must be finite and not negative",
                       family.name);
  }
  if (std::ssize(line.bus) != family.lines()) {
    return fmt::format("{}: the bus has {} nodes for {} lines", family.name, line.bus.size(),
                       family.lines());
  }
  for (const NodeId node : line.bus) {
    if (node < 0 || node >= circuit.nodes.size()) {
      return fmt::format("{}: bus node {} does not exist", family.name, node);
    }
  }
  return {};
}

bool is_model(const Circuit& circuit, int model, std::initializer_list<std::string_view> kinds) {
  if (model < 0 || static_cast<std::size_t>(model) >= circuit.models.size()) return false;
  const std::string_view kind = circuit.models[static_cast<std::size_t>(model)].type->kind;
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Appends the plain elements of one array to a circuit.
class ArrayCompiler {
 public:
  ArrayCompiler(const Crossbar& crossbar, Circuit& circuit) : xb_(crossbar), circuit_(circuit) {}

  void compile() {
    reserve_nodes(xb_, circuit_);
    for (const LineFamily& family : line_families(xb_)) {
      const std::vector<NodeId> nodes = circuit_.nodes.block(family.name);
      add_segments(family, nodes);
      if (family.line->driver > 0) {
        if (family.driven_first()) add_drivers(family, nodes, "first", 0);
        if (family.driven_last()) add_drivers(family, nodes, "last", family.cells() - 1);
      }
      if (family.line->capacitance > 0) add_capacitances(family, nodes);
    }
    const std::vector<NodeId> word = circuit_.nodes.block(xb_.name + ".wl");
    const std::vector<NodeId> bit = circuit_.nodes.block(xb_.name + ".bl");
    if (!xb_.has_inner_nodes()) {
      add_memristors(word, bit);
      return;
    }
    const std::vector<NodeId> inner = circuit_.nodes.block(xb_.name + ".n");
    if (xb_.cell == CellKind::k1T1R) {
      add_memristors(bit, inner);
      add_transistors(inner, word, circuit_.nodes.block(xb_.name + ".sl"));
    } else {
      add_memristors(word, inner);
      add_selectors(inner, bit);
    }
  }

 private:
  std::string prefix(std::string_view kind, const LineFamily& family) const {
    return fmt::format("{}.{}{}", xb_.name, kind,
                       std::string_view(family.name).substr(xb_.name.size() + 1));
  }

  void add_segments(const LineFamily& family, std::span<const NodeId> nodes) {
    if (family.line->segment == 0 || family.cells() < 2) return;
    const std::int32_t rows = family.rows - (family.along_rows ? 0 : 1);
    const std::int32_t cols = family.cols - (family.along_rows ? 1 : 0);
    circuit_.resistors.names.add_block(prefix("r", family), rows, cols);
    for (std::int32_t i = 0; i < rows; ++i) {
      for (std::int32_t j = 0; j < cols; ++j) {
        const std::int32_t line = family.along_rows ? i : j;
        const std::int32_t cell = family.along_rows ? j : i;
        circuit_.resistors.rows.push_back({nodes[family.entry(line, cell)],
                                           nodes[family.entry(line, cell + 1)],
                                           family.line->segment});
      }
    }
  }

  void add_drivers(const LineFamily& family, std::span<const NodeId> nodes, std::string_view end,
                   std::int32_t cell) {
    circuit_.resistors.names.add_block(fmt::format("{}.{}", prefix("r", family), end),
                                       family.lines());
    for (std::int32_t line = 0; line < family.lines(); ++line) {
      circuit_.resistors.rows.push_back(
          {family.bus(line), nodes[family.entry(line, cell)], family.line->driver});
    }
  }

  void add_capacitances(const LineFamily& family, std::span<const NodeId> nodes) {
    circuit_.capacitors.names.add_block(prefix("c", family), family.rows, family.cols);
    for (const NodeId node : nodes) {
      circuit_.capacitors.rows.push_back(
          {node, 0, family.line->capacitance, std::numeric_limits<double>::quiet_NaN()});
    }
  }

  void add_memristors(std::span<const NodeId> p, std::span<const NodeId> n) {
    circuit_.memristors.names.add_block(xb_.name + ".m", xb_.rows, xb_.cols);
    for (std::size_t k = 0; k < p.size(); ++k) {
      MemristorElement element = cell_memristor(xb_, k);
      element.p = p[k];
      element.n = n[k];
      circuit_.memristors.rows.push_back(element);
    }
  }

  void add_selectors(std::span<const NodeId> p, std::span<const NodeId> n) {
    circuit_.memristors.names.add_block(xb_.name + ".s", xb_.rows, xb_.cols);
    for (std::size_t k = 0; k < p.size(); ++k) {
      circuit_.memristors.rows.push_back({.p = p[k],
                                          .n = n[k],
                                          .model = xb_.selector,
                                          .state = std::numeric_limits<double>::quiet_NaN(),
                                          .stream = stream_of(xb_.name + ".s", k)});
    }
  }

  void add_transistors(std::span<const NodeId> drain, std::span<const NodeId> gate,
                       std::span<const NodeId> source) {
    circuit_.mosfets.names.add_block(xb_.name + ".t", xb_.rows, xb_.cols);
    for (std::size_t k = 0; k < drain.size(); ++k) {
      circuit_.mosfets.rows.push_back({.drain = drain[k],
                                       .gate = gate[k],
                                       .source = source[k],
                                       .bulk = xb_.bulk,
                                       .model = xb_.transistor,
                                       .width = xb_.width,
                                       .length = xb_.length});
    }
  }

  const Crossbar& xb_;
  Circuit& circuit_;
};

}  // namespace

std::string find_fault(const Crossbar& xb, const Circuit& circuit) {
  if (xb.rows < 1 || xb.cols < 1) {
    return fmt::format("an array needs at least one row and one column, not {} x {}", xb.rows,
                       xb.cols);
  }
  const std::int64_t cells = std::int64_t{xb.rows} * xb.cols;
  if (cells > kMaxCells) {
    return fmt::format("an array of {} x {} cells is beyond the limit of {} cells", xb.rows,
                       xb.cols, kMaxCells);
  }
  for (const LineFamily& family : line_families(xb)) {
    if (auto fault = find_line_fault(family, circuit); !fault.empty()) return fault;
  }
  if (!is_model(circuit, xb.memristor, {"memristor"})) return "the cells need a memristor model";
  if (xb.cell == CellKind::k1T1R) {
    if (!is_model(circuit, xb.transistor, {"nmos", "pmos"})) {
      return "1t1r cells need a transistor model";
    }
    if (!(xb.width > 0) || !(xb.length > 0)) return "the transistor's w and l must be positive";
  }
  if (xb.has_selectors()) {
    if (!is_model(circuit, xb.selector, {"memristor"})) return "the selectors need a model";
    if (xb.cell == CellKind::k1T1R) return "1t1r cells have a transistor in place of a selector";
  }
  if (xb.values.size() > 1 && std::ssize(xb.values) != cells) {
    return fmt::format("{} values for {} cells", xb.values.size(), cells);
  }
  for (const double value : xb.values) {
    if (!std::isfinite(value)) return "a cell's value is not finite";
  }
  return {};
}

void reserve_nodes(const Crossbar& xb, Circuit& circuit) {
  if (const std::string fault = find_fault(xb, circuit); !fault.empty()) {
    throw Error(fmt::format("array {}: {}", xb.name, fault));
  }
  if (!circuit.nodes.block(xb.name + ".wl").empty()) return;
  for (const LineFamily& family : line_families(xb)) {
    circuit.nodes.add_merged_block(family.name, xb.rows, xb.cols,
                                   number_nodes(family, circuit.nodes.size()));
  }
  if (xb.has_inner_nodes()) circuit.nodes.add_block(xb.name + ".n", xb.rows, xb.cols);
}

Circuit compile_crossbars(const Circuit& circuit) {
  Circuit compiled = circuit;
  compiled.crossbars.clear();
  for (const Crossbar& crossbar : circuit.crossbars) ArrayCompiler(crossbar, compiled).compile();
  return compiled;
}

}  // namespace wordline
