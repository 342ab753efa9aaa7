#include "wordline/engine/probes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wordline {

namespace {

Diagnostic unknown_name(const OutputRequest& request, const std::string& what,
                        const std::string& name, const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  return {Severity::kError, request.where, fmt::format("there is no {} '{}'", what, name),
          near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

Probes::Probes(const System& system, std::span<const OutputRequest> requests,
               std::string_view analysis) {
  std::vector<Diagnostic> diagnostics;
  for (const OutputRequest& request : requests) {
    if (!request.analysis.empty() && request.analysis != analysis) continue;
    const bool known = std::any_of(signals_.begin(), signals_.end(), [&](const Signal& signal) {
      return signal.name == request.label;
    });
    if (!known) add(system, request, diagnostics);
  }
  if (!diagnostics.empty()) throw NetlistError(std::move(diagnostics));
  if (signals_.empty()) add_defaults(system);
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
  }
}

void Probes::add_device(const System& system, const OutputRequest& request,
                        std::string_view quantity, std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> known;
  for (const auto& group : system.groups()) {
    const auto element = group->names().find(request.first);
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

void Probes::add_defaults(const System& system) {
  const NameTable& nodes = system.circuit().nodes;
  for (const std::string& name : nodes.stored()) {
    const NodeId node = *nodes.find(name);
    if (node == 0) continue;
    signals_.push_back({fmt::format("v({})", name), "voltage", "V"});
    probes_.push_back({.plus = node, .minus = 0});
  }
  for (const auto& group : system.groups()) {
    for (NameTable::Id k = 0; k < group->names().size(); ++k) {
      const auto branch = group->branch(static_cast<std::size_t>(k));
      if (!branch) continue;
      signals_.push_back({fmt::format("i({})", group->names()[k]), "current", "A"});
      probes_.push_back({.plus = *branch, .minus = 0});
    }
  }
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
  const std::string_view name = probe.group->quantities()[probe.quantity].name;
  if (name != "i") return probe.at_rest;
  if (const auto branch = probe.group->branch(probe.element)) return point.voltage(*branch, 0);
  if (const auto phasor = probe.group->current_phasor(point, probe.element)) return *phasor;
  throw Error("the small-signal current of '" +
              probe.group->names()[static_cast<NameTable::Id>(probe.element)] +
              "' is not known; put a voltage source of 0 V in series and ask for its current");
}

}  // namespace wordline
