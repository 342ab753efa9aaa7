// The library as others see it: installed into a folder, found through pkg-config, used by the
// programs of examples/api.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include "shell.hpp"

namespace wordline::testing {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

fs::path source_root() { return environment("WORDLINE_SOURCE_ROOT"); }

// The indented lines of a page from the one that begins with `first` to the one that is `last`.
std::string snippet(const std::string& page, const std::string& first, const std::string& last) {
  const std::string indent = "    ";
  std::istringstream lines(page);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (text.empty() && !line.starts_with(indent + first)) continue;
    text += line.substr(std::min(line.size(), indent.size())) + "\n";
    if (line == indent + last) return text;
  }
  return "";
}

class InstalledLibrary : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    const ShellResult install =
        shell(*folder, fmt::format("meson install -C '{}' --no-rebuild --destdir '{}'",
                                   environment("WORDLINE_BUILD_ROOT"), folder->path().string()));
    ASSERT_EQ(install.exit_code, 0) << install.out << install.err;
    for (const auto& entry : fs::recursive_directory_iterator(folder->path())) {
      if (entry.path().filename() == "wordline.pc") pkgconfig = entry.path().parent_path();
      if (entry.path().filename() == "libwordline.so") library = entry.path();
      if (entry.path().filename() == "include") include_folder = entry.path();
    }
    ASSERT_FALSE(pkgconfig.empty());
    ASSERT_FALSE(library.empty());
    ASSERT_FALSE(include_folder.empty());
  }

  static void TearDownTestSuite() { folder.reset(); }

  static std::string flags(const std::string& which) {
    const ShellResult asked = shell(
        *folder,
        fmt::format("PKG_CONFIG_PATH='{}' pkg-config {} wordline", pkgconfig.string(), which));
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    return asked.out.substr(0, asked.out.find('\n'));
  }

  // Builds a program and runs it.
  static ShellResult build_and_run(const fs::path& source, const std::string& arguments = "") {
    const ShellResult build =
        shell(*folder, fmt::format("c++ -std=c++20 -Wall -Wextra -Werror '{}' -o program {}",
                                   source.string(), flags("--cflags --libs")));
    EXPECT_EQ(build.exit_code, 0) << build.err;
    return shell(*folder, fmt::format("LD_LIBRARY_PATH='{}' ./program {}",
                                      library.parent_path().string(), arguments));
  }

  static ShellResult run_example(const std::string& name, const std::string& arguments = "") {
    return build_and_run(source_root() / "examples" / "api" / (name + ".cpp"), arguments);
  }

  static inline std::unique_ptr<TemporaryFolder> folder;
  static inline fs::path pkgconfig, library, include_folder;
};

TEST_F(InstalledLibrary, KeepsItsHeadersInAFolderOfItsOwn) {
  for (const auto& entry : fs::directory_iterator(include_folder)) {
    EXPECT_EQ(entry.path().filename(), "wordline");
  }
}

TEST_F(InstalledLibrary, HasHeadersThatCompileAlone) {
  const ShellResult compiled = shell(
      *folder,
      fmt::format("cd '{}' && find wordline -name '*.hpp' -print0 | xargs -0 -I% -P \"$(nproc)\" "
                  "c++ -std=c++20 -fsyntax-only -Wall -Wextra {} -include % -x c++ /dev/null",
                  include_folder.string(), flags("--cflags")));
  EXPECT_EQ(compiled.exit_code, 0) << compiled.err;
  EXPECT_EQ(compiled.err, "");
}

TEST_F(InstalledLibrary, BringsTheLibrariesOfCards) {
  int found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder->path())) {
    if (entry.path().extension() != ".lib") continue;
    EXPECT_TRUE(entry.path().parent_path().string().ends_with("share/wordline")) << entry.path();
    ++found;
  }
  EXPECT_EQ(found, 2);
}

// It has to start on machines that have neither a driver nor the toolkit.
TEST_F(InstalledLibrary, NeedsNoCudaLibrary) {
  const ShellResult needed =
      shell(*folder, fmt::format("readelf --dynamic '{}'", library.string()));
  ASSERT_EQ(needed.exit_code, 0) << needed.err;
  EXPECT_NE(needed.out.find("libklu"), std::string::npos);
  EXPECT_EQ(needed.out.find("libcu"), std::string::npos) << needed.out;
}

