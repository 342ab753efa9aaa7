#include "wordline/cli/device_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>

#include "wordline/base/units.hpp"

namespace wordline::cli {

namespace {

constexpr std::size_t kLeast = 11;  // columns of "-123.4 uA/V" and what lies between them

// A quantity a line, a device a column.
void print_devices(const DeviceTable& table, std::span<const DeviceTable::Row> devices,
                   std::FILE* out) {
  std::size_t first = 0;
  for (const auto& column : table.columns) first = std::max(first, column.quantity.size());
  const auto width = [](const DeviceTable::Row& row) {
    return std::max(kLeast, row.device.size());
  };
  std::string line(first + 2, ' ');
  for (const auto& row : devices) line += fmt::format("  {:>{}}", row.device, width(row));
  fmt::print(out, "{}\n", line);
  for (std::size_t q = 0; q < table.columns.size(); ++q) {
    line = fmt::format("  {:<{}}", table.columns[q].quantity, first);
    for (const auto& row : devices) {
      line +=
          fmt::format("  {:>{}}", engineering(row.values[q], table.columns[q].unit), width(row));
    }
    fmt::print(out, "{}\n", line);
  }
}

}  // namespace

void print_devices(const std::vector<DeviceTable>& tables, std::FILE* out) {
  constexpr std::size_t kBeside = 5;  // devices, so that lines fit into 80 columns
  for (const DeviceTable& table : tables) {
    fmt::print(out, "\n{}\n", table.title);
    for (std::size_t from = 0; from < table.rows.size(); from += kBeside) {
      const std::size_t count = std::min(kBeside, table.rows.size() - from);
      print_devices(table, std::span(table.rows).subspan(from, count), out);
    }
  }
  if (!tables.empty()) fmt::print(out, "\n");
}

}  // namespace wordline::cli
