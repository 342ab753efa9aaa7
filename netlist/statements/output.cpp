// .print, .plot, .save and .probe: which signals are kept.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/index_range.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

void add(const Scope& scope, OutputRequest request) {
  if (has_colon_paths(scope.dialect())) {
    for (std::string* const name : {&request.first, &request.second}) {
      std::replace(name->begin(), name->end(), ':', '.');
    }
  }
  scope.circuit().outputs.push_back(std::move(request));
}

// The analysis a list belongs to, where it is named.
std::string accept_analysis(Line& line) {
  for (const std::string_view analysis : {"tran", "dc", "op", "ac", "noise"}) {
    if (line.accept_word(analysis)) return std::string(analysis);
  }
  return {};
}

// v(a), v(a,b) or i(device); the cursor stands after the letter.
OutputRequest read_function(Line& line, const Token& letter) {
  OutputRequest request;
  const bool is_voltage = equal_ignoring_case(letter.text, "v");
  if (!is_voltage && !equal_ignoring_case(letter.text, "i")) {
    fail(letter, fmt::format("'{}(...)' is not supported as an output", letter.text),
         "there are v(node), v(node,node), i(device) and @device[parameter]");
  }
  request.kind = is_voltage ? OutputRequest::Kind::kNodeVoltage : OutputRequest::Kind::kCurrent;
  line.expect('(');
  request.first = to_lower(line.expect_word(is_voltage ? "a node" : "a device").text);
  if (is_voltage && line.accept(',')) request.second = to_lower(line.expect_word("a node").text);
  line.expect(')');
  request.label = request.second.empty()
                      ? fmt::format("{}({})", is_voltage ? 'v' : 'i', request.first)
                      : fmt::format("v({},{})", request.first, request.second);
  return request;
}

// @device[parameter]
OutputRequest device_parameter(const Token& token) {
  const std::string text = to_lower(token.text);
  const std::size_t open = text.rfind('[');
  if (open == std::string::npos || open < 2 || text.back() != ']' || open + 2 >= text.size()) {
    fail(token, fmt::format("'{}' is not of the form @device[parameter]", token.text));
  }
  return {.kind = OutputRequest::Kind::kDeviceParameter,
          .first = text.substr(1, open - 1),
          .second = text.substr(open + 1, text.size() - open - 2),
          .label = text,
          .analysis = {},
          .where = {}};
}

// Every node and every current that is an unknown of the circuit. What lies inside arrays is not
// meant: there is too much of it.
std::vector<OutputRequest> everything(const Circuit& circuit) {
  std::vector<OutputRequest> requests;
  const auto request = [&](OutputRequest::Kind kind, char letter, const std::string& name) {
    requests.push_back({.kind = kind,
                        .first = name,
                        .second = {},
                        .label = fmt::format("{}({})", letter, name),
                        .analysis = {},
                        .where = {}});
  };
  for (const std::string& node : circuit.nodes.stored()) {
    if (node != "0") request(OutputRequest::Kind::kNodeVoltage, 'v', node);
  }
  for (const NameTable* names : {&circuit.voltage_sources.names, &circuit.vcvs.names,
                                 &circuit.ccvs.names, &circuit.inductors.names}) {
    for (const std::string& name : names->stored()) {
      request(OutputRequest::Kind::kCurrent, 'i', name);
    }
  }
  return requests;
}

std::vector<OutputRequest> read_requests(Line& line, const Circuit& circuit) {
  if (line.accept_word("all")) return everything(circuit);
  const Token token = line.expect_word("an output");
  if (token.text.front() == '@') return {device_parameter(token)};
  if (line.peek().is('(')) return {read_function(line, token)};
  const std::string node = to_lower(token.text);
  return {{.kind = OutputRequest::Kind::kNodeVoltage,
           .first = node,
           .second = {},
           .label = fmt::format("v({})", node),
           .analysis = {},
           .where = {}}};
}

// A request with ranges stands for one request an index.
std::vector<OutputRequest> expand(const OutputRequest& request, const Token& where,
                                  const Scope& scope) {
  try {
    const std::vector<std::string> labels = expand_ranges(request.label, scope);
    const std::vector<std::string> firsts = expand_ranges(request.first, scope);
    const std::vector<std::string> seconds = expand_ranges(request.second, scope);
    std::vector<OutputRequest> requests(labels.size(), request);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      requests[k].label = labels[k];
      requests[k].first = firsts[std::min(k, firsts.size() - 1)];
      requests[k].second = seconds[std::min(k, seconds.size() - 1)];
    }
    return requests;
  } catch (const Fault& fault) {
    fail(where, fault.message, fault.hint);
  }
}

}  // namespace

void read_output_list(Line& line, Scope& scope, const std::string& analysis) {
  do {
    const Token where = line.peek();
    for (OutputRequest& request : read_requests(line, scope.circuit())) {
      request.analysis = analysis;
      request.where = scope.sources().locate(where.text.data());
      for (OutputRequest& one : expand(request, where, scope)) add(scope, std::move(one));
    }
    line.accept(',');
  } while (!line.done());
}

void read_output(Line& line, Scope& scope) {
  const std::string analysis = accept_analysis(line);
  read_output_list(line, scope, analysis);
}

}  // namespace wordline
