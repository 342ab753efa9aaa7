#include "wordline/netlist/dialect.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "wordline/base/units.hpp"

namespace wordline {

namespace {

constexpr std::array<std::pair<std::string_view, Dialect>, 4> kNames = {{
    {"ngspice", Dialect::kNgspice},
    {"xyce", Dialect::kXyce},
    {"ltspice", Dialect::kLtspice},
    {"hspice", Dialect::kHspice},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Where the scale factor of a number begins; its size if nothing follows the digits.
std::size_t end_of_digits(std::string_view text) {
  std::size_t at = text.find_first_not_of("+-0123456789.");
  if (at == std::string_view::npos) return text.size();
  if (at > 0 && at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t digits = at + (text[at + 1] == '+' || text[at + 1] == '-' ? 2 : 1);
    if (digits < text.size() && is_digit(text[digits])) {
      at = std::min(text.find_first_not_of("0123456789", digits), text.size());
    }
  }
  return at;
}

// The letter mu, in UTF-8 (as the sign of micro and as the Greek letter) and in Latin-1.
std::size_t length_of_micro(std::string_view factor) {
  if (factor.starts_with("\xc2\xb5") || factor.starts_with("\xce\xbc")) return 2;
  return factor.starts_with('\xb5') ? 1 : 0;
}

// 4k7 is how resistors are marked: the factor stands for the point.
std::optional<double> marked_number(std::string_view text, std::size_t factor) {
  const std::string_view rest = text.substr(std::min(factor + 1, text.size()));
  if (factor == 0 || rest.empty() || !std::all_of(rest.begin(), rest.end(), is_digit) ||
      text.find('.') < factor) {
    return std::nullopt;
  }
  std::string plain(text.substr(0, factor));
  plain += '.';
  plain += rest;
  if (text[factor] != 'R' && text[factor] != 'r') plain += text[factor];
  return parse_spice_number(plain);
}

}  // namespace

std::optional<Dialect> find_dialect(std::string_view name) {
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [name](const auto& known) { return known.first == name; });
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

std::string_view name_of(Dialect dialect) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(),
                   [dialect](const auto& known) { return known.second == dialect; });
  return found->first;
}

std::optional<double> read_number(std::string_view text, Dialect dialect) {
  const std::size_t end = end_of_digits(text);
  if (end == text.size() || end == 0) return parse_spice_number(text);
  const std::string_view factor = text.substr(end);
  if (const std::size_t micro = length_of_micro(factor)) {
    return parse_spice_number(std::string(text.substr(0, end)) + "u" +
                              std::string(factor.substr(micro)));
  }
  const char first = factor.front();
  if (has_x_factor(dialect) && (first == 'x' || first == 'X')) {
    return parse_spice_number(std::string(text.substr(0, end)) + "meg" +
                              std::string(factor.substr(1)));
  }
  if (has_letters_as_points(dialect)) {
    if (const auto marked = marked_number(text, end)) return marked;
  }
  const auto value = parse_spice_number(text);
  const bool atto = has_atto_factor(dialect) && (first == 'a' || first == 'A');
  return value && atto ? *value * 1e-18 : value;
}

}  // namespace wordline
