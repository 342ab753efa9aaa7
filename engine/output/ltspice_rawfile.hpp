// Rawfiles of LTspice, made into what ngspice would have written.
//
// LTspice writes its header in UTF-16 (older versions in ASCII), the first variable as 8-byte and
// the others as 4-byte numbers (all as 8-byte with the flag "double"; complex ones always), and
// with the flag "fastaccess" one variable after the other. Negative times mark points that its
// compression left.
#pragma once

#include <string>
#include <string_view>

namespace wordline {

bool is_ltspice_rawfile(std::string_view content);

// The same file in ASCII with 8-byte numbers, point by point. Throws Error naming `path`.
std::string as_ngspice_rawfile(std::string_view content, const std::string& path);

}  // namespace wordline
