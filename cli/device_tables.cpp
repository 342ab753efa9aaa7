#include "wordline/cli/device_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "wordline/base/units.hpp"

namespace wordline::cli {

namespace {

constexpr std::size_t kBeside = 5;  // devices, so that lines fit into 80 columns
constexpr std::size_t kLeast = 11;  // columns of "-123.4 uA/V" and what lies between them

// The parts of @device[quantity].
std::string device_of(const std::string& signal) { return signal.substr(1, signal.rfind('[') - 1); }
std::string quantity_of(const std::string& signal) {
  const std::size_t begin = signal.rfind('[') + 1;
  return signal.substr(begin, signal.size() - begin - 1);
}

// Of every device the signals lie together, in the same order.
std::size_t quantities_of_each(const std::vector<Signal>& signals) {
  const std::string first = device_of(signals.front().name);
  const auto next = std::find_if(signals.begin(), signals.end(), [&](const Signal& signal) {
    return device_of(signal.name) != first;
  });
  return static_cast<std::size_t>(next - signals.begin());
}

}  // namespace

void print_devices(const Waveforms& table, std::FILE* out) {
  const std::vector<Signal>& signals = table.header().signals;
  const std::size_t each = quantities_of_each(signals);
  std::size_t first = 0;
  for (std::size_t q = 0; q < each; ++q) {
    first = std::max(first, quantity_of(signals[q].name).size());
  }
  fmt::print(out, "\n{}\n", table.header().plotname);
  for (std::size_t from = 0; from < signals.size(); from += kBeside * each) {
    const std::size_t end = std::min(from + kBeside * each, signals.size());
    std::string line(first + 2, ' ');
    std::vector<std::size_t> width;
    for (std::size_t device = from; device < end; device += each) {
      const std::string name = device_of(signals[device].name);
      width.push_back(std::max(kLeast, name.size()));
      line += fmt::format("  {:>{}}", name, width.back());
    }
    fmt::print(out, "{}\n", line);
    for (std::size_t q = 0; q < each; ++q) {
      line = fmt::format("  {:<{}}", quantity_of(signals[q].name), first);
      for (std::size_t d = 0; d < width.size(); ++d) {
        const std::size_t k = from + d * each + q;
        line += fmt::format("  {:>{}}", engineering(table.column(k)[0], signals[k].unit), width[d]);
      }
      fmt::print(out, "{}\n", line);
    }
  }
}

}  // namespace wordline::cli