// The currents are the sums of conductance times voltage along each column.
TEST_F(InstalledLibrary, SolvesACircuitBuiltInCode) {
  const ShellResult run = run_example("build_circuit");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "bit line 0: 22.000 uA\nbit line 1: 28.000 uA\n");
}

// A divider of 10 V by 3 and 2 kohm.
TEST_F(InstalledLibrary, RunsANetlist) {
  write_text(*folder / "divider.cir",
             "divider\nv1 in 0 10\nr1 in out 3k\nr2 out 0 2k\n.op\n.end\n");
  const ShellResult run = run_example("run_netlist", "divider.cir");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("v(out) = 4 V\n"), std::string::npos) << run.out;
}

TEST_F(InstalledLibrary, TellsWhereANetlistIsWrong) {
  write_text(*folder / "wrong.cir", "wrong\nv1 in 0 10\nr1 in 0 3kk3\n.op\n.end\n");
  const ShellResult run = run_example("run_netlist", "wrong.cir");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("wrong.cir:3:"), std::string::npos) << run.err;
}

// One and half a time constant: 1 - exp(-1) and 1 - exp(-1/2), at reltol 1e-5.
TEST_F(InstalledLibrary, RunsTwoSimulatorsInTwoThreads) {
  const ShellResult run = run_example("two_threads");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  double fast = 0;
  double slow = 0;
  ASSERT_EQ(std::sscanf(run.out.c_str(), "1 kohm: %lf V\n2 kohm: %lf V", &fast, &slow), 2)
      << run.out;
  EXPECT_NEAR(fast, 1 - std::exp(-1.0), 2e-4);
  EXPECT_NEAR(slow, 1 - std::exp(-0.5), 2e-4);
}

TEST_F(InstalledLibrary, MultipliesWithAnArray) {
  const ShellResult run = run_example("multiply");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  double loss = 0;
  ASSERT_EQ(std::sscanf(run.out.c_str(), "the wires cost up to %lf %%", &loss), 1) << run.out;
  // 32 cells of 55 uS on a word line of 1 ohm segments, 64 on a bit line, 20 ohm drivers: to first
  // order 32 * 55e-6 * (20 + 16) + 64 * 55e-6 * (20 + 32) = 0.25 of the voltage at most.
  EXPECT_GT(loss, 1);
  EXPECT_LT(loss, 30);
  EXPECT_NE(run.out.find("depends most on cell ("), std::string::npos) << run.out;
}

TEST_F(InstalledLibrary, RunsTheProgramOfTheReadme) {
  const std::string program = snippet(read_text(source_root() / "README.md"), "#include", "}");
  ASSERT_NE(program, "");
  write_text(*folder / "readme.cpp", program);
  write_text(*folder / "array.cir", "divider\nv1 in 0 3\nr1 in bl[3] 1k\nr2 bl[3] 0 2k\n.end\n");
  const ShellResult run = build_and_run(*folder / "readme.cpp");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out.ends_with("points, last 2 V\n")) << run.out;
}

// The first column would carry 64 * 0.2 V * 1 uS = 12.8 uA between ideal wires. The wires take from
// it: a row's 136 uS at most 40 ohm behind the source, the column's 64 uS at most 136 ohm before
// ground, together less than 1.5 % of the voltage.
TEST_F(InstalledLibrary, RunsTheNetlistOfTheReadme) {
  const std::string deck =
      snippet(read_text(source_root() / "README.md"), "Reading a passive array", ".end");
  ASSERT_NE(deck, "");
  write_text(*folder / "readme.cir", deck);
  const ShellResult run = run_example("run_netlist", "readme.cir");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  double current = 0;
  const std::size_t at = run.out.find("i(vbl[0]) = ");
  ASSERT_NE(at, std::string::npos) << run.out;
  ASSERT_EQ(std::sscanf(run.out.c_str() + at, "i(vbl[0]) = %lf uA", &current), 1) << run.out;
  EXPECT_LT(current, 12.8);
  EXPECT_GT(current, 12.8 * (1 - 0.015));
}

}  // namespace
}  // namespace wordline::testing
