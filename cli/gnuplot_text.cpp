#include "wordline/cli/gnuplot_text.hpp"

#include <fmt/format.h>

namespace wordline::cli {

// Single quotes keep a gnuplot string from every expansion. An apostrophe is drawn as a typographic
// one: gnuplot misreads its own escape of it at the beginning of a string.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "\u2019";
    } else if (static_cast<unsigned char>(c) >= ' ') {
      result += c;
    }
  }
  return result + "'";
}

std::string set_terminal(std::size_t width, std::size_t height, ImageFormat format) {
  switch (format) {
    case ImageFormat::kSvg:
      return fmt::format(
          "set terminal svg size {},{} font 'sans-serif,14' background 'white' noenhanced\n", width,
          height);
    case ImageFormat::kPng:  // twice the pixels, for sharp lines
      return fmt::format(
          "set terminal pngcairo size {},{} font 'Sans,12' fontscale 1.8 linewidth 2 noenhanced\n",
          2 * width, 2 * height);
    case ImageFormat::kPdf:
      break;
  }
  return fmt::format("set terminal pdfcairo size {}in,{}in font 'Sans,11' noenhanced\n",
                     static_cast<double>(width) / 100, static_cast<double>(height) / 100);
}

}  // namespace wordline::cli
