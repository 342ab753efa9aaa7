// Pieces of scripts for gnuplot.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wordline/cli/gnuplot.hpp"

namespace wordline::cli {

// A string that gnuplot takes as it stands, without control characters.
std::string quoted(std::string_view text);

// The line that chooses the format of a picture of so many points.
std::string set_terminal(std::size_t width, std::size_t height, ImageFormat format);

}  // namespace wordline::cli
