#include "wordline/engine/wildcards.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wordline {

namespace {

void replace(std::string& text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
}

// Whether a pattern names an array whose inside it means.
bool looks_inside(const std::string& pattern, const Circuit& circuit) {
  return std::any_of(circuit.crossbars.begin(), circuit.crossbars.end(),
                     [&](const Crossbar& xb) { return pattern.starts_with(xb.name + '.'); });
}

OutputRequest renamed(const OutputRequest& pattern, const std::string& name) {
  OutputRequest request = pattern;
  request.first = name;
  replace(request.label, pattern.first, name);
  return request;
}

void add_voltages(const OutputRequest& pattern, const Circuit& circuit, bool inside,
                  const System& system, std::vector<OutputRequest>& requests) {
  if (pattern.second.find_first_of("*?") != std::string::npos) return;
  const NameTable& nodes = inside ? system.circuit().nodes : circuit.nodes;
  for (const std::string& name : nodes.matching(pattern.first, inside)) {
    if (name != "0") requests.push_back(renamed(pattern, name));
  }
}

void add_quantities(const OutputRequest& pattern, const ElementGroup& group, bool inside,
                    std::vector<OutputRequest>& requests) {
  NameTable quantities;
  for (const Quantity& quantity : group.quantities()) quantities.intern(quantity.name);
  const bool is_current = pattern.kind == OutputRequest::Kind::kCurrent;
  const std::vector<std::string> wanted =
      quantities.matching(is_current ? "i" : pattern.second, false);
  if (wanted.empty()) return;
  for (const std::string& name : group.names().matching(pattern.first, inside)) {
    for (const std::string& quantity : wanted) {
      OutputRequest request = renamed(pattern, name);
      if (!is_current && quantity != pattern.second) {
        replace(request.label, pattern.second, quantity);
        request.second = quantity;
      }
      requests.push_back(std::move(request));
    }
  }
}

}  // namespace

std::vector<OutputRequest> expand_wildcards(const OutputRequest& request, const System& system,
                                            const Circuit& circuit) {
  if (!request.has_wildcard()) return {request};
  std::vector<OutputRequest> requests;
  const bool inside = looks_inside(request.first, circuit);
  if (request.kind == OutputRequest::Kind::kNodeVoltage) {
    add_voltages(request, circuit, inside, system, requests);
  } else {
    for (const auto& group : system.groups()) add_quantities(request, *group, inside, requests);
  }
  if (!requests.empty()) return requests;
  throw NetlistError(
      {Severity::kError, request.where, fmt::format("nothing matches '{}'", request.label), ""});
}

}  // namespace wordline
