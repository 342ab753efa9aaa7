// A matrix over many arrays of one shape, as it is where it is larger than what can be built: each
// tile is an array of its own, read by its own converter, and the partial sums of tiles one above
// the other are added as numbers.
//
//   wordline::crossbar::Tiles tiles(conductances, {.shape = {64, 64}, .word = {.driver = 20}, .adc
//   = wordline::crossbar::Quantiser{.levels = 256}}); tiles.calibrate(inputs); wordline::Matrix
//   currents = tiles.matmul(inputs);
//
// A product is, for every tile: voltages through the DAC, currents of the array (its wires
// included), the ADC, one conversion a tile and an input; then the sum over the tiles of a column.
//
// The transconductance matrix of every ohmic tile is found once, and found anew when its cells
// change. Tiles run in parallel; results do not depend on the number of threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/quantisation.hpp"
#include "wordline/crossbar/tile_grid.hpp"

namespace wordline::crossbar {

// Where the currents of a negative array are subtracted from those of the positive one: before a
// converter they share, or after two converters, as numbers.
enum class Subtraction { kAnalogue, kDigital };

struct TileSettings {
  TileShape shape = {};
  Wires word{.segment = 0};
  Wires bit{.segment = 0};
  // Partial tiles are as small as what they hold. With a conductance [S], they are filled up to
  // their shape by cells that have it, on word lines at 0 V; their outputs are not read.
  std::optional<double> pad = {};
  std::optional<Quantiser> dac = {};  // of voltages; its range must be given
  // Of currents. Without a range: that of calibrate(), or where that was not called, one from each
  // tile's currents at each input.
  std::optional<Quantiser> adc = {};
  Subtraction subtraction = Subtraction::kDigital;
  // What a tile is made of, where that is not ohmic cells between `word` and `bit`: devices of a
  // model, select transistors. Called for each tile with the conductances it shall have.
  std::function<Array(const Matrix& conductances)> make = {};
  // The matrices of ohmic tiles are found, and multiplied, on a GPU, all tiles at once. The first
  // product throws Error where none can be used.
  bool on_gpu = false;
  int threads = 0;  // 0: OpenMP's number
};

class Tiles {
 public:
  // Rows of conductances [S] are inputs. Throws Error where the settings cannot be.
  Tiles(const Matrix& conductances, const TileSettings& settings);
  // The difference of two arrays a tile. Throws Error where the sizes differ.
  Tiles(const Matrix& positive, const Matrix& negative, const TileSettings& settings);
  ~Tiles();
  Tiles(Tiles&&) noexcept;
  Tiles& operator=(Tiles&&) noexcept;

  const TileGrid& grid() const;
  bool has_negative() const;

  // As programmed, put together from the tiles.
  Matrix conductances() const;
  Matrix negative_conductances() const;
  void set_conductances(const Matrix& conductances);
  void set_conductances(const Matrix& positive, const Matrix& negative);
  // Of one cell of the (positive) array. The tile's matrix is made anew at the next product.
  void set_conductance(std::int64_t row, std::int64_t col, double siemens);

  // Fits the ADC's range to the currents of these inputs, one range for all tiles, by its law and
  // overflow (quantisation.hpp). Does nothing without an ADC.
  void calibrate(const Matrix& voltages);
  // Of the ADC, as given or found.
  std::optional<Interval> adc_range() const;

  // Currents [A] for voltages [V], a row an input. Throws as Array::matmul does.
  Matrix matmul(const Matrix& voltages);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline::crossbar
