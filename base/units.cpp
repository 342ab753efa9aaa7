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

double scale_factor(std::string_view letters) {
  if (letters.starts_with("meg")) return 1e6;
  if (letters.starts_with("mil")) return 25.4e-6;
  switch (letters.empty() ? '\0' : letters.front()) {
    case 't':
      return 1e12;
    case 'g':
      return 1e9;
    case 'k':
      return 1e3;
    case 'm':
      return 1e-3;
    case 'u':
      return 1e-6;
    case 'n':
      return 1e-9;
    case 'p':
      return 1e-12;
    case 'f':
      return 1e-15;
    default:
      return 1.0;
  }
}

}  // namespace

std::optional<double> parse_spice_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || is_letter(text.front())) return std::nullopt;  // "inf", "nan", names
  if (text.starts_with('-') && text.size() > 1 && is_letter(text[1])) return std::nullopt;
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!std::all_of(text.begin(), text.end(), is_letter)) return std::nullopt;
  return value * scale_factor(to_lower(text.substr(0, 3)));
}

std::string engineering(double value, std::string_view unit, int digits) {
  static constexpr std::array<std::string_view, 9> kPrefix = {"f", "p", "n", "u", "m",
                                                              "",  "k", "M", "G"};
  if (value == 0 || !std::isfinite(value)) return fmt::format("{} {}", value, unit);
  const int thousands = std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value)) / 3)),
                                   -5, static_cast<int>(kPrefix.size()) - 6);
  return fmt::format("{:.{}g} {}{}", value * std::pow(1000.0, -thousands), digits,
                     kPrefix[static_cast<std::size_t>(thousands + 5)], unit);
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

}  // namespace wordline
