#include "wordline/cli/result_files.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace wordline::cli {

namespace {

namespace fs = std::filesystem;

// out.csv -> out-tran.csv, and out-tran-2.csv for a second transient.
std::vector<std::string> csv_paths(const fs::path& path, const std::vector<Analysis>& analyses) {
  if (analyses.size() == 1) return {path.string()};
  if (path == "-") {
    throw UsageError("the deck holds several analyses: as CSV they do not fit on standard output");
  }
  std::vector<std::string> paths;
  std::map<std::string, int> count;
  for (const Analysis& analysis : analyses) {
    std::string name = path.stem().string() + '-' + short_name(analysis);
    if (const int n = ++count[name]; n > 1) name += fmt::format("-{}", n);
    paths.push_back((path.parent_path() / (name + path.extension().string())).string());
  }
  return paths;
}

void refuse_to_overwrite(const std::string& deck, const std::string& path) {
  std::error_code absent;
  if (deck != "-" && path != "-" && fs::equivalent(deck, path, absent)) {
    throw UsageError(fmt::format("'{}' is the deck itself; choose another file with -o", path));
  }
}

}  // namespace

std::string short_name(const Analysis& analysis) {
  constexpr std::array<const char*, 3> kNames = {"op", "dc", "tran"};
  static_assert(std::variant_size_v<decltype(Analysis::what)> == kNames.size());
  return kNames.at(analysis.what.index());
}

ResultFiles::ResultFiles(const std::string& deck, std::string path, std::string format,
                         const std::vector<Analysis>& analyses) {
  if (format.empty()) {
    format = to_lower(fs::path(path).extension().string()) == ".csv" ? "csv" : "raw";
  }
  if (path.empty()) {
    const std::string stem = deck == "-" ? "stdin" : fs::path(deck).stem().string();
    path = stem + (format == "csv" ? ".csv" : ".raw");
  }
  standard_output_ = path == "-";
  const std::vector<std::string> paths =
      format == "csv" ? csv_paths(path, analyses) : std::vector<std::string>(analyses.size(), path);
  for (const std::string& p : paths) refuse_to_overwrite(deck, p);
  for (const std::string& p : paths) {
    if (format == "csv") {
      files_.push_back({p, std::make_shared<CsvWriter>(p)});
    } else if (files_.empty()) {
      const RawFormat kind = format == "ascii" ? RawFormat::kAscii : RawFormat::kBinary;
      files_.push_back({p, std::make_shared<RawfileWriter>(p, kind)});
    } else {
      files_.push_back(files_.front());
    }
  }
}

}  // namespace wordline::cli
