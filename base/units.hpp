// SPICE numbers and engineering notation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wordline {

inline constexpr double kZeroCelsius = 273.15;  // K

// The value of a SPICE number with its scale factor and trailing unit letters: "10k", "2.5MEGohm",
// "1e-9s", "3mil". Case-insensitive. Nothing if `text` does not begin as a number or holds anything
// but letters after it. Scale factors: T G MEG K MIL M U N P F.
std::optional<double> parse_spice_number(std::string_view text);

// "12.3k", "4.7u": three to `digits` significant digits with an SI prefix, then the unit.
std::string engineering(double value, std::string_view unit = "", int digits = 4);

// ASCII lower case; SPICE names are case-insensitive.
std::string to_lower(std::string_view text);

}  // namespace wordline
