// Drawing with gnuplot.
#pragma once

#include <string>

#include "wordline/cli/figure.hpp"
#include "wordline/cli/heat_map.hpp"

namespace wordline::cli {

enum class ImageFormat { kSvg, kPng, kPdf };

// The script of a picture. It reads the file "data": the picture's numbers as native doubles.
std::string gnuplot_script(const Figure& figure, ImageFormat format);
std::string gnuplot_script(const HeatMap& map, ImageFormat format);

// Draws to a file ("-": standard output), which appears once it is complete. Throws Error where
// gnuplot is missing or fails, or the file cannot be written.
void draw(const Figure& figure, ImageFormat format, const std::string& path);
void draw(const HeatMap& map, ImageFormat format, const std::string& path);

}  // namespace wordline::cli
