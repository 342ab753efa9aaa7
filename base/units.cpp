#include "wordline/base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace wordline {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_letter(char c) {
  c = lower(c);
  return c >= 'a' && c <= 'z';
}

// The power of ten of a scale factor.
int exponent_of(std::string_view letters) {
  if (letters.starts_with("meg")) return 6;
  switch (letters.empty() ? '\0' : letters.front()) {
    case 't':
      return 12;
    case 'g':
      return 9;
    case 'k':
      return 3;
    case 'm':
      return -3;
    case 'u':
      return -6;
    case 'n':
      return -9;
    case 'p':
      return -12;
    case 'f':
      return -15;
    default:
      return 0;
  }
}

// 10^n for 0 <= n <= 15, exactly.
double power_of_ten(int n) {
  double power = 1;
  for (int k = 0; k < n; ++k) power *= 10;
  return power;
}

// "3" and -9: the number nearest to 3e-9, which 3 * 1e-9 is not. `value` is that of the digits.
std::optional<double> scaled(std::string_view digits, double value, int exponent) {
  // A quotient or product of two numbers that are exact is rounded once.
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::abs(value) < kExact && digits.find('.') == std::string_view::npos) {
    return exponent < 0 ? value / power_of_ten(-exponent) : value * power_of_ten(exponent);
  }
  std::array<char, 64> buffer;
  const auto end = fmt::format_to_n(buffer.begin(), buffer.size(), "{}e{}", digits, exponent);
  if (end.size > buffer.size()) return std::nullopt;
  const auto status = std::from_chars(buffer.data(), buffer.data() + end.size, value).ec;
  return status == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<double> parse_spice_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || is_letter(text.front())) return std::nullopt;  // "inf", "nan", names
  if (text.starts_with('-') && text.size() > 1 && is_letter(text[1])) return std::nullopt;
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc()) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - text.data());
  const std::string_view digits = text.substr(0, length);
  const std::string_view letters = text.substr(length);
  if (!std::all_of(letters.begin(), letters.end(), is_letter)) return std::nullopt;
  const std::string scale = to_lower(letters.substr(0, 3));
  if (scale == "mil") return value * 25.4e-6;
  const int exponent = exponent_of(scale);
  if (exponent == 0) return value;
  if (digits.find_first_of("eE") == std::string_view::npos) {
    if (const auto exact = scaled(digits, value, exponent)) return exact;
  }
  return value * std::pow(10, exponent);
}

std::string engineering(double value, std::string_view unit, int digits) {
  static constexpr std::array<std::string_view, 9> kPrefix = {"f", "p", "n", "u", "m",
                                                              "",  "k", "M", "G"};
  if (value == 0 || !std::isfinite(value)) return fmt::format("{} {}", value, unit);
  constexpr int kUnity = 5;  // the prefix of nothing
  const double thousands = std::floor(std::log10(std::abs(value)) / 3);
  const double shown = std::clamp(thousands, -5.0, 3.0);
  return fmt::format("{:.{}g} {}{}", value * std::pow(1000.0, -shown), digits,
                     kPrefix[static_cast<std::size_t>(kUnity + shown)], unit);
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

}  // namespace wordline
