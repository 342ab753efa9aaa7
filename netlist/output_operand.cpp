#include "wordline/netlist/output_operand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline {

namespace {

using Kind = OutputRequest::Kind;
using Part = OutputRequest::Part;

struct PartName {
  std::string_view suffix;
  Part part;
};
constexpr std::array<PartName, 6> kParts = {{{"", Part::kWhole},
                                             {"m", Part::kMagnitude},
                                             {"p", Part::kPhase},
                                             {"r", Part::kReal},
                                             {"i", Part::kImaginary},
                                             {"db", Part::kDecibels}}};

// Currents into the terminals of transistors: drain, gate, source, bulk or base, collector,
// emitter.
constexpr std::string_view kTerminals = "dgsbce";

// What stands before the name of a memristor in Xyce's outputs.
constexpr std::string_view kXyceMemristor = "ymemristor!";

const PartName* find_part(std::string_view suffix) {
  const auto* const found = std::find_if(kParts.begin(), kParts.end(),
                                         [&](const PartName& p) { return p.suffix == suffix; });
  return found == kParts.end() ? nullptr : found;
}

bool is_terminal_current(std::string_view name) {
  return name.size() == 2 && name[0] == 'i' && kTerminals.find(name[1]) != std::string_view::npos;
}

// The beginning and the end of a view, without blanks around it.
std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The place of the comma between two nodes; commas in brackets belong to names.
std::size_t find_comma(std::string_view text) {
  int brackets = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '[') ++brackets;
    if (text[k] == ']') --brackets;
    if (text[k] == ',' && brackets == 0) return k;
  }
  return std::string_view::npos;
}

std::string require_name(std::string_view text, const char* what) {
  const std::string_view name = trim(text);
  if (name.empty()) throw Fault{text.data(), fmt::format("{} is expected here", what)};
  if (const auto blank = name.find_first_of(" \t\r\n(){}"); blank != std::string_view::npos) {
    throw Fault{name.data() + blank, fmt::format("'{}' is no name of {}", name, what)};
  }
  return to_lower(name);
}

OutputRequest device_parameter(std::string_view written) {
  const std::string text = to_lower(written);
  const std::size_t open = text.rfind('[');
  if (open == std::string::npos || open < 2 || text.back() != ']' || open + 2 >= text.size()) {
    throw Fault{written.data(), fmt::format("'{}' is not of the form @device[parameter]", written)};
  }
  return {.kind = Kind::kDeviceParameter,
          .first = text.substr(1, open - 1),
          .second = text.substr(open + 1, text.size() - open - 2),
          .label = text};
}

OutputRequest voltage(std::string_view function, std::string_view arguments) {
  OutputRequest request{.kind = Kind::kNodeVoltage, .part = find_part(function.substr(1))->part};
  const std::size_t comma = find_comma(arguments);
  request.first = require_name(arguments.substr(0, comma), "a node");
  request.label = fmt::format("{}({})", function, request.first);
  if (comma != std::string_view::npos) {
    request.second = require_name(arguments.substr(comma + 1), "a node");
    request.label = fmt::format("{}({},{})", function, request.first, request.second);
  }
  return request;
}

// n(device:state), or n(ymemristor!device_state), as Xyce names what is inside a device.
OutputRequest internal_state(std::string_view arguments) {
  const std::string text = require_name(arguments, "device:state");
  const bool has_prefix = text.starts_with(kXyceMemristor);
  std::size_t colon = text.rfind(':');
  if (colon == std::string::npos && has_prefix) colon = text.rfind('_');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw Fault{arguments.data(), fmt::format("'{}' is not of the form device:state", text)};
  }
  std::string device = text.substr(0, colon);
  if (has_prefix) device.erase(0, kXyceMemristor.size());
  return {.kind = Kind::kDeviceParameter,
          .first = device,
          .second = text.substr(colon + 1),
          .label = fmt::format("n({})", text)};
}

OutputRequest device_function(std::string_view function, std::string_view arguments) {
  OutputRequest request{.first = require_name(arguments, "a device")};
  if (request.first.starts_with(kXyceMemristor)) request.first.erase(0, kXyceMemristor.size());
  request.label = fmt::format("{}({})", function, request.first);
  if (function == "p" || function == "w") {
    request.kind = Kind::kDeviceParameter;
    request.second = "p";
  } else if (is_terminal_current(function)) {
    request.kind = Kind::kDeviceParameter;
    request.second = function;
  } else {
    request.kind = Kind::kCurrent;
    request.part = find_part(function.substr(1))->part;
  }
  return request;
}

