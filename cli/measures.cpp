#include "wordline/cli/measures.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "wordline/base/output_file.hpp"
#include "wordline/base/version.hpp"

namespace wordline::cli {

namespace {

char letter_of(std::string_view analysis) {
  if (analysis == "tran") return 't';
  return analysis == "ac" || analysis == "noise" ? 'a' : 's';
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string as_lines(std::span<const MeasureResult> measures) {
  std::string text;
  for (const MeasureResult& m : measures) {
    text +=
        fmt::format("{} = {}\n", upper(m.name), m.ok() ? fmt::format("{:.6e}", m.value) : "FAILED");
  }
  return text;
}

std::string as_table(std::span<const MeasureResult> measures, const std::string& title) {
  std::string names, values;
  for (const MeasureResult& m : measures) {
    const std::size_t width = std::max<std::size_t>(16, m.name.size() + 1);
    names += fmt::format("{:<{}}", m.name, width);
    values += fmt::format("{:<{}}", m.ok() ? fmt::format("{:.6e}", m.value) : "failed", width);
  }
  return fmt::format("$DATA1 SOURCE='Wordline' VERSION='{}'\n.TITLE '{}'\n{}alter#\n{}1\n",
                     version(), title, names, values);
}

}  // namespace

bool report_measures(std::span<const MeasureResult> measures, std::FILE* out) {
  std::size_t width = 0;
  for (const MeasureResult& m : measures) width = std::max(width, m.name.size());
  bool all_ok = true;
  for (const MeasureResult& m : measures) {
    if (!m.ok()) {
      all_ok = false;
      if (out != nullptr) fmt::print(out, "{:<{}} = FAILED\n", m.name, width);
      spdlog::error("measure {} failed: {}", m.name, m.failure);
      continue;
    }
    if (out == nullptr) continue;
    fmt::print(out, "{:<{}} = {:.6e}", m.name, width, m.value);
    for (const MeasureResult::Place& place : m.places) {
      fmt::print(out, " {}={:.6e}", place.name, place.value);
    }
    fmt::print(out, "\n");
  }
  return all_ok;
}

void MeasureFiles::write(std::span<const MeasureResult> measures, std::string_view analysis,
                         const std::string& title) {
  if (measures.empty() || base_.empty()) return;
  const char letter = letter_of(analysis);
  OutputFile file(fmt::format("{}.m{}{}", base_, letter, count_[letter]++));
  file.append(format_ == "hspice" ? as_table(measures, title) : as_lines(measures));
  file.close();
}

}  // namespace wordline::cli
