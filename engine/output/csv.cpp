#include "wordline/engine/output/csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/engine/output/text_columns.hpp"

namespace wordline {

namespace {

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

class CsvReader {
 public:
  CsvReader(const std::string& path, std::string_view content) : path_(path), rest_(content) {}

  Waveforms read() {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);  // the mark that Excel writes
    PlotHeader header;
    header.plotname = std::filesystem::path(path_).filename().string();
    if (rest_.empty()) fail("the file is empty");
    do {
      header.signals.push_back(signal_of_name(take_field()));
    } while (take_comma());
    const std::size_t columns = header.signals.size();
    join_parts(header);
    Waveforms waveforms;
    waveforms.begin(header);
    std::vector<double> values(columns);
    while (!rest_.empty()) {
      for (std::size_t k = 0; k < values.size(); ++k) {
        if (k > 0) {
          if (!rest_.starts_with(','))
            fail(fmt::format("{} numbers for {} names", k, values.size()));
          take_comma();
        }
        values[k] = take_number();
      }
      if (take_comma()) fail(fmt::format("more numbers than the {} names", values.size()));
      waveforms.point(header.complex ? point_of_pairs(values) : values);
    }
    return waveforms;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}:{}: {}", path_, line_, what));
  }

  // A name, without its quotes.
  std::string take_field() {
    if (!rest_.starts_with('"')) {
      const std::string_view field = rest_.substr(0, rest_.find_first_of(",\r\n"));
      rest_.remove_prefix(field.size());
      return std::string(field);
    }
    std::string field;
    for (;;) {
      const std::size_t quote = rest_.find('"', 1);
      if (quote == std::string_view::npos) fail("a quote is not closed");
      field += rest_.substr(1, quote - 1);
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) return field;
      field += '"';
    }
  }

  double take_number() {
    const std::string_view field = rest_.substr(0, rest_.find_first_of(",\r\n"));
    double value = 0;
    const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (status != std::errc() || end != field.data() + field.size()) {
      fail(fmt::format("'{:.40}' is not a number", field));
    }
    rest_.remove_prefix(field.size());
    return value;
  }

  // True past a comma, false past the end of a line.
  bool take_comma() {
    if (rest_.starts_with(',')) {
      rest_.remove_prefix(1);
      return true;
    }
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) {
      rest_.remove_prefix(1);
      ++line_;
    } else if (!rest_.empty()) {
      fail(fmt::format("'{:.10}' where a comma or the end of the line should be", rest_));
    }
    return false;
  }

  const std::string& path_;
  std::string_view rest_;
  int line_ = 1;
};

}  // namespace

void CsvWriter::begin(const PlotHeader& header) {
  const bool has_names = std::exchange(is_stepped_, !header.steps.empty());
  complex_ = header.complex;
  header_.clear();
  steps_.clear();
  for (const Signal& signal : header.signals) {
    const bool first = header_.empty();
    if (!first) header_ += ',';
    if (complex_ && !first) {
      header_ += quoted("re(" + signal.name + ')') + ',' + quoted("im(" + signal.name + ')');
    } else {
      header_ += quoted(signal.name);
    }
  }
  for (const StepValue& step : header.steps) {
    header_ += ',' + quoted(step.name);
    fmt::format_to(std::back_inserter(steps_), ",{}", step.value);
  }
  header_ += '\n';
  steps_ += '\n';
  if (has_names && is_stepped_) header_.clear();
}

void CsvWriter::point(std::span<const double> values) {
  std::string line = std::exchange(header_, {});
  const std::size_t signals = complex_ ? values.size() / 2 : values.size();
  for (std::size_t k = 0; k < signals; ++k) {
    fmt::format_to(std::back_inserter(line), "{}{}", k == 0 ? "" : ",", values[k]);
    if (complex_ && k > 0) fmt::format_to(std::back_inserter(line), ",{}", values[signals + k]);
  }
  line += steps_;
  file_.append(line);
  if (file_.flush_due()) file_.flush();
}

void CsvWriter::end() { file_.flush(); }

Waveforms read_csv(const std::string& path) {
  const std::string content = read_file(path);
  return CsvReader(path, content).read();
}

}  // namespace wordline
