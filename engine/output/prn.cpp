#include "wordline/engine/output/prn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/engine/output/text_columns.hpp"

namespace wordline {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kLastLine = "End of Xyce(TM) Simulation";

std::string printed(const std::string& name) {
  if (name == "frequency") return "FREQ";
  std::string text;
  for (const char c : name) {
    if (kBlanks.find(c) != std::string_view::npos) continue;
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

class PrnReader {
 public:
  PrnReader(const std::string& path, std::string_view content) : path_(path), rest_(content) {}

  Waveforms read() {
    PlotHeader header;
    header.plotname = std::filesystem::path(path_).filename().string();
    const bool indexed = read_names(header);
    const std::size_t columns = header.signals.size();
    join_parts(header);
    Waveforms waveforms;
    waveforms.begin(header);
    std::vector<double> values;
    while (!rest_.empty()) {
      std::string_view line = take_line();
      if (line.starts_with("End of ")) break;
      read_numbers(line, values);
      if (values.empty()) continue;
      if (indexed) values.erase(values.begin());
      if (values.size() != columns) {
        fail(fmt::format("{} numbers for {} names", values.size(), columns));
      }
      waveforms.point(header.complex ? point_of_pairs(values) : values);
    }
    return waveforms;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}:{}: {}", path_, line_, what));
  }

  std::string_view take_line() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    ++line_;
    return line;
  }

  static std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
  }

  // Returns whether the first column numbers the points.
  bool read_names(PlotHeader& header) {
    std::string_view line = take_line();
    bool indexed = false;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      std::string name = to_lower(word);
      if (name == "index" && header.signals.empty()) {
        indexed = true;
        continue;
      }
      header.signals.push_back(signal_of_name(name == "freq" ? "frequency" : std::move(name)));
    }
    if (header.signals.empty()) fail("the file has no line of names");
    return indexed;
  }

  void read_numbers(std::string_view line, std::vector<double>& values) const {
    values.clear();
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      double value = 0;
      const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
      if (status != std::errc() || end != word.data() + word.size()) {
        fail(fmt::format("'{:.40}' is no number", word));
      }
      values.push_back(value);
    }
  }

  const std::string& path_;
  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace

void PrnWriter::begin(const PlotHeader& header) {
  complex_ = header.complex;
  points_ = 0;
  header_ = "Index";
  for (std::size_t k = 0; k < header.signals.size(); ++k) {
    const std::string name = printed(header.signals[k].name);
    header_ += complex_ && k > 0 ? fmt::format("  Re({0})  Im({0})", name) : "  " + name;
  }
  header_ += '\n';
}

void PrnWriter::point(std::span<const double> values) {
  std::string line = std::exchange(header_, {});
  fmt::format_to(std::back_inserter(line), "{}", points_++);
  const std::size_t signals = complex_ ? values.size() / 2 : values.size();
  for (std::size_t k = 0; k < signals; ++k) {
    fmt::format_to(std::back_inserter(line), "  {:.16e}", values[k]);
    if (complex_ && k > 0) {
      fmt::format_to(std::back_inserter(line), "  {:.16e}", values[signals + k]);
    }
  }
  line += '\n';
  file_.append(line);
  if (file_.flush_due()) file_.flush();
}

void PrnWriter::end() {
  if (points_ == 0) return;
  file_.append(fmt::format("{}\n", kLastLine));
  file_.flush();
}

Waveforms read_prn(const std::string& path) {
  const std::string content = read_file(path);
  return PrnReader(path, content).read();
}

}  // namespace wordline
