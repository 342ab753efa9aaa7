#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/output/read_file.hpp"

namespace wordline {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The first word of `text`, which is left without it.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  return word;
}

bool take_number(std::string_view word, double& value) {
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
  return status == std::errc() && end == word.data() + word.size();
}

class RawfileReader {
 public:
  RawfileReader(const std::string& path, std::string_view content) : path_(path), rest_(content) {}

  std::vector<Waveforms> read() {
    if (rest_.starts_with("\xff\xfe") || rest_.starts_with(std::string_view("T\0i\0", 4))) {
      fail("a UTF-16 rawfile, as LTspice writes, is not read");
    }
    std::vector<Waveforms> plots;
    while (!trim(rest_).empty()) plots.push_back(read_plot());
    if (plots.empty()) fail("the file is empty");
    return plots;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}: {}", path_, what));
  }

  std::string_view take_line() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }

  std::uint64_t parse_count(std::string_view text, std::string_view key) const {
    std::uint64_t count = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (status != std::errc() || end != text.data() + text.size()) {
      fail(fmt::format("'{}' should give a number, not '{:.40}'", key, text));
    }
    return count;
  }

  Waveforms read_plot() {
    plot_ = {};
    points_ = variables_ = 0;
    for (;;) {
      if (rest_.empty()) fail("the file ends in a header");
      const std::string_view line = take_line();
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) {
        if (trim(line).empty()) continue;
        fail(fmt::format("not a rawfile: its header holds '{:.40}'", trim(line)));
      }
      const std::string key = to_lower(trim(line.substr(0, colon)));
      if (key == "variables") read_variables();
      if (key == "values" || key == "binary") return read_values(key == "binary");
      read_header_line(key, trim(line.substr(colon + 1)));
    }
  }

  // Keys without a meaning here (Date, Command, Option, Dimensions ...) are passed over.
  void read_header_line(const std::string& key, std::string_view value) {
    if (key == "title") plot_.title = value;
    if (key == "plotname") plot_.plotname = value;
    if (key == "no. variables") variables_ = parse_count(value, "No. Variables");
    if (key == "no. points") points_ = parse_count(value, "No. Points");
    if (key == "flags") {
      const std::string flags = to_lower(value);
      plot_.complex = flags.find("complex") != std::string::npos;
      if (flags.find("unpadded") != std::string::npos) {
        fail("signals of different lengths (flag 'unpadded') are not read");
      }
    }
  }

  void read_variables() {
    for (std::uint64_t k = 0; k < variables_; ++k) {
      if (rest_.empty()) fail("the file ends in its list of variables");
      std::string_view line = take_line();
      const std::string_view index = take_word(line);
      const std::string_view name = take_word(line);
      const std::string_view type = take_word(line);
      if (parse_count(index, "Variables") != k || type.empty()) {
        fail(fmt::format("variable {} should be given as index, name and type", k));
      }
      plot_.signals.push_back(signal_of_type(std::string(name), to_lower(type)));
    }
  }

  Waveforms read_values(bool binary) {
    if (plot_.signals.empty()) fail("the header names no variables");
    Waveforms waveforms;
    waveforms.begin(plot_);
    std::vector<double> point(plot_.numbers());
    while (!at_end_of_values(waveforms.points()) &&
           (binary ? take_binary(point) : take_ascii(waveforms.points(), point))) {
      waveforms.point(point);
    }
    if (waveforms.points() < points_) {
      fail(fmt::format("'{}' ends after {} of {} points", plot_.plotname, waveforms.points(),
                       points_));
    }
    if (!at_end_of_values(points_)) rest_ = {};  // half a point that a killed writer left
    return waveforms;
  }

  // The format marks no end: past the announced points comes the next plot's title or nothing.
  bool at_end_of_values(std::uint64_t points) const {
    return rest_.empty() || (points >= points_ && rest_.starts_with("Title:"));
  }

  bool take_binary(std::vector<double>& point) {
    const std::size_t size = point.size() * sizeof(double);
    if (rest_.size() < size) return false;
    const std::size_t parts = parts_of_value();
    for (std::size_t k = 0; k < point.size(); ++k) {
      std::memcpy(&point[place_of(k, parts)], rest_.data() + k * sizeof(double), sizeof(double));
    }
    rest_.remove_prefix(size);
    return true;
  }

  // The file holds the parts of a value side by side, a point all real parts first.
  std::size_t parts_of_value() const { return plot_.complex ? 2 : 1; }
  std::size_t place_of(std::size_t number, std::size_t parts) const {
    return number / parts + number % parts * plot_.signals.size();
  }

  // One point: its number, then its values. False at the end of the file, and where a killed
  // writer left off within a point that it had not counted.
  bool take_ascii(std::uint64_t index, std::vector<double>& point) {
    const bool counted = index < points_;
    std::string_view ahead = rest_;
    const std::string_view number = take_word(ahead);
    if (number.empty()) return false;
    if (number != std::to_string(index)) {
      if (!counted) return false;
      fail(fmt::format("point {} of '{}' is numbered '{:.40}'", index, plot_.plotname, number));
    }
    for (std::size_t k = 0; k < plot_.signals.size(); ++k) {
      const std::string_view word = take_word(ahead);
      if (word.empty() || (ahead.empty() && !counted)) return false;
      const std::size_t comma = plot_.complex ? word.find(',') : std::string_view::npos;
      const bool taken = take_number(word.substr(0, comma), point[k]) &&
                         (!plot_.complex ||
                          (comma != std::string_view::npos &&
                           take_number(word.substr(comma + 1), point[plot_.signals.size() + k])));
      if (!taken) {
        fail(fmt::format("point {} of '{}' holds '{:.60}', not {}", index, plot_.plotname, word,
                         plot_.complex ? "two numbers with a comma between them" : "a number"));
      }
    }
    rest_ = ahead;
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    return true;
  }

  const std::string& path_;
  std::string_view rest_;
  PlotHeader plot_;
  std::uint64_t variables_ = 0;
  std::uint64_t points_ = 0;
};

}  // namespace

std::vector<Waveforms> read_rawfile(const std::string& path) {
  const std::string content = read_file(path);
  return RawfileReader(path, content).read();
}

}  // namespace wordline
