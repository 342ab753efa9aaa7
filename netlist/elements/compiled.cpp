// N: an instance of a compiled Verilog-A module.
#include <fmt/format.h>

#include "wordline/base/units.hpp"
#include "wordline/netlist/compiled_model.hpp"
#include "wordline/netlist/elements/elements.hpp"

namespace wordline {

namespace {

// The parameter that puts instances in parallel, as the language defines it; null if there is none.
const osdi::Parameter* find_multiplicity(const osdi::Module& module) {
  for (const char* name : {"$mfactor", "m"}) {
    const osdi::Parameter* const found = module.find(name);
    if (found != nullptr && found->of_instance && found->type == osdi::Type::kReal) return found;
  }
  return nullptr;
}

std::vector<NodeId> connect(const std::vector<Token>& nodes, const osdi::Module& module,
                            const Scope& scope) {
  const std::size_t terminals = module.descriptor().num_terminals;
  if (nodes.size() > terminals) {
    fail(nodes[terminals], fmt::format("module '{}' has {} terminal{}, not {}", module.name(),
                                       terminals, terminals == 1 ? "" : "s", nodes.size()));
  }
  std::vector<NodeId> ids;
  ids.reserve(nodes.size());
  for (const Token& node : nodes) ids.push_back(scope.node(node));
  return ids;
}

// Reads what is no parameter of the module but of every instance; false if it is none of these.
bool read_common(const Assignment& assignment, const osdi::Module& module, CompiledDevice& device,
                 double& multiplicity, const Scope& scope) {
  const std::string name = to_lower(assignment.name.text);
  const osdi::Parameter* const own = module.find(name);
  if (own != nullptr && own != find_multiplicity(module)) return false;
  if (own != nullptr || name == "m") {
    multiplicity *= read_multiplicity(assignment.value, scope);
  } else if (name == "temp") {
    device.temperature = scope.value(assignment.value);
  } else if (name == "dtemp" || name == "dt") {
    device.warmer_by = scope.value(assignment.value);
  } else {
    return false;
  }
  return true;
}

double kelvin(const CompiledDevice& device, const Token& name, const Scope& scope) {
  const double circuit = scope.circuit().options.temperature;
  const double value = device.temperature.value_or(circuit) + device.warmer_by + kZeroCelsius;
  if (value <= 0) fail(name, fmt::format("{} K is below absolute zero", value));
  return value;
}

}  // namespace

void read_compiled_device(Line& line, Scope& scope) {
  const Token name = line.head();
  std::vector<Token> words;
  while (!line.done() && !line.at_assignment()) {
    words.push_back(line.expect_word("a node or a model"));
  }
  if (words.size() < 2) fail(line.peek(), "nodes and a model are expected here");
  const Token model_name = words.back();
  words.pop_back();
  CompiledDevice device{};
  device.model = scope.compiled_model(find_bin(model_name, line, scope));
  const CompiledModel& card =
      scope.circuit().compiled_models[static_cast<std::size_t>(device.model)];
  const osdi::Module& module = *card.module;
  device.nodes = connect(words, module, scope);

  CompiledSettings given(module, true, scope);
  double multiplicity = scope.multiplicity();
  while (const auto assignment = line.accept_assignment()) {
    if (!read_common(*assignment, module, device, multiplicity, scope)) given.add(*assignment);
  }
  line.expect_end();
  if (multiplicity != 1) {
    const osdi::Parameter* const parameter = find_multiplicity(module);
    if (parameter == nullptr) {
      fail(name, fmt::format("module '{}' has no parameter for devices in parallel ($mfactor)",
                             module.name()));
    }
    given.add(*parameter, name, multiplicity);
  }
  const osdi::Surroundings options = surroundings(scope.circuit().options);
  osdi::Model model(card.module, card.settings, {});
  model.setup(options);
  osdi::Instance instance(model, given.settings(), static_cast<std::uint32_t>(words.size()),
                          warn_at(name, scope));
  given.report(instance.setup(kelvin(device, name, scope), options), name);
  device.settings = given.settings();
  add_element(scope.circuit().compiled_devices, name, scope, std::move(device));
}

}  // namespace wordline
