#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "wordline/netlist/expression_program.hpp"

namespace wordline::expression {

namespace {

// 1e400, 1e-400
bool is_out_of_range(std::string_view text) {
  double value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec ==
         std::errc::result_out_of_range;
}

}  // namespace

std::string number_hint(std::string_view text) {
  if (is_out_of_range(text)) return "numbers are 0, or from 4.9e-324 to 1.8e308 in magnitude";
  // 4k7 is how resistors are marked, not how SPICE writes numbers.
  const auto letter = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c); });
  const bool marked = letter != text.begin() && letter != text.end() && *letter != '.' &&
                      letter + 1 != text.end() && std::all_of(letter + 1, text.end(), is_digit);
  if (!marked) return "a number is digits, a point, an exponent, then a scale factor: 4.7k, 1e-9";
  const auto whole = static_cast<std::size_t>(letter - text.begin());
  if (*letter == 'd' || *letter == 'D') {
    return fmt::format("write {}e{}", text.substr(0, whole), text.substr(whole + 1));
  }
  return fmt::format("write {}.{}{}", text.substr(0, whole), text.substr(whole + 1), *letter);
}

}  // namespace wordline::expression
