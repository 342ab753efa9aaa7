#include "wordline/cli/si_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace wordline::cli {

SiScale si_scale(double largest, const std::string& unit) {
  if (unit.empty() || unit == "C" || unit == "dB" || unit == "°" || largest == 0) return {};
  constexpr std::array<std::string_view, 9> kPrefixes = {"f", "p", "n", "µ", "m",
                                                         "",  "k", "M", "G"};
  constexpr std::ptrdiff_t kUnity = 5;
  constexpr double kHalf = 2;  // from half a volt on, volts
  const auto thousands =
      std::clamp<std::ptrdiff_t>(std::lround(std::floor(std::log10(largest * kHalf) / 3)), -kUnity,
                                 std::ssize(kPrefixes) - 1 - kUnity);
  return {std::pow(1000.0, -static_cast<double>(thousands)),
          std::string(kPrefixes.at(static_cast<std::size_t>(kUnity + thousands)))};
}

std::string axis_label(const std::string& quantity, const std::string& prefix,
                       const std::string& unit) {
  return unit.empty() ? quantity : fmt::format("{} [{}{}]", quantity, prefix, unit);
}

}  // namespace wordline::cli
