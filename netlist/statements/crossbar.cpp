// `.crossbar name rows= cols= ...`: docs/netlist.md, "Crossbars".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

// The keys that mean something for all arrays, and those for 1T1R alone.
const std::vector<std::string> kCommonKeys = {
    "rows",  "cols",  "cell", "memristor", "selector", "flip",    "wl", "bl", "r_wl",  "r_bl",
    "rs_wl", "rs_bl", "c_wl", "c_bl",      "ends_wl",  "ends_bl", "x0", "g",  "v_read"};
const std::vector<std::string> kTransistorKeys = {
    "transistor", "w", "l", "bulk", "sl", "r_sl", "rs_sl", "c_sl", "ends_sl", "sl_along"};

bool contains(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

class CrossbarReader {
 public:
  CrossbarReader(Line& line, Scope& scope) : scope_(scope), circuit_(scope.circuit()) {
    name_ = line.expect_word("the array's name");
    while (const auto assignment = line.accept_assignment()) add(*assignment);
    line.expect_end();
  }

  void read() {
    if (scope_.multiplicity() != 1) {
      fail(name_, "an array cannot stand in a sub-circuit instance with m other than 1");
    }
    xb_.name = std::string(scope_.full_name(name_.text));
    for (const Crossbar& other : circuit_.crossbars) {
      if (other.name == xb_.name) fail(name_, "there is already an array of this name");
    }
    xb_.rows = extent("rows");
    xb_.cols = extent("cols");
    if (std::int64_t{xb_.rows} * xb_.cols > kMaxCells) {
      fail(required("rows"), fmt::format("an array has at most {} cells", kMaxCells));
    }
    xb_.cell = choice("cell", {"1r", "1t1r"}, 0) == 0 ? CellKind::k1R : CellKind::k1T1R;
    xb_.memristor = scope_.model(required("memristor"), {"memristor"});
    if (const Token* const selector = find("selector")) {
      xb_.selector = scope_.model(*selector, {"memristor"});
      if (xb_.cell == CellKind::k1T1R) {
        fail(given_.at("selector").name, "1t1r cells have a transistor in place of a selector");
      }
    }
    xb_.flip = choice("flip", {"0", "1"}, 0) == 1;
    xb_.v_read = number("v_read", 0);
    xb_.word = read_line("wl", xb_.rows);
    xb_.bit = read_line("bl", xb_.cols);
    if (xb_.cell == CellKind::k1T1R) read_transistor();
    check_keys();
    read_values();
    try {
      reserve_nodes(xb_, circuit_);
    } catch (const Error& error) {
      fail(name_, error.what());
    }
    circuit_.crossbars.push_back(std::move(xb_));
  }

 private:
  void add(const Assignment& assignment) {
    const std::string key = to_lower(assignment.name.text);
    if (!contains(kCommonKeys, key) && !contains(kTransistorKeys, key)) {
      std::vector<std::string> known = kCommonKeys;
      known.insert(known.end(), kTransistorKeys.begin(), kTransistorKeys.end());
      fail(assignment.name, fmt::format("an array has no '{}'", assignment.name.text),
           did_you_mean(key, known));
    }
    if (!given_.emplace(key, assignment).second) {
      fail(assignment.name, fmt::format("'{}' is given twice", key));
    }
  }

  void check_keys() const {
    if (xb_.cell == CellKind::k1T1R) return;
    for (const auto& [key, assignment] : given_) {
      if (contains(kTransistorKeys, key)) {
        fail(assignment.name, fmt::format("'{}' is for cells with a transistor", key),
             "write cell=1t1r, or leave it out");
      }
    }
  }

  const Token* find(const std::string& key) const {
    const auto found = given_.find(key);
    return found == given_.end() ? nullptr : &found->second.value;
  }

  const Token& required(const std::string& key) const {
    const Token* const token = find(key);
    if (token == nullptr) fail(name_, fmt::format("the array {} needs {}=", name_.text, key));
    return *token;
  }

  double number(const std::string& key, double usual) const {
    const Token* const token = find(key);
    return token == nullptr ? usual : scope_.value(*token);
  }

  double amount(const std::string& key, double usual) const {
    const double value = number(key, usual);
    if (value < 0) fail(*find(key), fmt::format("{} must not be negative", key));
    return value;
  }

  std::int32_t extent(const std::string& key) const {
    const Token& token = required(key);
    const double value = scope_.value(token);
    if (!(value >= 1) || value != std::floor(value)) {
      fail(token, fmt::format("{} must be a whole number from 1 on, not {}", key, value));
    }
    if (value > static_cast<double>(kMaxCells)) {
      fail(token, fmt::format("an array has at most {} cells, and {} = {}", kMaxCells, key, value));
    }
    return static_cast<std::int32_t>(value);
  }

  std::size_t choice(const std::string& key, std::vector<std::string> words,
                     std::size_t usual) const {
    const Token* const token = find(key);
    if (token == nullptr) return usual;
    const auto found = std::find(words.begin(), words.end(), to_lower(token->text));
    if (found == words.end()) {
      fail(*token, fmt::format("'{}' is no choice for {}", token->text, key),
           fmt::format("one of: {}", fmt::join(words, ", ")));
    }
    return static_cast<std::size_t>(found - words.begin());
  }

  ArrayLine read_line(const std::string& name, std::int32_t count) {
    ArrayLine line;
    line.segment = amount("r_" + name, line.segment);
    line.driver = amount("rs_" + name, line.driver);
    line.capacitance = amount("c_" + name, line.capacitance);
    line.driven = static_cast<DrivenEnds>(choice("ends_" + name, {"first", "last", "both"}, 0));
    const Token* const bus = find(name);
    if (bus != nullptr && !bus->is_word()) fail(*bus, "the name of a bus is expected");
    const std::string_view bus_name = bus == nullptr ? std::string_view(name) : bus->text;
    for (std::int32_t k = 0; k < count; ++k) {
      line.bus.push_back(scope_.node(fmt::format("{}[{}]", bus_name, k)));
    }
    if (bus == nullptr) check_not_shared(name, line.bus.front());
    return line;
  }

  void check_not_shared(const std::string& name, NodeId node) const {
    for (const Crossbar& other : circuit_.crossbars) {
      for (const ArrayLine* line : {&other.word, &other.bit, &other.source}) {
        if (std::find(line->bus.begin(), line->bus.end(), node) == line->bus.end()) continue;
        fail(name_,
             fmt::format("the arrays {} and {} would share the bus {}", other.name, xb_.name, name),
             fmt::format("name the buses of both: {}=...; with {}={} they share it", name, name,
                         name));
      }
    }
  }

  void read_transistor() {
    xb_.transistor = scope_.model(required("transistor"), {"nmos", "pmos"});
    xb_.width = size("w", xb_.width);
    xb_.length = size("l", xb_.length);
    check_transistor(required("transistor"), xb_.transistor, xb_.width, xb_.length, scope_);
    if (const Token* const bulk = find("bulk")) xb_.bulk = scope_.node(*bulk);
    xb_.source_along_columns = choice("sl_along", {"rows", "columns"}, 0) == 1;
    xb_.source = read_line("sl", xb_.source_along_columns ? xb_.cols : xb_.rows);
  }

  double size(const std::string& key, double usual) const {
    if (find(key) == nullptr) return usual;
    const double value = number(key, usual);
    if (!(value > 0)) fail(*find(key), fmt::format("{} must be positive", key));
    return value * scope_.circuit().options.scale;
  }

  void read_values() {
    const Token* const states = find("x0");
    const Token* const conductances = find("g");
    if (states == nullptr && conductances == nullptr) return;
    if (states != nullptr && conductances != nullptr) {
      fail(given_.at("g").name, "x0 and g cannot both be given");
    }
    xb_.values_are_conductances = conductances != nullptr;
    const Token& token = states != nullptr ? *states : *conductances;
    xb_.values = token.kind == Token::Kind::kString ? read_file(token) : evaluate(token);
    check_values(token);
  }

  std::vector<double> read_file(const Token& token) const {
    Matrix matrix = scope_.matrix(token);
    if (matrix.rows != xb_.rows || matrix.cols != xb_.cols) {
      fail(token, fmt::format("{} holds {} x {} numbers for an array of {} x {} cells", token.text,
                              matrix.rows, matrix.cols, xb_.rows, xb_.cols));
    }
    return std::move(matrix.values);
  }

  std::vector<double> evaluate(const Token& token) const {
    static constexpr std::array<std::string_view, 2> kVariables = {"row", "col"};
    if (token.is_word() && read_number(token.text, scope_.dialect())) return {scope_.value(token)};
    const BoundExpression value = scope_.function(token, kVariables);
    std::vector<double> values;
    for (std::int32_t i = 0; i < xb_.rows; ++i) {
      for (std::int32_t j = 0; j < xb_.cols; ++j) {
        const std::array<double, 2> at = {static_cast<double>(i), static_cast<double>(j)};
        values.push_back(value.evaluate(at, 0, circuit_.options.temperature, {}));
      }
    }
    return values;
  }

  // Every value must be a state within the bounds, or a conductance of such a state.
  void check_values(const Token& token) const {
    const ModelCard& card = circuit_.models[static_cast<std::size_t>(xb_.memristor)];
    const std::unique_ptr<MemristorBank> bank = card.type->make_bank();
    bank->add({.parameters = card.values, .multiplicity = 1, .flip = xb_.flip});
    const Bounds bounds = bank->bounds(0);
    const Bounds shown = card.type->bounds(card.values);
    for (std::size_t k = 0; k < xb_.values.size(); ++k) {
      const double value = xb_.values[k];
      const bool fits = xb_.values_are_conductances
                            ? bounds.hold(bank->state_for_conductance(0, value, xb_.v_read))
                            : shown.hold(value);
      if (fits) continue;
      const auto cols = static_cast<std::size_t>(xb_.cols);
      const std::string cell = xb_.values.size() == 1
                                   ? std::string("the cells")
                                   : fmt::format("cell [{},{}]", k / cols, k % cols);
      fail(token,
           fmt::format("{} cannot have {} = {}: {}", cell, xb_.values_are_conductances ? "g" : "x0",
                       value,
                       xb_.values_are_conductances
                           ? describe_conductances(*bank, card, bounds)
                           : fmt::format("model {} has states from {:g} to {:g} {}", card.name,
                                         shown.low, shown.high, card.type->state_unit)));
    }
  }

  std::string describe_conductances(const MemristorBank& bank, const ModelCard& card,
                                    const Bounds& bounds) const {
    const auto [low, high] = std::minmax({conductance(bank, 0, bounds.low, xb_.v_read),
                                          conductance(bank, 0, bounds.high, xb_.v_read)});
    return fmt::format("model {} conducts {:g} to {:g} S at v_read = {:g} V", card.name, low, high,
                       xb_.v_read);
  }

  Scope& scope_;
  Circuit& circuit_;
  Token name_;
  std::map<std::string, Assignment> given_;
  Crossbar xb_;
};

}  // namespace

void read_crossbar(Line& line, Scope& scope) { CrossbarReader(line, scope).read(); }

}  // namespace wordline
