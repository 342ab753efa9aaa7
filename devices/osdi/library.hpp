// Libraries of compiled Verilog-A models: shared objects with the interface OSDI 0.3 or 0.4.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "wordline/devices/osdi/module.hpp"

namespace wordline::osdi {

struct Library {
  std::vector<std::shared_ptr<const Module>> modules;  // at least one
  std::vector<std::string> warnings;
};

// Loads a library, which runs its code. It stays in memory as long as one of its modules does.
// Throws Error naming the file where it is no shared object, has another interface, or describes a
// module that cannot be.
Library load_library(const std::filesystem::path& file);

}  // namespace wordline::osdi
