// The arrows between the rooms, as docs/architecture.md draws them: an include that goes against
// them fails here, with its file and line.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// What a room may include besides itself.
const std::map<std::string, Names> kRooms = {
    {"base", {}},
    {"solvers", {"base"}},
    {"devices", {"base"}},
    {"netlist", {"base", "devices"}},
    {"engine", {"base", "devices", "netlist", "solvers"}},
    {"cuda", {"base", "devices", "solvers"}},
    {"crossbar", {"base", "devices", "netlist", "solvers", "engine"}},
    {"cli", {"base", "devices", "netlist", "solvers", "engine", "crossbar", "cuda"}},
};

// The libraries with an interface of their own that only some rooms may see. A library is known by
// the first folder, or the whole name, of its headers.
const std::map<std::string, Names> kLibraries = {
    {"Eigen", {"solvers", "engine", "crossbar"}},
    {"suitesparse", {"solvers"}},
    {"cblas.h", {"solvers"}},
    {"cuda_runtime.h", {"cuda"}},
    {"cuda_runtime_api.h", {"cuda"}},
    {"cusparse.h", {"cuda"}},
    {"cusolverDn.h", {"cuda"}},
    {"cublas_v2.h", {"cuda"}},
    {"CLI", {"cli"}},
};

// The name up to the first slash.
std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

// What is wrong with one include of a room; empty if nothing is.
std::string judge_include(const std::string& room, bool quoted, const std::string& path) {
  if (first_part(path) == "wordline") {
    const std::string target = first_part(path.substr(path.find('/') + 1));
    if (!kRooms.contains(target)) return fmt::format("'{}' is in no room", path);
    if (target == room || kRooms.at(room).contains(target)) return "";
    return fmt::format("{} may not include {}", room, target);
  }
  if (quoted) return fmt::format("\"{}\" is not written as \"wordline/<room>/<file>\"", path);
  const auto library = kLibraries.find(first_part(path));
  if (library == kLibraries.end() || library->second.contains(room)) return "";
  return fmt::format("{} may not use {}", room, library->first);
}

// Every include of a source text that goes against the table, as "line: what is wrong".
std::vector<std::string> judge_source(const std::string& room, std::istream& source) {
  static const std::regex kInclude(R"re(\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  std::vector<std::string> faults;
  std::string text;
  std::smatch match;
  for (int line = 1; std::getline(source, text); ++line) {
    if (!std::regex_match(text, match, kInclude)) continue;
    const std::string fault = judge_include(room, match[1] == "\"", match[2]);
    if (!fault.empty()) faults.push_back(fmt::format("{}: {}", line, fault));
  }
  return faults;
}

std::vector<std::string> judge_text(const std::string& room, const std::string& text) {
  std::istringstream source(text);
  return judge_source(room, source);
}

bool is_source(const fs::path& file) {
  static const Names kExtensions = {".hpp", ".cpp", ".cu", ".cuh", ".h"};
  return kExtensions.contains(file.extension().string());
}

fs::path source_root() {
  const char* root = std::getenv("WORDLINE_SOURCE_ROOT");
  return root != nullptr ? root : ".";
}

using Faults = std::vector<std::string>;

TEST(Includes, FollowTheArrowsBetweenTheRooms) {
  int sources = 0;
  for (const auto& [room, allowed] : kRooms) {
    if (!fs::is_directory(source_root() / room)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(source_root() / room)) {
      if (!is_source(entry.path())) continue;
      ++sources;
      std::ifstream source(entry.path());
      for (const std::string& fault : judge_source(room, source)) {
        ADD_FAILURE() << entry.path().string() << ":" << fault;
      }
    }
  }
  EXPECT_GT(sources, 20) << "the sources were not found in " << source_root();
}

TEST(Includes, EveryFolderWithSourcesIsARoom) {
  const Names others = {"tests", "bench", "examples"};
  for (const auto& folder : fs::directory_iterator(source_root())) {
    const std::string name = folder.path().filename().string();
    if (!folder.is_directory() || kRooms.contains(name) || others.contains(name)) continue;
    if (name.starts_with("build") || name.starts_with(".") || name == "out") continue;
    const auto files = fs::recursive_directory_iterator(folder.path());
    EXPECT_TRUE(std::none_of(begin(files), end(files),
                             [](const auto& file) { return is_source(file.path()); }))
        << name << "/ holds sources and is not in the table of rooms";
  }
}

TEST(Includes, AnArrowThatPointsBackIsFound) {
  EXPECT_EQ(judge_text("devices", "#pragma once\n#include \"wordline/netlist/circuit.hpp\"\n"),
            Faults{"2: devices may not include netlist"});
  EXPECT_EQ(judge_text("base", "#  include <wordline/solvers/linear_solver.hpp>  // why\n"),
            Faults{"1: base may not include solvers"});
  EXPECT_EQ(judge_text("cuda", "#include \"wordline/engine/simulator.hpp\"\n"),
            Faults{"1: cuda may not include engine"});
  EXPECT_EQ(judge_text("engine", "#include \"wordline/base/error.hpp\"\n"), Faults{});
}

TEST(Includes, APathOutsideTheRoomsIsFound) {
  EXPECT_EQ(judge_text("engine", "#include \"newton.hpp\"\n"),
            Faults{"1: \"newton.hpp\" is not written as \"wordline/<room>/<file>\""});
  EXPECT_EQ(judge_text("engine", "#include \"wordline/tests/helper.hpp\"\n"),
            Faults{"1: 'wordline/tests/helper.hpp' is in no room"});
}

TEST(Includes, ALibraryInTheWrongRoomIsFound) {
  EXPECT_EQ(judge_text("netlist", "#include <suitesparse/klu.h>\n"),
            Faults{"1: netlist may not use suitesparse"});
  EXPECT_EQ(judge_text("devices", "#include <Eigen/Dense>\n"),
            Faults{"1: devices may not use Eigen"});
  EXPECT_EQ(judge_text("solvers", "#include <suitesparse/klu.h>\n#include <vector>\n"), Faults{});
}

TEST(Includes, OnlyIncludesCount) {
  EXPECT_EQ(judge_text("base", "// #include \"wordline/engine/simulator.hpp\"\n"), Faults{});
}

}  // namespace
