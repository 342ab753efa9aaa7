// Where the models of these tests are, built from the C files beside this one.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace wordline::testing {

// "junction_4": the one of interface 0.4.
inline std::filesystem::path model_library(const std::string& name) {
  const char* const build = std::getenv("WORDLINE_BUILD_ROOT");
  if (build == nullptr) throw std::runtime_error("run the tests through meson test");
  return std::filesystem::path(build) / "tests" / "osdi" / (name + ".osdi");
}

// The statement that loads it.
inline std::string load_line(const std::string& name) {
  return ".osdi \"" + model_library(name).string() + "\"\n";
}

}  // namespace wordline::testing
