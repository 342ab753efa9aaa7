// Drawing with gnuplot.
#pragma once

#include <string>

#include "wordline/cli/figure.hpp"

namespace wordline::cli {

enum class ImageFormat { kSvg, kPng, kPdf };

// The script of a figure. It reads the file "data": the figure's numbers as native doubles.
std::string gnuplot_script(const Figure& figure, ImageFormat format);

// Draws to a file ("-": standard output), which appears once it is complete. Throws Error where
// gnuplot is missing or fails, or the file cannot be written.
void draw(const Figure& figure, ImageFormat format, const std::string& path);

}  // namespace wordline::cli
