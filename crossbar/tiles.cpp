#include "wordline/crossbar/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "wordline/crossbar/parallel.hpp"
#include "wordline/crossbar/tile.hpp"
#include "wordline/crossbar/tiles_side_by_side.hpp"

namespace wordline::crossbar {

namespace {

// Inputs that one thread takes through a column of tiles, whatever the number of threads.
constexpr std::int64_t kBlock = 64;

void check(const TileSettings& settings) {
  if (settings.pad && !(std::isfinite(*settings.pad) && *settings.pad >= 0)) {
    throw Error(fmt::format("tiles cannot be filled up with cells of {:g} S", *settings.pad));
  }
  for (const std::optional<Quantiser>* converter : {&settings.dac, &settings.adc}) {
    if (*converter) check(**converter);
  }
  if (settings.dac && !settings.dac->range) {
    throw Error("a DAC has a range of voltages, which must be given");
  }
}

void check_inputs(const Matrix& voltages, std::int64_t inputs) {
  if (voltages.cols != inputs) {
    throw Error(fmt::format("{} voltages for {} input lines", voltages.cols, inputs));
  }
  if (voltages.rows < 0 || std::ssize(voltages.values) != voltages.rows * voltages.cols) {
    throw Error(fmt::format("{} numbers for {} x {} voltages", voltages.values.size(),
                            voltages.rows, voltages.cols));
  }
  for (const double v : voltages.values) {
    if (!std::isfinite(v)) throw Error(fmt::format("an input voltage of {} cannot be", v));
  }
}

}  // namespace

class Tiles::Implementation {
 public:
  Implementation(const Matrix& positive, const Matrix* negative, const TileSettings& settings)
      : settings_(settings), grid_(positive.rows, positive.cols, settings.shape) {
    check(settings_);
    program(positive, negative);
  }

  const TileGrid& grid() const { return grid_; }
  bool has_negative() const { return !negative_.empty(); }
  std::optional<Interval> adc_range() const {
    return settings_.adc ? settings_.adc->range : std::nullopt;
  }

  void program(const Matrix& positive, const Matrix* negative) {
    positive_ = made(positive);
    negative_ = negative == nullptr ? std::vector<Tile>() : made(*negative);
  }

  Matrix programmed(bool is_negative) const {
    std::vector<Matrix> parts;
    for (const Tile& tile : is_negative ? negative_ : positive_) {
      parts.push_back(tile.conductances());
    }
    return join(parts, grid_);
  }

  void set_conductance(std::int64_t row, std::int64_t col, double siemens) {
    if (!(std::isfinite(siemens) && siemens >= 0)) {
      throw Error(fmt::format("a conductance of {:g} S cannot be", siemens));
    }
    const TilePlace place = grid_.place(row, col);
    positive_[static_cast<std::size_t>(place.tile)].set_conductance(place.row, place.col, siemens);
  }

  Matrix matmul(const Matrix& voltages) {
    return product(voltages, [this](std::int64_t /*task*/, std::span<double> currents) {
      if (settings_.adc) quantise(*settings_.adc, currents);
    });
  }

  void calibrate(const Matrix& voltages) {
    if (!settings_.adc) return;
    std::vector<std::vector<double>> seen(static_cast<std::size_t>(tasks(voltages)));
    product(voltages, [&](std::int64_t task, std::span<double> currents) {
      std::vector<double>& mine = seen[static_cast<std::size_t>(task)];
      mine.insert(mine.end(), currents.begin(), currents.end());
    });
    std::vector<double> all;
    for (const std::vector<double>& some : seen) all.insert(all.end(), some.begin(), some.end());
    settings_.adc->range = calibrated_range(*settings_.adc, all);
  }

 private:
  // A tile of both signs where there are two, and their currents where they are known: of tiles
  // that have no matrix, or whose products are made on a GPU.
  struct Pair {
    const Tile* positive;
    const Tile* negative;
    Matrix solved_positive, solved_negative;
  };

  // Tiles' matrices on the GPU.
  struct OnGpu {
    TileMatrices matrices;
    std::unique_ptr<DenseProductMethod> method;  // null: its memory does not hold them
  };

  std::vector<Tile> made(const Matrix& conductances) const {
    std::vector<Tile> tiles;
    for (Matrix& part : cut(conductances, grid_)) tiles.emplace_back(std::move(part), settings_);
    return tiles;
  }

  std::int64_t blocks(const Matrix& voltages) const {
    return (voltages.rows + kBlock - 1) / kBlock;
  }
  std::int64_t tasks(const Matrix& voltages) const { return blocks(voltages) * grid_.across(); }

