// `wordline matmul`: the product of input voltages with the conductances of an array, without a
// deck.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "wordline/base/output_file.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/gpu_choice.hpp"
#include "wordline/cli/read_cost_options.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/cli/tile_options.hpp"
#include "wordline/cli/wire_options.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/tiles.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline::cli {

namespace {

using crossbar::Array;
using crossbar::SolveReport;

const std::map<std::string, crossbar::Method> kMethods = {
    {"auto", crossbar::Method::kAuto},
    {"krylov", crossbar::Method::kKrylov},
    {"multifrontal", crossbar::Method::kMultifrontal},
    {"klu", crossbar::Method::kKlu}};

struct MatmulOptions {
  std::string conductances;
  std::string inputs;
  std::string output = "-";
  std::string transfer;
  WireOptions wires;
  bool transpose = false;
  std::string tolerance;
  std::string method = "auto";
  std::string device = "cpu";
  int threads = 0;
  bool quiet = false;
  TileOptions tiles;
  ReadCostOptions cost;
};

crossbar::Settings settings(const MatmulOptions& o, const Matrix& conductances) {
  crossbar::Settings s;
  if (o.transpose) std::swap(s.inputs, s.outputs);
  if (!o.tolerance.empty()) {
    s.tolerance = non_negative(o.tolerance, "tolerance");
    if (s.tolerance == 0) throw UsageError("--tolerance: it must be greater than 0");
  }
  s.method = kMethods.at(o.method);
  if (o.device != "cpu" && o.method != "auto") {
    throw UsageError("--method is the processor's: it needs --device cpu");
  }
  if (takes_gpu(o.device, conductances.values.size(), !o.quiet)) s.method = crossbar::Method::kCuda;
  s.threads = o.threads;
  return s;
}

std::string ending(double seconds, const std::string& path) {
  return fmt::format(", {:.2f} s", seconds) + (path == "-" ? "" : ", " + path);
}

// "matmul: 512 x 512 cells, 4 inputs, krylov, 37 iterations, residual 6.1e-12, 0.12 s, i.npy"
std::string summary(const Array& array, std::int64_t inputs, double seconds,
                    const std::string& path) {
  const SolveReport& report = array.report();
  std::string text = fmt::format("matmul: {} x {} cells, {} input{}, {}", array.rows(),
                                 array.cols(), inputs, inputs == 1 ? "" : "s", report.method);
  if (report.inner > 0) {
    text += fmt::format(", {} iteration{}", report.inner, report.inner == 1 ? "" : "s");
  }
  // Of a transconductance matrix no residual is known.
  if (report.residual > 0) text += fmt::format(", residual {:.1e}", report.residual);
  return text + ending(seconds, path);
}

void check_paths(const MatmulOptions& options) {
  if (options.inputs.empty() && options.transfer.empty()) {
    throw UsageError("nothing to compute: give --inputs, or --transfer for the matrix alone");
  }
  if (!options.inputs.empty() && options.output == options.transfer) {
    throw UsageError("--output and --transfer name the same file");
  }
  const std::vector<std::filesystem::path> read = {options.conductances, options.inputs,
                                                   options.tiles.negative};
  refuse_to_overwrite(read, options.output);
  refuse_to_overwrite(read, options.transfer);
}

// Writes what `product` computes, and sums it up by the text that `summary` makes of the seconds.
int write_product(const MatmulOptions& options, const std::function<Matrix()>& product,
                  const std::function<std::string(double seconds)>& summary) {
  // Opened first: a path that cannot be written costs no computation.
  OutputFile file(options.output);
  const auto begin = std::chrono::steady_clock::now();
  Matrix outputs;
  try {
    outputs = product();
  } catch (const crossbar::UnsolvedError& error) {
    spdlog::error("matmul failed: {}", error.what());
    return kAnalysisFailed;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_matrix(file, outputs);
  if (!options.quiet) {
    fmt::print(options.output == "-" ? stderr : stdout, "{}\n", summary(seconds));
  }
  return kOk;
}

int multiply(Array& array, const MatmulOptions& options) {
  const Matrix inputs =
      read_inputs(options.inputs, array.inputs(), options.transpose ? "bit" : "word");
  // Computed first: what is asked for and cannot be should leave no file.
  const std::string cost =
      are_given(options.cost) ? describe(array, inputs, options.cost) + "\n" : "";
  const int exit_code = write_product(
      options, [&] { return array.matmul(inputs); },
      [&](double seconds) { return summary(array, inputs.rows, seconds, options.output); });
  if (exit_code == kOk) fmt::print(options.output == "-" ? stderr : stdout, "{}", cost);
  return exit_code;
}

void check_tiled(const MatmulOptions& options) {
  if (!options.transfer.empty()) {
    throw UsageError("--transfer is the matrix of one array, not of tiles with converters");
  }
  if (options.method != "auto" || !options.tolerance.empty()) {
    throw UsageError("--method and --tolerance are for one array, not for tiles");
  }
  if (are_given(options.cost)) {
    throw UsageError("energy, settling and area are those of one array, not of tiles");
  }
}

// Inputs on the bit lines are those on the word lines of the array seen from the other side.
Matrix seen_from(const Matrix& g, bool other_side) {
  if (!other_side) return g;
  Matrix turned{g.cols, g.rows, {}};
  for (std::int64_t j = 0; j < g.cols; ++j) {
    for (std::int64_t i = 0; i < g.rows; ++i) turned.values.push_back(g(i, j));
  }
  return turned;
}

crossbar::Tiles make_tiles(const MatmulOptions& o, const Matrix& cells, const Matrix& inputs) {
  crossbar::TileSettings s = tile_settings(o.tiles, cells, inputs);
  s.word = word_lines(o.wires);
  s.bit = bit_lines(o.wires);
  if (o.transpose) std::swap(s.word, s.bit);
  s.threads = o.threads;
  s.on_gpu = takes_gpu(o.device, cells.values.size(), !o.quiet);
  if (o.tiles.negative.empty()) return {cells, s};
  const Matrix negative = seen_from(read_conductances(o.tiles.negative), o.transpose);
  if (negative.rows != cells.rows || negative.cols != cells.cols) {
    throw UsageError(fmt::format("{}: {} x {} conductances beside {} x {}", o.tiles.negative,
                                 negative.rows, negative.cols, cells.rows, cells.cols));
  }
  return {cells, negative, s};
}

int multiply_tiled(const MatmulOptions& o) {
  check_tiled(o);
  const Matrix cells = seen_from(read_conductances(o.conductances), o.transpose);
  const Matrix inputs =
      read_inputs(o.inputs, static_cast<std::int32_t>(cells.rows), o.transpose ? "bit" : "word");
  crossbar::Tiles tiles = make_tiles(o, cells, inputs);
  return write_product(
      o,
      [&] {
        if (is_calibrated(o.tiles)) tiles.calibrate(inputs);
        return tiles.matmul(inputs);
      },
      [&](double seconds) {
        return fmt::format("matmul: {} x {} cells, {} input{}", cells.rows, cells.cols, inputs.rows,
                           inputs.rows == 1 ? "" : "s") +
               describe(tiles, o.tiles) + ending(seconds, o.output);
      });
}

int matmul(const MatmulOptions& options) {
  check_paths(options);
  if (are_given(options.cost) && (options.transpose || options.inputs.empty())) {
    throw UsageError("energy, settling and area are those of --inputs on the word lines");
  }
  if (are_given(options.tiles)) return multiply_tiled(options);
  Matrix conductances = read_conductances(options.conductances);
  const crossbar::Settings solved = settings(options, conductances);
  Array array(std::move(conductances), word_lines(options.wires), bit_lines(options.wires), solved);
  int exit_code = kOk;
  if (!options.inputs.empty()) exit_code = multiply(array, options);
  if (!options.transfer.empty() && exit_code == kOk) {
    OutputFile file(options.transfer);
    write_matrix(file, array.transfer());
  }
  return exit_code;
}

}  // namespace

void add_matmul_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<MatmulOptions>();
  CLI::App* command = app.add_subcommand("matmul", "Multiply inputs with an array of conductances");
  const auto file = [command](const char* name, std::string& value, const char* text) {
    return command->add_option(name, value, text)->type_name("FILE");
  };
  file("-g,--conductances", options->conductances,
       "The cells' conductances in siemens, rows x cols: .npy or\ntext")
      ->required();
  file("-i,--inputs", options->inputs, "Voltages of the word lines, a row an input: .npy or text");
  file("-o,--output", options->output,
       "Currents out of the bit lines in ampere, a row an input:\n.npy, or CSV under any other "
       "name; by default, or as -,\nCSV on standard output");
  file("--transfer", options->transfer,
       "Write the matrix T of the array, cols x rows, to this\nfile: currents are T times "
       "voltages");
  add_wire_options(*command, options->wires);
  add_tile_options(*command, options->tiles);
  add_read_cost_options(*command, options->cost);
  command->add_flag("--transpose", options->transpose,
                    "Inputs on the bit lines, currents out of the word lines");
  command
      ->add_option("--tolerance", options->tolerance,
                   "Of the residual, relative to the driven currents;\n1e-10 by default")
      ->type_name("NUMBER");
  command->add_option("--method", options->method, "How it is solved; auto by default")
      ->check(CLI::IsMember(kMethods));
  add_device_option(*command, options->device);
  command->add_option("--threads", options->threads, "Threads; by default one a processor")
      ->check(CLI::Range(1, 1024))
      ->type_name("COUNT");
  command->add_flag("-q,--quiet", options->quiet, "No summary");
  command->footer(R"(Resistances are SPICE numbers: 2.5, 1k. Lines that are not driven by inputs are
at 0 V. Nonlinear cells, transistors and other circuits: '.matmul' in a deck.)");
  command->callback([options, &exit_code] { exit_code = matmul(*options); });
}

}  // namespace wordline::cli
