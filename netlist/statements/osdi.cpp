// .osdi "file": loads a library of compiled Verilog-A models.
#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/error.hpp"
#include "wordline/devices/osdi/library.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

void add_module(std::shared_ptr<const osdi::Module> module, const Token& file, Scope& scope) {
  const std::span<const ModelType> own = model_types();
  if (std::any_of(own.begin(), own.end(),
                  [&](const ModelType& type) { return type.kind == module->name(); })) {
    scope.warn(file,
               fmt::format("its module '{}' cannot be used: the name is that of a kind of model",
                           module->name()));
    return;
  }
  auto& modules = scope.circuit().modules;
  const auto same = std::find_if(modules.begin(), modules.end(), [&](const auto& other) {
    return other->name() == module->name();
  });
  if (same == modules.end()) {
    modules.push_back(std::move(module));
  } else if (&(*same)->descriptor() != &module->descriptor()) {  // not the same file again
    fail(file, fmt::format("there is already a module '{}' of another library", module->name()));
  }
}

}  // namespace

void read_osdi(Line& line, Scope& scope) {
  const Token file = line.expect_expression("a file name");
  line.expect_end();
  osdi::Library library;
  try {
    const std::filesystem::path path = require_file(file, scope.sources());
    library = osdi::load_library(path);
    scope.sources().add_file(path);
  } catch (const Error& error) {
    fail(file, error.what());
  }
  for (const std::string& warning : library.warnings) scope.warn(file, warning);
  for (auto& module : library.modules) add_module(std::move(module), file, scope);
}

}  // namespace wordline