  std::vector<Tile*> all_tiles() {
    std::vector<Tile*> all;
    for (Tile& tile : positive_) all.push_back(&tile);
    for (Tile& tile : negative_) all.push_back(&tile);
    return all;
  }

  void update() {
    const std::vector<Tile*> all = all_tiles();
    const auto is_stale = [](const Tile* tile) { return tile->is_stale(); };
    if (std::none_of(all.begin(), all.end(), is_stale)) return;
    gpu_.reset();
    if (settings_.on_gpu) {
      update_side_by_side(all, settings_, [this](std::int32_t rows, std::int32_t cols) {
        return make_gpu_transfer_method(rows, cols, settings_.threads);
      });
    }
    const int threads = thread_count(settings_.threads);
    const int outer = static_cast<int>(std::min<std::int64_t>(threads, std::ssize(all)));
    // Whoever makes arrays need not be ready for several threads.
    for_each_index(std::ssize(all), settings_.make ? 1 : outer, [&](std::int64_t k) {
      all[static_cast<std::size_t>(k)]->update(settings_, threads / outer);
    });
  }

  // The currents of all tiles that have a matrix, on the GPU; nothing, or nothing of a tile, where
  // the processor is to find them.
  std::vector<Matrix> multiplied_on_gpu(const Matrix& voltages) {
    if (!settings_.on_gpu) return {};
    if (!gpu_) {
      TileMatrices matrices = matrices_of(all_tiles(), grid_);
      auto method = make_gpu_product_method(matrices.shapes, matrices.values);
      gpu_ = OnGpu{std::move(matrices), std::move(method)};
    }
    if (gpu_->method == nullptr) return {};
    return multiply_side_by_side(gpu_->matrices, *gpu_->method, voltages);
  }

  // Whole blocks, as many as have some 256 MB of currents on the GPU.
  std::int64_t inputs_at_once() const {
    constexpr std::int64_t kNumbers = std::int64_t{1} << 25;
    const std::int64_t signs = has_negative() ? 2 : 1;
    const std::int64_t outputs = grid_.cols() * grid_.down() * signs;
    return std::max<std::int64_t>(1, kNumbers / outputs / kBlock) * kBlock;
  }

  Matrix solved(Tile& tile, const TilePart& part, const Matrix& voltages) const {
    if (!tile.is_solved_each()) return {};
    Matrix own{voltages.rows, part.rows, {}};
    for (std::int64_t n = 0; n < voltages.rows; ++n) {
      const auto from = voltages.values.begin() + n * voltages.cols + part.row;
      own.values.insert(own.values.end(), from, from + part.rows);
    }
    return tile.solve(own);
  }

  std::vector<Pair> pairs(const Matrix& voltages) {
    std::vector<Matrix> found = multiplied_on_gpu(voltages);
    found.resize(positive_.size() + negative_.size());
    const auto currents_of = [&](Tile& tile, std::size_t k, const TilePart& part) {
      return tile.is_solved_each() ? solved(tile, part, voltages) : std::move(found[k]);
    };
    std::vector<Pair> result;
    for (std::size_t t = 0; t < positive_.size(); ++t) {
      const TilePart part = grid_.part(static_cast<std::int64_t>(t));
      Pair pair{&positive_[t], nullptr, currents_of(positive_[t], t, part), {}};
      if (has_negative()) {
        pair.negative = &negative_[t];
        pair.solved_negative = currents_of(negative_[t], positive_.size() + t, part);
      }
      result.push_back(std::move(pair));
    }
    return result;
  }

  // The voltages after the DAC times the tiles. convert(task, currents) is given every tile's
  // currents at one input, to put the ADC's in their place.
  template <class Convert>
  Matrix product(const Matrix& given, const Convert& convert) {
    check_inputs(given, grid_.rows());
    Matrix voltages = given;
    if (settings_.dac) quantise(*settings_.dac, voltages.values);
    update();
    Matrix outputs{voltages.rows, grid_.cols(), {}};
    outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
    if (!settings_.on_gpu) {
      add_products(voltages, 0, convert, outputs);
      return outputs;
    }
    const std::int64_t step = inputs_at_once();
    for (std::int64_t first = 0; first < voltages.rows; first += step) {
      const auto begin = voltages.values.begin() + first * voltages.cols;
      const std::int64_t count = std::min(step, voltages.rows - first);
      const Matrix some{count, voltages.cols, {begin, begin + count * voltages.cols}};
      add_products(some, first, convert, outputs);
    }
    return outputs;
  }

