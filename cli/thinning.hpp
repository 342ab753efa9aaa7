// Fewer points for the same picture.
#pragma once

#include "wordline/cli/figure.hpp"

namespace wordline::cli {

// Leaves out points of a figure that nobody could see: among neighbours on one thin upright slice
// of the picture only the first, the last, and the highest and lowest of every trace stay. Figures
// of few points stay as they are.
void thin_out(Figure& figure);

}  // namespace wordline::cli
