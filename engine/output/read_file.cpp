#include "wordline/engine/output/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline {

std::string read_file(const std::string& path) {
  const auto fail = [&](const char* call) -> Error {
    return Error(fmt::format("{}: {}: {}", path, call, std::strerror(errno)));
  };
  const auto close = [](std::FILE* f) {
    if (f != stdin) std::fclose(f);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdin : std::fopen(path.c_str(), "rbe"), close);
  if (!file) throw fail("open");
  std::string text;
  std::array<char, 1 << 16> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), count);
  }
  if (std::ferror(file.get()) != 0) throw fail("read");
  return text;
}

Signal signal_of_type(std::string name, std::string type) {
  using Entry = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Entry, 14> kUnits = {{{"time", "s"},
                                                    {"frequency", "Hz"},
                                                    {"voltage", "V"},
                                                    {"current", "A"},
                                                    {"temp-sweep", "C"},
                                                    {"temperature", "C"},
                                                    {"res-sweep", "ohm"},
                                                    {"impedance", "ohm"},
                                                    {"admittance", "S"},
                                                    {"power", "W"},
                                                    {"capacitance", "F"},
                                                    {"charge", "C"},
                                                    {"voltage-density", "V/sqrt(Hz)"},
                                                    {"current-density", "A/sqrt(Hz)"}}};
  const auto* const found = std::find_if(kUnits.begin(), kUnits.end(),
                                         [&](const Entry& entry) { return entry.first == type; });
  return {std::move(name), std::move(type),
          std::string(found == kUnits.end() ? std::string_view() : found->second)};
}

Signal signal_of_name(std::string name) {
  const std::string lower = to_lower(name);
  const char* type = "notype";
  if (lower == "time" || lower == "frequency") type = lower.c_str();
  if (lower.starts_with("v(") || lower.ends_with("[v]")) type = "voltage";
  if (lower.starts_with("i(") || lower.ends_with("[i]")) type = "current";
  if (lower.ends_with("[g]")) type = "admittance";
  if (lower.ends_with("[p]")) type = "power";
  return signal_of_type(std::move(name), type);
}

}  // namespace wordline
