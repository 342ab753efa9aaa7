// Batches of inputs through a tile with resistance in its lines and an ADC of 8 bits, on one core:
// CPU time an input, the tile's matrix included, which every batch finds anew. Beside it what
// MemTorch 1.1.6 (CPU build, PyTorch 1.13, single precision) takes for such a product, as measured
// once on one core of a two-core machine and quoted here: it solves the tile for every input.
//
//   tiled_products
//
// Cells are uniform between 1e-5 and 1e-3 S, drivers and senses have 5 ohm, segments 2 ohm.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <random>
#include <vector>

#include "wordline/crossbar/tiles.hpp"

namespace {

using wordline::Matrix;
using wordline::crossbar::Quantiser;
using wordline::crossbar::Tiles;
using wordline::crossbar::TileSettings;

constexpr int kRepetitions = 9;

struct Quoted {
  std::int64_t size;
  double least, most;  // ms an input, over batches of 64 to 1,024
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Matrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> number(low, high);
  Matrix m{rows, cols, {}};
  for (std::int64_t k = 0; k < rows * cols; ++k) m.values.push_back(number(random));
  return m;
}

// The median time in ms of a product, from conductances to numbers.
double milliseconds(std::int64_t size, std::int64_t batch) {
  const Matrix g = random_matrix(size, size, 1e-5, 1e-3);
  const Matrix volts = random_matrix(batch, size, 0, 0.3);
  TileSettings settings;
  settings.shape = {size, size};
  settings.word = {.segment = 2, .driver = 5};
  settings.bit = {.segment = 2, .driver = 5, .driven = wordline::DrivenEnds::kLast};
  settings.adc = Quantiser{};
  settings.threads = 1;
  std::vector<double> times;
  for (int k = 0; k < kRepetitions; ++k) {
    const double begin = cpu_seconds();
    Tiles tiles(g, settings);
    const Matrix currents = tiles.matmul(volts);
    times.push_back(1e3 * (cpu_seconds() - begin));
    if (!(currents.values.front() > 0)) throw wordline::Error("there is no current");
  }
  std::nth_element(times.begin(), times.begin() + kRepetitions / 2, times.end());
  return times[kRepetitions / 2];
}

}  // namespace

int main() {
  fmt::print("{:>9}{:>8}{:>16}{:>16}{:>22}{:>20}\n", "tile", "batch", "ms a batch", "us an input",
             "MemTorch, ms (quoted)", "times faster");
  for (const Quoted& quoted : {Quoted{64, 28, 43}, Quoted{128, 121, 175}}) {
    for (const std::int64_t batch : {64, 256, 1024}) {
      const double ms = milliseconds(quoted.size, batch);
      const double each = ms / static_cast<double>(batch);
      fmt::print("{:>9}{:>8}{:>16.3f}{:>16.2f}{:>22}{:>20}\n", fmt::format("{0}x{0}", quoted.size),
                 batch, ms, 1e3 * each, fmt::format("{} to {}", quoted.least, quoted.most),
                 fmt::format("{:.0f} to {:.0f}", quoted.least / each, quoted.most / each));
    }
  }
}
