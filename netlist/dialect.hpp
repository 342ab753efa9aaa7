// The simulators whose way of reading a netlist can be chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wordline {

enum class Dialect : std::uint8_t { kNgspice, kXyce, kLtspice, kHspice };

// By its lower-case name; nothing if there is none.
std::optional<Dialect> find_dialect(std::string_view name);
std::string_view name_of(Dialect dialect);

// Whether a line that begins with a blank is a comment.
inline bool blank_begins_comment(Dialect d) { return d == Dialect::kXyce; }
// Whether `$` begins a comment.
inline bool has_dollar_comments(Dialect d) {
  return d == Dialect::kNgspice || d == Dialect::kHspice;
}
// Whether `^` is the exclusive or of two conditions; else a power.
inline bool caret_is_xor(Dialect d) { return d == Dialect::kXyce || d == Dialect::kLtspice; }
// Whether log() has base 10; else e.
inline bool log_is_decadic(Dialect d) { return d == Dialect::kXyce; }
// Whether x1:r1 is the r1 of x1.
inline bool has_colon_paths(Dialect d) { return d == Dialect::kXyce; }
// Whether x is a factor of a million, a one of 1e-18, and 4k7 is 4.7k.
inline bool has_x_factor(Dialect d) { return d == Dialect::kXyce || d == Dialect::kHspice; }
inline bool has_atto_factor(Dialect d) { return d == Dialect::kHspice; }
inline bool has_letters_as_points(Dialect d) { return d == Dialect::kLtspice; }
// Whether nodes called $g... are the same everywhere.
inline bool has_prefix_of_global_nodes(Dialect d) { return d == Dialect::kXyce; }
// Whether parameters that a diode or transistor does not know are warned of; else they are errors.
// In any case they have no effect.
inline bool ignores_unknown_parameters(Dialect d) { return d != Dialect::kNgspice; }
// Whether `.lib name` reads a whole file, as `.include` does; else it begins a section.
inline bool has_libraries_without_sections(Dialect d) { return d == Dialect::kLtspice; }
// Whether vp() and ph() are in degrees; else radians.
inline bool has_phases_in_degrees(Dialect d) {
  return d == Dialect::kLtspice || d == Dialect::kHspice;
}

// The value of a number; see parse_spice_number. The letter mu is a factor of 1e-6.
std::optional<double> read_number(std::string_view text, Dialect dialect);

}  // namespace wordline
