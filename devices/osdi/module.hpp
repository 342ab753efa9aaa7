// A compiled Verilog-A module: what its library says of it, checked, and found by name.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wordline/devices/osdi/abi.h"

namespace wordline::osdi {

enum class Type { kReal, kInteger, kString };

// A parameter, or an output: a variable of the operating point.
struct Parameter {
  std::uint32_t id;                // its place in the descriptor
  std::vector<std::string> names;  // lower case; its own, then aliases
  Type type;
  bool of_instance;  // whether instances may set it; models may set all
  bool is_array;
  std::string unit;
};

using Value = std::variant<double, std::int32_t, std::string>;

// A parameter that was given a value, of the parameter's type.
struct Setting {
  std::uint32_t parameter;  // Parameter::id
  Value value;

  bool operator==(const Setting&) const = default;
};

class Module {
 public:
  // `library` keeps the code in memory; `minor` is the minor version of its interface, 3 or 4.
  // Throws Error saying what is wrong with the descriptor.
  Module(const OsdiDescriptor& descriptor, std::uint32_t minor, std::shared_ptr<void> library);

  const std::string& name() const { return name_; }  // lower case
  const OsdiDescriptor& descriptor() const { return descriptor_; }
  std::uint32_t minor() const { return minor_; }
  std::span<const OsdiNode> nodes() const {
    return {descriptor_.nodes, descriptor_.num_nodes};  // terminals first
  }
  std::span<const OsdiJacobianEntry> jacobian_entries() const {
    return {descriptor_.jacobian_entries, descriptor_.num_jacobian_entries};
  }
  std::span<const OsdiNodePair> collapsible() const {
    return {descriptor_.collapsible, descriptor_.num_collapsible};
  }
  std::span<const OsdiNoiseSource> noise_sources() const {
    return {descriptor_.noise_sources, descriptor_.num_noise_sources};
  }
  std::span<const Parameter> parameters() const { return parameters_; }
  std::span<const Parameter> outputs() const { return outputs_; }

  // By name or alias, lower case; null if there is none.
  const Parameter* find(std::string_view parameter) const;
  const Parameter& parameter(std::uint32_t id) const;

 private:
  void check_counts() const;
  void check_functions() const;
  void check_nodes() const;
  void check_memory() const;
  void describe_parameters();

  const OsdiDescriptor& descriptor_;
  std::uint32_t minor_;
  std::shared_ptr<void> library_;
  std::string name_;
  std::vector<Parameter> parameters_, outputs_;
};

}  // namespace wordline::osdi
