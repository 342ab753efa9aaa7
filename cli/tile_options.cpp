#include "wordline/cli/tile_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <map>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"

namespace wordline::cli {

namespace {

using crossbar::Interval;
using crossbar::Law;
using crossbar::Quantiser;

const std::map<std::string, Law> kLaws = {
    {"levels", Law::kLevels}, {"fixed-point", Law::kFixedPoint}, {"log", Law::kLog}};
const std::map<std::string, crossbar::Subtraction> kSubtractions = {
    {"digital", crossbar::Subtraction::kDigital}, {"analogue", crossbar::Subtraction::kAnalogue}};

std::int64_t whole_number(std::string_view text, const std::string& option) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    throw UsageError(
        fmt::format("--tile: '{}' is no size of a tile; write rows x columns, as 128x64", option));
  }
  return number;
}

crossbar::TileShape shape_of(const std::string& text, const Matrix& conductances) {
  if (text.empty()) return {conductances.rows, conductances.cols};
  const std::string_view all = text;
  const std::size_t cross = std::min(text.find('x'), text.find('X'));
  const std::int64_t rows = whole_number(all.substr(0, cross), text);
  // One number is both.
  return {rows, cross == std::string::npos ? rows : whole_number(all.substr(cross + 1), text)};
}

double number(const std::string& text, const std::string& option) {
  const std::optional<double> value = parse_spice_number(text);
  if (!value || !std::isfinite(*value)) {
    throw UsageError(fmt::format("{}: '{}' is no number", option, text));
  }
  return *value;
}

Interval interval(const std::string& text, const std::string& option) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    throw UsageError(fmt::format("{}: '{}' is no range; write low:high, as 0:1m", option, text));
  }
  const Interval range{number(text.substr(0, colon), option),
                       number(text.substr(colon + 1), option)};
  if (!(range.low < range.high)) {
    throw UsageError(fmt::format("{}: the range '{}' is empty", option, text));
  }
  return range;
}

Quantiser adc_of(const TileOptions& o) {
  Quantiser adc{.law = kLaws.at(o.adc_law),
                .levels = crossbar::levels_of_bits(o.adc_bits),
                .range = {},
                .overflow = o.adc_overflow};
  if (!o.adc_range.empty() && o.adc_range != "each") {
    adc.range = interval(o.adc_range, "--adc-range");
    if (adc.law == Law::kLog && !(adc.range->low > 0)) {
      throw UsageError("--adc-range: that of a logarithmic ADC begins above 0");
    }
  }
  return adc;
}

Quantiser dac_of(const TileOptions& o, const Matrix& inputs) {
  Quantiser dac{.levels = crossbar::levels_of_bits(o.dac_bits)};
  dac.range = o.dac_range.empty() ? crossbar::calibrated_range(dac, inputs.values)
                                  : interval(o.dac_range, "--dac-range");
  return dac;
}

void check_companions(const TileOptions& o) {
  const bool has_adc_options = !o.adc_range.empty() || o.adc_overflow != 0 || o.adc_law != "levels";
  if (o.adc_bits == 0 && has_adc_options) {
    throw UsageError("options of the ADC without one; give --adc-bits");
  }
  if (o.dac_bits == 0 && !o.dac_range.empty()) throw UsageError("--dac-range without --dac-bits");
  if (o.negative.empty() && o.subtraction != "digital") {
    throw UsageError("--subtraction without --negative, whose currents would be subtracted");
  }
}

}  // namespace

void add_tile_options(CLI::App& command, TileOptions& o) {
  command
      .add_option("--tile", o.shape,
                  "Arrays of this size, rows x columns as 128x64, whose\ncurrents are added")
      ->type_name("SIZE");
  command
      .add_option("--tile-padding", o.padding,
                  "Fill partial tiles up with cells of this conductance;\nby default they are "
                  "smaller")
      ->type_name("SIEMENS");
  command
      .add_option("--negative", o.negative,
                  "The conductances of arrays whose currents are subtracted")
      ->type_name("FILE");
  command
      .add_option("--subtraction", o.subtraction,
                  "digital: after an ADC each (the default); analogue:\nbefore one of both")
      ->check(CLI::IsMember(kSubtractions));
  command.add_option("--adc-bits", o.adc_bits, "Read every tile by an ADC of so many bits")
      ->check(CLI::Range(1, 24))
      ->type_name("COUNT");
  command
      .add_option("--adc-range", o.adc_range,
                  "Its range in ampere, as 0:1m; 'each': from each tile's\ncurrents at each "
                  "input; by default that of all of them")
      ->type_name("LOW:HIGH");
  command
      .add_option("--adc-overflow", o.adc_overflow,
                  "Share of the currents that a range may clip; 0 by default")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
  command
      .add_option("--adc-law", o.adc_law,
                  "levels (equally spaced; the default), fixed-point (the\nstep is a power of "
                  "two), log")
      ->check(CLI::IsMember(kLaws));
  command.add_option("--dac-bits", o.dac_bits, "Inputs from a DAC of so many bits")
      ->check(CLI::Range(1, 24))
      ->type_name("COUNT");
  command
      .add_option("--dac-range", o.dac_range, "Its range in volt; by default that of the inputs")
      ->type_name("LOW:HIGH");
}

bool are_given(const TileOptions& o) {
  check_companions(o);
  return !o.shape.empty() || !o.padding.empty() || !o.negative.empty() || o.adc_bits != 0 ||
         o.dac_bits != 0;
}

crossbar::TileSettings tile_settings(const TileOptions& o, const Matrix& conductances,
                                     const Matrix& inputs) {
  crossbar::TileSettings settings;
  settings.shape = shape_of(o.shape, conductances);
  settings.subtraction = kSubtractions.at(o.subtraction);
  if (!o.padding.empty()) {
    settings.pad = number(o.padding, "--tile-padding");
    if (*settings.pad < 0) throw UsageError("--tile-padding: a conductance is 0 or more");
  }
  if (o.adc_bits > 0) settings.adc = adc_of(o);
  if (o.dac_bits > 0) settings.dac = dac_of(o, inputs);
  return settings;
}

bool is_calibrated(const TileOptions& o) { return o.adc_bits > 0 && o.adc_range.empty(); }

std::string describe(const crossbar::Tiles& tiles, const TileOptions& o) {
  const crossbar::TileGrid& grid = tiles.grid();
  std::string text = fmt::format(
      ", {}{} tile{} of {} x {}", grid.count(), tiles.has_negative() ? " x 2" : "",
      grid.count() == 1 && !tiles.has_negative() ? "" : "s", grid.shape().rows, grid.shape().cols);
  if (o.dac_bits > 0) text += fmt::format(", DAC of {} bits", o.dac_bits);
  if (o.adc_bits > 0) text += fmt::format(", ADC of {} bits", o.adc_bits);
  if (const auto range = tiles.adc_range()) {
    text += fmt::format(" from {:.3g} to {:.3g} A", range->low, range->high);
  }
  return text;
}

}  // namespace wordline::cli