OutputRequest quantity(std::string_view text) {
  if (text.starts_with('@')) return device_parameter(text);
  const std::size_t open = text.find('(');
  const std::string function = to_lower(trim(text.substr(0, open)));
  if (open == std::string_view::npos || !is_output_function(function)) {
    throw Fault{text.data(), fmt::format("'{}(...)' is not supported as an output", function),
                "there are v(node), v(node,node), i(device), p(device), n(device:state) and "
                "@device[parameter]"};
  }
  const std::string_view arguments = text.substr(open + 1, text.rfind(')') - open - 1);
  if (function.starts_with('v')) return voltage(function, arguments);
  if (function == "n") return internal_state(arguments);
  return device_function(function, arguments);
}

}  // namespace

bool is_output_function(std::string_view name) {
  if (name == "p" || name == "w" || name == "n" || is_terminal_current(name)) return true;
  return (name.starts_with('v') || name.starts_with('i')) && find_part(name.substr(1)) != nullptr;
}

OutputRequest in_dialect(OutputRequest request, Dialect dialect) {
  if (has_colon_paths(dialect)) {
    for (std::string* const name : {&request.first, &request.second}) {
      std::replace(name->begin(), name->end(), ':', '.');
    }
  }
  if (request.part == Part::kPhase && has_phases_in_degrees(dialect)) {
    request.part = Part::kDegrees;
  }
  return request;
}

OutputRequest read_operand(std::string_view text, Dialect dialect) {
  return in_dialect(quantity(text), dialect);
}

OutputRequest result_called(std::string_view name) {
  std::string result = to_lower(name);
  if (result == "onoise" || result == "inoise") result += "_spectrum";
  return {.kind = Kind::kResult, .first = result, .label = result};
}

std::string_view take_operand(Line& line) {
  const Token first = line.expect_word("an output");
  if (!line.accept('(')) return first.text;
  while (!line.done() && !line.peek().is(')')) line.take();
  const Token last = line.peek();
  line.expect(')');
  return {first.text.data(),
          static_cast<std::size_t>(last.text.data() + last.text.size() - first.text.data())};
}

namespace {

// What stands for a quantity that is not one of the circuit: the place of a point, or a result.
std::optional<OutputRequest> find_result(std::string_view name, const Scope& scope) {
  const std::vector<std::string>& results = scope.elaborator().results;
  if (std::find(results.begin(), results.end(), name) != results.end()) return result_called(name);
  if (scope.parameter(name)) return std::nullopt;
  if (name == "time") return result_called("time");
  if (name == "freq" || name == "frequency" || name == "hertz") {
    return result_called("frequency");
  }
  return std::nullopt;
}

}  // namespace

OutputExpression read_output_expression(const Token& token, const Scope& scope,
                                        std::span<const std::string> measures) {
  using expression::Instruction;
  expression::Language language = scope.language();
  language.is_quantity = is_output_function;
  const expression::Program program = expression::parse(token.text, language);
  OutputExpression result;
  std::vector<std::string> variables;
  const auto add = [&](std::string variable, OutputRequest operand) {
    if (std::find(variables.begin(), variables.end(), variable) != variables.end()) return;
    if (operand.has_wildcard()) {
      throw Fault{token.text.data(), "an expression takes no wildcards"};
    }
    variables.push_back(std::move(variable));
    result.operands.push_back(std::move(operand));
  };
  std::vector<std::string> used;
  for (const Instruction& instruction : program.code) {
    std::string text = to_lower(instruction.text);
    if (instruction.kind == Instruction::Kind::kQuantity) {
      OutputRequest operand = read_operand(instruction.text, scope.dialect());
      operand.where = scope.sources().locate(instruction.text.data());
      add(std::move(text), std::move(operand));
    } else if (instruction.kind == Instruction::Kind::kName) {
      const auto measure = std::find(measures.begin(), measures.end(), text);
      if (measure != measures.end()) {
        used.push_back(std::move(text));
        result.measures.push_back(static_cast<std::int32_t>(measure - measures.begin()));
      } else if (auto operand = find_result(text, scope)) {
        operand->where = scope.sources().locate(instruction.text.data());
        add(std::move(text), *std::move(operand));
      }
    }
  }
  result.plain = program.code.size() == 1 && result.operands.size() == 1;
  variables.insert(variables.end(), used.begin(), used.end());
  result.function = scope.function(program, variables);
  return result;
}

}  // namespace wordline
