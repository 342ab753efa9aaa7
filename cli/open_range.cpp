#include "wordline/cli/open_range.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"

namespace wordline::cli {

OpenRange parse_range(const std::string& text, const std::string& option) {
  const std::size_t colon = text.find(':');
  OpenRange range;
  const auto end = [&](std::string_view number, double& value) {
    if (number.empty()) return;
    const std::optional<double> parsed = parse_spice_number(number);
    if (!parsed) throw UsageError(fmt::format("{} {}: '{}' is no number", option, text, number));
    value = *parsed;
  };
  if (colon == std::string::npos) {
    throw UsageError(fmt::format("{} wants LOW:HIGH, as 1u:5u", option));
  }
  end(std::string_view(text).substr(0, colon), range.low);
  end(std::string_view(text).substr(colon + 1), range.high);
  if (!(range.low < range.high)) {
    throw UsageError(fmt::format("{} {}: the low end is not below the high end", option, text));
  }
  return range;
}

}  // namespace wordline::cli
