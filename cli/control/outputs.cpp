// print, write, wrdata.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "wordline/base/error.hpp"
#include "wordline/base/output_file.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/control/commands.hpp"
#include "wordline/cli/control/expression.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace wordline::cli::control {

namespace {

std::string number(const Vector& vector, std::size_t k, int digits) {
  const Complex value = vector.values[k];
  return vector.complex ? fmt::format("{:.{}e},{:.{}e}", value.real(), digits, value.imag(), digits)
                        : fmt::format("{:.{}e}", value.real(), digits);
}

std::vector<Vector> wanted(Session& session, const std::string& arguments) {
  if (arguments.empty() || to_lower(arguments) == "all") return session.plots.current().vectors;
  return evaluate_list(arguments, session.plots);
}

// The independent variable of the current plot, if it is one for vectors of this length.
const Vector* scale_of(Session& session, std::size_t length) {
  const std::vector<Vector>& vectors = session.plots.current().vectors;
  const bool has_one = session.plots.current().id != "const" && !vectors.empty() &&
                       vectors.front().values.size() == length && length > 1;
  return has_one ? &vectors.front() : nullptr;
}

void print_table(Session& session, std::vector<Vector> vectors) {
  std::size_t rows = 0;
  for (const Vector& vector : vectors) rows = std::max(rows, vector.values.size());
  if (const Vector* const scale = scale_of(session, rows)) {
    if (vectors.front().name != scale->name) vectors.insert(vectors.begin(), *scale);
  }
  std::string line = "Index";
  for (const Vector& vector : vectors) line += "\t" + printable(vector.name);
  fmt::print("{}\n", line);
  for (std::size_t k = 0; k < rows; ++k) {
    line = fmt::format("{}", k);
    for (const Vector& vector : vectors) {
      line += "\t";
      if (k < vector.values.size()) line += number(vector, k, session.digits());
    }
    fmt::print("{}\n", line);
  }
}

// The vectors and, before them, their scale; all have equally many elements.
std::vector<Vector> with_scale(Session& session, std::vector<Vector> vectors) {
  if (vectors.empty()) throw Error("there is nothing to write");
  const std::size_t length = vectors.front().values.size();
  for (const Vector& vector : vectors) {
    if (vector.values.size() == length) continue;
    throw Error(fmt::format("'{}' has {} elements, and '{}' {}", vectors.front().name, length,
                            vector.name, vector.values.size()));
  }
  const Vector* const scale = scale_of(session, length);
  if (scale != nullptr && vectors.front().name != scale->name) {
    vectors.insert(vectors.begin(), *scale);
  }
  return vectors;
}

std::string take_path(Session& session, std::string& arguments, const std::string& usual) {
  std::string path = arguments.empty() ? usual : take_word(arguments);
  refuse_to_overwrite(session.circuit.files, path);
  return path;
}

void append_number(std::string& line, const Vector& vector, std::size_t k, int digits) {
  fmt::format_to(std::back_inserter(line), "{: .{}e} ", vector.values[k].real(), digits);
  if (vector.complex) {
    fmt::format_to(std::back_inserter(line), "{: .{}e} ", vector.values[k].imag(), digits);
  }
}

}  // namespace

void print(Session& session, std::string arguments) {
  std::string rest = arguments;
  const std::string form = to_lower(take_word(rest));
  const bool as_columns = form == "col";
  if (as_columns || form == "line") arguments = rest;
  std::vector<Vector> vectors = wanted(session, arguments);
  const bool single = std::all_of(vectors.begin(), vectors.end(),
                                  [](const Vector& v) { return v.values.size() == 1; });
  if (!single || as_columns) {
    print_table(session, std::move(vectors));
    return;
  }
  for (const Vector& vector : vectors) {
    fmt::print("{} = {}\n", printable(vector.name), number(vector, 0, session.digits()));
  }
}

// A rawfile of the vectors, all of the current plot if none is named.
void write(Session& session, std::string arguments) {
  const std::string path = take_path(session, arguments, "rawspice.raw");
  const std::vector<Vector> vectors = with_scale(session, wanted(session, arguments));
  PlotHeader header{.title = session.circuit.title,
                    .plotname = session.plots.current().plotname,
                    .signals = {},
                    .complex = std::any_of(vectors.begin(), vectors.end(),
                                           [](const Vector& v) { return v.complex; })};
  for (const Vector& v : vectors) header.signals.push_back({v.name, v.type, v.unit});
  const auto type = session.variables.find("filetype");
  const bool ascii = type != session.variables.end() && type->second.front() == "ascii";
  RawfileWriter writer(path, ascii ? RawFormat::kAscii : RawFormat::kBinary);
  writer.begin(header);
  std::vector<double> point(header.numbers());
  for (std::size_t k = 0; k < vectors.front().values.size(); ++k) {
    for (std::size_t s = 0; s < vectors.size(); ++s) {
      point[s] = vectors[s].values[k].real();
      if (header.complex) point[vectors.size() + s] = vectors[s].values[k].imag();
    }
    writer.point(point);
  }
  writer.end();
}

// A table of numbers alone: before every vector its scale, as ngspice writes it; once with
// `set wr_singlescale`, and under their names with `set wr_vecnames`.
void write_data(Session& session, std::string arguments) {
  std::string path = take_word(arguments);
  if (path.empty() || arguments.empty()) throw Error("wrdata is written: wrdata file vectors");
  if (!std::filesystem::path(path).has_extension()) path += ".data";
  refuse_to_overwrite(session.circuit.files, path);
  const std::vector<Vector> asked = evaluate_list(arguments, session.plots);
  const std::vector<Vector> vectors = with_scale(session, asked);
  const bool has_scale = vectors.size() > asked.size();
  const bool once = session.variables.contains("wr_singlescale");
  const int digits = session.variables.contains("numdgt") ? session.digits() : 8;
  std::vector<const Vector*> columns;
  for (const Vector& vector : asked) {
    if (has_scale && (!once || columns.empty())) columns.push_back(&vectors.front());
    columns.push_back(&vector);
  }
  OutputFile file(path);
  std::string line;
  if (session.variables.contains("wr_vecnames")) {
    for (const Vector* column : columns) line += fmt::format(" {}", column->name);
    file.append(line + "\n");
  }
  for (std::size_t k = 0; k < vectors.front().values.size(); ++k) {
    line.clear();
    for (const Vector* column : columns) append_number(line, *column, k, digits);
    file.append(line + "\n");
  }
  file.close();
}

}  // namespace wordline::cli::control
