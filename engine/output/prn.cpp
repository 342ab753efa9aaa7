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
constexpr std::string_view kLastLine = "End of Xyce(TM) Simulation\n";
constexpr std::string_view kLastLineOfSteps = "End of Xyce(TM) Parameter Sweep\n";

std::string path_of_steps(const std::string& path) {
  const std::filesystem::path table = path;
  return table.extension() == ".res"
             ? path + ".res"
             : std::filesystem::path(path).replace_extension(".res").string();
}

std::string printed(const std::string& name) {
  if (name == "frequency") return "FREQ";
  std::string text;
  for (const char c : name) {
    if (kBlanks.find(c) != std::string_view::npos) continue;
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

// A table as it stands: names, and rows of as many numbers.
struct TextTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
  bool stepped = false;  // as its last line says
};

class TableReader {
 public:
  TableReader(const std::string& path, std::string_view content) : path_(path), rest_(content) {}

  TextTable read() {
    TextTable table{.names = read_names(), .rows = {}};
    std::vector<double> values;
    while (!rest_.empty()) {
      const std::string_view line = take_line();
      if (line.starts_with("End of ")) {
        table.stepped = line.find("Parameter Sweep") != std::string_view::npos;
        break;
      }
      read_numbers(line, values);
      if (values.empty()) continue;
      if (values.size() != table.names.size()) {
        fail(fmt::format("{} numbers for {} names", values.size(), table.names.size()));
      }
      table.rows.push_back(values);
    }
    return table;
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

  std::vector<std::string> read_names() {
    std::string_view line = take_line();
    std::vector<std::string> names;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      names.push_back(to_lower(word));
    }
    if (names.empty()) fail("the file has no line of names");
    return names;
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

// The values of all steps; none where no table says so.
std::vector<std::vector<StepValue>> read_steps(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return {};
  const std::string content = read_file(path);
  const TextTable table = TableReader(path, content).read();
  std::vector<std::vector<StepValue>> steps;
  for (const std::vector<double>& row : table.rows) {
    std::vector<StepValue>& step = steps.emplace_back();
    for (std::size_t k = 1; k < row.size(); ++k) step.push_back({table.names[k], row[k]});
  }
  return steps;
}

// The rows of a table that are points of one plot: where they are numbered, up to the next 0.
std::vector<std::span<const std::vector<double>>> split_plots(const TextTable& table,
                                                              bool numbered) {
  const std::span<const std::vector<double>> rows = table.rows;
  std::vector<std::size_t> begins = {0};
  for (std::size_t k = 1; numbered && k < rows.size(); ++k) {
    if (rows[k][0] == 0) begins.push_back(k);
  }
  std::vector<std::span<const std::vector<double>>> plots;
  for (std::size_t k = 0; k < begins.size(); ++k) {
    const std::size_t end = k + 1 < begins.size() ? begins[k + 1] : rows.size();
    plots.push_back(rows.subspan(begins[k], end - begins[k]));
  }
  return plots;
}

}  // namespace

PrnWriter::~PrnWriter() {
  if (step_ == 0) return;
  try {
    file_.append(kLastLineOfSteps);
    file_.close();
    if (!steps_) return;
    steps_->append(kLastLineOfSteps);
    steps_->close();
  } catch (const Error&) {  // the tables lack their last lines, and so are not whole
  }
}

void PrnWriter::begin(const PlotHeader& header) {
  complex_ = header.complex;
  points_ = 0;
  values_ = header.steps;
  if (step_ > 0) return;
  header_ = "Index";
  for (std::size_t k = 0; k < header.signals.size(); ++k) {
    const std::string name = printed(header.signals[k].name);
    header_ += complex_ && k > 0 ? fmt::format("  Re({0})  Im({0})", name) : "  " + name;
  }
  header_ += '\n';
}

void PrnWriter::add_step() {
  if (file_.path() != "-" && !steps_) {
    steps_.emplace(path_of_steps(file_.path()));
    steps_->append("STEP");
    for (const StepValue& value : values_) steps_->append("  " + printed(value.name));
    steps_->append("\n");
  }
  if (steps_) {
    steps_->append(std::to_string(step_));
    for (const StepValue& value : values_) steps_->append(fmt::format("  {:.16e}", value.value));
    steps_->append("\n");
    steps_->flush();
  }
  ++step_;
}

void PrnWriter::point(std::span<const double> values) {
  if (points_ == 0 && !values_.empty()) add_step();
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
  if (step_ == 0 && points_ > 0) file_.append(kLastLine);
  file_.flush();
}

std::vector<Waveforms> read_prn(const std::string& path) {
  const std::string content = read_file(path);
  const TextTable table = TableReader(path, content).read();
  const bool numbered = table.names[0] == "index";
  PlotHeader header;
  header.plotname = std::filesystem::path(path).filename().string();
  for (std::size_t k = numbered ? 1 : 0; k < table.names.size(); ++k) {
    header.signals.push_back(
        signal_of_name(table.names[k] == "freq" ? "frequency" : table.names[k]));
  }
  if (header.signals.empty()) throw Error(fmt::format("{}:1: there are no names", path));
  join_parts(header);
  const auto plots = split_plots(table, numbered);
  // What stands beside a table without steps is not of it.
  auto steps =
      table.stepped ? read_steps(path_of_steps(path)) : std::vector<std::vector<StepValue>>();
  steps.resize(steps.size() == plots.size() ? steps.size() : 0);
  std::vector<Waveforms> read(plots.size());
  for (std::size_t k = 0; k < plots.size(); ++k) {
    if (!steps.empty()) header.steps = steps[k];
    read[k].begin(header);
    for (const std::vector<double>& row : plots[k]) {
      const auto values = std::span(row).subspan(numbered ? 1 : 0);
      header.complex ? read[k].point(point_of_pairs(values)) : read[k].point(values);
    }
  }
  return read;
}

}  // namespace wordline
