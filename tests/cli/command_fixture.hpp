// Runs the built `wordline` in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "shell.hpp"

namespace wordline::testing {

// An RC low-pass: 1 kohm, 1 nF, tau = 1 us, driven by a step from 0 to 1 V at 1 us.
inline constexpr const char* kRcDeck =
    "rc low-pass\n"
    "v1 a 0 pulse(0 1 1u 1n 1n 1 2)\n"
    "r1 a b 1k\n"
    "c1 b 0 1n\n";

class WordlineCommand : public ::testing::Test {
 protected:
  // "$WORDLINE" in `command` is the built program.
  ShellResult shell(const std::string& command) {
    const char* build = std::getenv("WORDLINE_BUILD_ROOT");
    if (build == nullptr) throw std::runtime_error("run the tests through meson test");
    return testing::shell(folder_,
                          "WORDLINE='" + std::string(build) + "/cli/wordline'; " + command);
  }

  ShellResult wordline(const std::string& arguments) { return shell("\"$WORDLINE\" " + arguments); }

  void write(const std::string& name, const std::string& text) { write_text(folder_ / name, text); }
  void write_rc(const std::string& analyses) { write("rc.cir", kRcDeck + analyses + "\n.end\n"); }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  TemporaryFolder folder_;
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace wordline::testing
