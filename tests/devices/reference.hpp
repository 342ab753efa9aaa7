// Tables of reference values, and derivatives to compare with.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace wordline::testing {

// A CSV file of tests/data/devices: lines of '#', a line of names, rows. A first column of text is
// the row's label.
struct ReferenceTable {
  std::vector<std::string> labels;
  std::vector<std::vector<double>> rows;
};

inline ReferenceTable read_reference(const std::string& name) {
  const char* root = std::getenv("WORDLINE_SOURCE_ROOT");
  std::ifstream file(std::filesystem::path(root == nullptr ? "." : root) / "tests/data/devices" /
                     name);
  ReferenceTable table;
  bool after_names = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (!after_names) {
      after_names = true;
      continue;
    }
    std::istringstream cells(line);
    std::vector<double> row;
    std::string label;
    for (std::string cell; std::getline(cells, cell, ',');) {
      char* end = nullptr;
      const double value = std::strtod(cell.c_str(), &end);
      if (end == cell.c_str()) {
        label = cell;
      } else {
        row.push_back(value);
      }
    }
    table.labels.push_back(label);
    table.rows.push_back(row);
  }
  if (table.rows.empty()) throw std::runtime_error("no reference rows in " + name);
  return table;
}

// Fourth-order central difference; exact to about 1e-10 of f/h for smooth f.
template <class F>
double central_difference(const F& f, double at, double h) {
  return (8 * (f(at + h) - f(at - h)) - (f(at + 2 * h) - f(at - 2 * h))) / (12 * h);
}

}  // namespace wordline::testing
