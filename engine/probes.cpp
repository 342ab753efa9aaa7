#include "wordline/engine/probes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_set>

namespace wordline {

namespace {

Diagnostic unknown_name(const OutputRequest& request, const std::string& what,
                        const std::string& name, const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  return {Severity::kError, request.where, fmt::format("there is no {} '{}'", what, name),
          near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
}

// ngspice calls m1 of the instance x1 m.x1.m1. No path begins like that here, but with x.
std::string_view without_letter(std::string_view name) {
  return name.size() > 2 && name[1] == '.' && name[0] != 'x' ? name.substr(2) : name;
}

}  // namespace

Probes::Probes(const System& system, std::span<const OutputRequest> requests,
               std::string_view analysis) {
  std::vector<Diagnostic> diagnostics;
  std::unordered_set<std::string_view> known;
  for (const OutputRequest& request : requests) {
    if (!request.analysis.empty() && request.analysis != analysis) continue;
    if (known.insert(request.label).second) add(system, request, diagnostics);
  }
  if (!diagnostics.empty()) throw NetlistError(std::move(diagnostics));
}

void Probes::add(const System& system, const OutputRequest& request,
                 std::vector<Diagnostic>& diagnostics) {
  switch (request.kind) {
    case OutputRequest::Kind::kNodeVoltage: {
      const NameTable& nodes = system.circuit().nodes;
      const auto plus = nodes.find(request.first);
      const auto minus =
          request.second.empty() ? std::optional<NodeId>(0) : nodes.find(request.second);
      if (!plus || !minus) {
        diagnostics.push_back(
            unknown_name(request, "node", plus ? request.second : request.first, nodes.stored()));
        return;
      }
      signals_.push_back({request.label, "voltage", "V"});
      probes_.push_back({.plus = *plus, .minus = *minus});
      return;
    }
    case OutputRequest::Kind::kCurrent:
      add_device(system, request, "i", diagnostics);
      return;
    case OutputRequest::Kind::kDeviceParameter:
      add_device(system, request, request.second, diagnostics);
      return;
    case OutputRequest::Kind::kResult:
    case OutputRequest::Kind::kExpression:
      break;
  }
  throw std::logic_error("not a quantity of the circuit: " + request.label);
}

void Probes::add_device(const System& system, const OutputRequest& request,
                        std::string_view quantity, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> known;
  for (const auto& group : system.groups()) {
    const auto element = group->names().find(without_letter(request.first));
    if (!element) {
      const std::vector<std::string> names = group->names().stored();
      known.insert(known.end(), names.begin(), names.end());
      continue;
    }
    const std::span<const Quantity> quantities = group->quantities();
    const auto found = std::find_if(quantities.begin(), quantities.end(),
                                    [&](const Quantity& q) { return q.name == quantity; });
    if (found == quantities.end()) {
      std::vector<std::string_view> names;
      for (const Quantity& q : quantities) names.push_back(q.name);
      diagnostics.push_back({Severity::kError, request.where,
                             fmt::format("'{}' has no quantity '{}'", request.first, quantity),
                             fmt::format("it has: {}", fmt::join(names, ", "))});
      return;
    }
    signals_.push_back({request.label, std::string(found->type), std::string(found->unit)});
    probes_.push_back({.group = group.get(),
                       .element = static_cast<std::size_t>(*element),
                       .quantity = static_cast<std::size_t>(found - quantities.begin())});
    return;
  }
  diagnostics.push_back(unknown_name(request, "element", request.first, known));
}

std::vector<OutputRequest> default_requests(const System& system) {
  std::vector<OutputRequest> requests;
  for (const std::string& name : system.circuit().nodes.stored()) {
    if (name != "0") requests.push_back({.first = name, .label = fmt::format("v({})", name)});
  }
  for (const auto& group : system.groups()) {
    for (NameTable::Id k = 0; k < group->names().size(); ++k) {
      if (!group->branch(static_cast<std::size_t>(k))) continue;
      const std::string name = group->names()[k];
      requests.push_back({.kind = OutputRequest::Kind::kCurrent,
                          .first = name,
                          .label = fmt::format("i({})", name)});
    }
  }
  return requests;
}

void Probes::read(const Evaluation& e, std::vector<double>& values) const {
  for (const Probe& probe : probes_) {
    values.push_back(probe.group == nullptr
                         ? e.voltage(probe.plus, probe.minus)
                         : probe.group->quantity(e, probe.element, probe.quantity));
  }
}

void Probes::keep_operating_point(const Evaluation& e) {
  for (Probe& probe : probes_) {
    if (probe.group != nullptr) {
      probe.at_rest = probe.group->quantity(e, probe.element, probe.quantity);
    }
  }
}

void Probes::read(const SmallSignalPoint& point, std::vector<std::complex<double>>& values) const {
  for (const Probe& probe : probes_) {
    values.push_back(probe.group == nullptr ? point.voltage(probe.plus, probe.minus)
                                            : phasor(point, probe));
  }
}

std::complex<double> Probes::phasor(const SmallSignalPoint& point, const Probe& probe) {
  const Quantity& quantity = probe.group->quantities()[probe.quantity];
  if (quantity.type != "current") return probe.at_rest;
  if (const auto branch = probe.group->branch(probe.element)) return point.voltage(*branch, 0);
  const auto phasor = probe.group->current_phasor(point, probe.element, quantity.name);
  return phasor.value_or(probe.at_rest);
}

}  // namespace wordline
