#include "wordline/engine/output/text_columns.hpp"

#include <utility>

#include "wordline/engine/output/read_file.hpp"

namespace wordline {

namespace {

std::string inner_name(const std::string& name, std::string_view function) {
  const bool of_function = name.starts_with(function) && name.ends_with(')');
  return of_function ? name.substr(function.size(), name.size() - function.size() - 1) : "";
}

}  // namespace

void join_parts(PlotHeader& header) {
  const std::vector<Signal>& columns = header.signals;
  if (columns.size() < 3 || columns.size() % 2 == 0) return;
  std::vector<Signal> joined = {columns[0]};
  for (std::size_t k = 1; k < columns.size(); k += 2) {
    const std::string name = inner_name(columns[k].name, "re(");
    if (name.empty() || name != inner_name(columns[k + 1].name, "im(")) return;
    joined.push_back(signal_of_name(name));
  }
  header.signals = std::move(joined);
  header.complex = true;
}

std::vector<double> point_of_pairs(std::span<const double> line) {
  std::vector<double> point = {line[0]};
  for (std::size_t k = 1; k < line.size(); k += 2) point.push_back(line[k]);
  point.push_back(0);
  for (std::size_t k = 2; k < line.size(); k += 2) point.push_back(line[k]);
  return point;
}

}  // namespace wordline
