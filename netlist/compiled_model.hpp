// Models and parameters of compiled Verilog-A modules, as the netlist gives them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/devices/osdi/device.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// Parameters as they were given, with the places of their values.
class CompiledSettings {
 public:
  // Of a model, or of one of its instances.
  CompiledSettings(const osdi::Module& module, bool of_instance, const Scope& scope)
      : module_(module), of_instance_(of_instance), scope_(scope) {}

  // Throws Fault where the value is not of the parameter's type or the parameter not settable here.
  void add(const osdi::Parameter& parameter, const Token& name, const Token& value);
  void add(const osdi::Parameter& parameter, const Token& value, osdi::Value converted);
  // An assignment to a parameter found by name; throws Fault with a suggestion if there is none.
  void add(const Assignment& assignment);
  // Reports the faults of a setup, each at the value to blame, else at `owner`; throws Fault if
  // there are any.
  void report(const std::vector<osdi::SetupFault>& faults, const Token& owner) const;

  const std::vector<osdi::Setting>& settings() const { return settings_; }

 private:
  const osdi::Module& module_;
  bool of_instance_;
  const Scope& scope_;
  std::vector<osdi::Setting> settings_;
  std::vector<Token> values_;  // of each setting
};

// The loaded module that a `.model` line is of; null where the line is of another kind.
std::shared_ptr<const osdi::Module> find_module(std::string_view text, const Circuit& circuit);

// Reads `.model name module (parameter=value ...)` and lets the module check it. Throws Fault.
CompiledModel read_compiled_model(std::string_view text, const Scope& scope);

// Messages of a module that is being set up become warnings at `where`.
osdi::Log warn_at(const Token& where, const Scope& scope);

// What models see of the options.
osdi::Surroundings surroundings(const Options& options);

}  // namespace wordline
