#include "wordline/devices/osdi/module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline::osdi {

namespace {

// No model comes near it; a descriptor of another layout may seem to.
constexpr std::uint32_t kMost = 1'000'000;

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

}  // namespace

Module::Module(const OsdiDescriptor& descriptor, std::uint32_t minor, std::shared_ptr<void> library)
    : descriptor_(descriptor), minor_(minor), library_(std::move(library)) {
  if (descriptor.name == nullptr || *descriptor.name == '\0') throw Error("a module has no name");
  name_ = to_lower(descriptor.name);
  try {
    check_counts();
    check_functions();
    check_nodes();
    check_memory();
    describe_parameters();
  } catch (const Error& error) {
    throw Error(fmt::format("module '{}': {}", name_, error.what()));
  }
}

const Parameter* Module::find(std::string_view parameter) const {
  const auto found =
      std::find_if(parameters_.begin(), parameters_.end(), [parameter](const Parameter& p) {
        return std::find(p.names.begin(), p.names.end(), parameter) != p.names.end();
      });
  return found == parameters_.end() ? nullptr : &*found;
}

const Parameter& Module::parameter(std::uint32_t id) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [id](const Parameter& p) { return p.id == id; });
  if (found == parameters_.end()) {
    throw Error(fmt::format("module '{}' has no parameter number {}", name_, id));
  }
  return *found;
}

void Module::check_counts() const {
  const OsdiDescriptor& d = descriptor_;
  struct Table {
    const char* what;
    std::uint32_t count;
    const void* rows;
  };
  const std::array<Table, 5> tables = {
      {{"nodes", d.num_nodes, d.nodes},
       {"Jacobian entries", d.num_jacobian_entries, d.jacobian_entries},
       {"collapsible pairs", d.num_collapsible, d.collapsible},
       {"noise sources", d.num_noise_sources, d.noise_sources},
       {"parameters", std::max(d.num_parameters, d.num_outputs), d.parameters}}};
  for (const Table& table : tables) {
    if (table.count > kMost) {
      throw Error(fmt::format("{} {} are too many to be true", table.count, table.what));
    }
    if (table.count > 0 && table.rows == nullptr) {
      throw Error(fmt::format("its {} {} are missing", table.count, table.what));
    }
  }
  if (d.num_terminals < 1 || d.num_terminals > d.num_nodes) {
    throw Error(fmt::format("{} terminals of {} nodes", d.num_terminals, d.num_nodes));
  }
}

void Module::check_functions() const {
  const OsdiDescriptor& d = descriptor_;
  const std::array<std::pair<const char*, bool>, 11> functions = {
      {{"access", d.access != nullptr},
       {"setup_model", d.setup_model != nullptr},
       {"setup_instance", d.setup_instance != nullptr},
       {"eval", d.eval != nullptr},
       {"load_residual_resist", d.load_residual_resistive != nullptr},
       {"load_residual_react", d.load_residual_reactive != nullptr},
       {"load_limit_rhs_resist", d.load_limit_resistive != nullptr},
       {"load_limit_rhs_react", d.load_limit_reactive != nullptr},
       {"load_jacobian_resist", d.load_jacobian_resistive != nullptr},
       {"load_jacobian_tran", d.load_jacobian_transient != nullptr},
       {"load_noise", d.load_noise != nullptr || d.num_noise_sources == 0}}};
  for (const auto& [name, exists] : functions) {
    if (!exists) throw Error(fmt::format("its function {} is missing", name));
  }
}

void Module::check_nodes() const {
  const std::uint32_t count = descriptor_.num_nodes;
  const auto check = [count](const char* what, std::uint32_t node) {
    if (node >= count) throw Error(fmt::format("{} names node {} of {}", what, node, count));
  };
  for (const OsdiNode& node : nodes()) {
    if (node.name == nullptr) throw Error("a node has no name");
  }
  for (const OsdiJacobianEntry& entry : jacobian_entries()) {
    check("a Jacobian entry", entry.at.first);
    check("a Jacobian entry", entry.at.second);
  }
  for (const OsdiNodePair& pair : collapsible()) {
    check("a collapsible pair", pair.first);
    if (pair.second != OSDI_NONE) check("a collapsible pair", pair.second);
  }
  for (const OsdiNoiseSource& source : noise_sources()) {
    check("a noise source", source.nodes.first);
    if (source.nodes.second != OSDI_NONE) check("a noise source", source.nodes.second);
  }
}

// What the simulator writes lies inside the instance.
void Module::check_memory() const {
  const OsdiDescriptor& d = descriptor_;
  const auto check = [&](const char* what, std::uint64_t offset, std::uint64_t size) {
    if (size == 0 || offset + size <= d.instance_size) return;
    throw Error(fmt::format("its {} would end at byte {} of an instance of {}", what, offset + size,
                            d.instance_size));
  };
  check("node numbers", d.node_mapping_offset, sizeof(std::uint32_t) * std::uint64_t{d.num_nodes});
  check("Jacobian pointers", d.resistive_jacobian_offset,
        sizeof(double*) * std::uint64_t{d.num_jacobian_entries});
  check("state numbers", d.state_index_offset, sizeof(std::uint32_t) * std::uint64_t{d.num_states});
  check("marks of collapsed nodes", d.collapsed_offset,
        sizeof(bool) * std::uint64_t{d.num_collapsible});
  if (d.bound_step_offset != OSDI_NONE) check("longest step", d.bound_step_offset, sizeof(double));
  for (const OsdiJacobianEntry& entry : jacobian_entries()) {
    if (entry.reactive_ptr_offset == OSDI_NONE) continue;
    check("Jacobian pointers", entry.reactive_ptr_offset, sizeof(double*));
  }
}

void Module::describe_parameters() {
  const std::uint32_t count = descriptor_.num_parameters + descriptor_.num_outputs;
  for (std::uint32_t id = 0; id < count; ++id) {
    const OsdiParameter& p = descriptor_.parameters[id];
    if (p.names == nullptr || p.num_aliases > kMost) throw Error("a parameter has no name");
    Parameter parameter{.id = id,
                        .names = {},
                        .type = Type::kReal,
                        .of_instance = (p.flags & OSDI_KIND_MASK) == OSDI_KIND_INSTANCE,
                        .is_array = p.length > 0,
                        .unit = text_or_empty(p.units)};
    for (std::uint32_t k = 0; k <= p.num_aliases; ++k) {
      if (p.names[k] == nullptr) throw Error("a parameter has no name");
      parameter.names.push_back(to_lower(p.names[k]));
    }
    const std::uint32_t type = p.flags & OSDI_TYPE_MASK;
    if (type > OSDI_TYPE_STRING) {
      throw Error(
          fmt::format("its parameter '{}' is of the unknown type {}", parameter.names[0], type));
    }
    parameter.type = static_cast<Type>(type);
    const bool is_output = (p.flags & OSDI_KIND_MASK) == OSDI_KIND_OUTPUT;
    (is_output ? outputs_ : parameters_).push_back(std::move(parameter));
  }
}

}  // namespace wordline::osdi