  // Of inputs from `row` on.
  template <class Convert>
  void add_products(const Matrix& voltages, std::int64_t row, const Convert& convert,
                    Matrix& outputs) {
    const std::vector<Pair> tiles = pairs(voltages);
    const std::int64_t before = row / kBlock * grid_.across();
    for_each_index(tasks(voltages), thread_count(settings_.threads), [&](std::int64_t task) {
      const std::int64_t first = task / grid_.across() * kBlock;
      const std::int64_t count = std::min(kBlock, voltages.rows - first);
      for (std::int64_t i = 0; i < grid_.down(); ++i) {
        const std::int64_t t = i * grid_.across() + task % grid_.across();
        const TilePart part = grid_.part(t);
        const Matrix sum =
            converted(tiles[static_cast<std::size_t>(t)], part, voltages, first, count,
                      [&](std::span<double> currents) { convert(before + task, currents); });
        for (std::int64_t n = 0; n < count; ++n) {
          for (std::int64_t j = 0; j < part.cols; ++j) {
            outputs(row + first + n, part.col + j) += sum(n, j);
          }
        }
      }
    });
  }

  static Matrix currents(const Tile& tile, const Matrix& known, const TilePart& part,
                         const Matrix& voltages, std::int64_t first, std::int64_t count) {
    Matrix result{count, part.cols, {}};
    if (!known.values.empty()) {
      const auto from = known.values.begin() + first * part.cols;
      result.values.assign(from, from + count * part.cols);
      return result;
    }
    result.values.resize(static_cast<std::size_t>(count * part.cols));
    tile.multiply(voltages.values.data() + first * voltages.cols + part.row, voltages.cols, count,
                  result.values.data());
    return result;
  }

  // A tile's currents at `count` inputs from `first` on, after the ADC.
  template <class Convert>
  Matrix converted(const Pair& pair, const TilePart& part, const Matrix& voltages,
                   std::int64_t first, std::int64_t count, const Convert& convert) const {
    const auto each_input = [&](Matrix& currents) {
      const auto cols = static_cast<std::size_t>(part.cols);
      for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n) {
        convert(std::span(currents.values).subspan(n * cols, cols));
      }
    };
    Matrix sum = currents(*pair.positive, pair.solved_positive, part, voltages, first, count);
    if (pair.negative != nullptr) {
      Matrix other = currents(*pair.negative, pair.solved_negative, part, voltages, first, count);
      const bool is_digital = settings_.subtraction == Subtraction::kDigital;
      if (is_digital) {
        each_input(sum);
        each_input(other);
      }
      std::transform(sum.values.begin(), sum.values.end(), other.values.begin(), sum.values.begin(),
                     std::minus<>());
      if (!is_digital) each_input(sum);
    } else {
      each_input(sum);
    }
    return sum;
  }

  TileSettings settings_;
  TileGrid grid_;
  std::vector<Tile> positive_, negative_;
  std::optional<OnGpu> gpu_;  // as of the last update
};

Tiles::Tiles(const Matrix& conductances, const TileSettings& settings)
    : implementation_(std::make_unique<Implementation>(conductances, nullptr, settings)) {}
Tiles::Tiles(const Matrix& positive, const Matrix& negative, const TileSettings& settings)
    : implementation_(std::make_unique<Implementation>(positive, &negative, settings)) {}
Tiles::~Tiles() = default;
Tiles::Tiles(Tiles&&) noexcept = default;
Tiles& Tiles::operator=(Tiles&&) noexcept = default;

const TileGrid& Tiles::grid() const { return implementation_->grid(); }
bool Tiles::has_negative() const { return implementation_->has_negative(); }
Matrix Tiles::conductances() const { return implementation_->programmed(false); }
Matrix Tiles::negative_conductances() const {
  if (!has_negative()) throw Error("these tiles have no negative arrays");
  return implementation_->programmed(true);
}

void Tiles::set_conductances(const Matrix& conductances) {
  implementation_->program(conductances, nullptr);
}
void Tiles::set_conductances(const Matrix& positive, const Matrix& negative) {
  implementation_->program(positive, &negative);
}
void Tiles::set_conductance(std::int64_t row, std::int64_t col, double siemens) {
  implementation_->set_conductance(row, col, siemens);
}

void Tiles::calibrate(const Matrix& voltages) { implementation_->calibrate(voltages); }
std::optional<Interval> Tiles::adc_range() const { return implementation_->adc_range(); }
Matrix Tiles::matmul(const Matrix& voltages) { return implementation_->matmul(voltages); }

}  // namespace wordline::crossbar
