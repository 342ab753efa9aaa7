#include "wordline/engine/output/rawfile.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "wordline/base/version.hpp"

namespace wordline {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

// The point count is padded to hold any number that may replace it.
std::string format_count(std::uint64_t points) { return fmt::format("{:<20}", points); }

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// "title [rload = 2000, temp = 50]"
std::string titled(const PlotHeader& header) {
  std::string title = header.title;
  const char* separator = title.empty() ? "[" : " [";
  for (const StepValue& step : header.steps) {
    title += fmt::format("{}{} = {}", std::exchange(separator, ", "), step.name, step.value);
  }
  return header.steps.empty() ? title : title + ']';
}

std::string without_blanks(std::string name) {
  std::erase_if(name, [](char c) { return kBlanks.find(c) != std::string_view::npos; });
  return name.empty() ? "?" : name;
}

}  // namespace

RawfileWriter::RawfileWriter(const std::string& path, RawFormat format)
    : file_(path), format_(format) {}

void RawfileWriter::begin(const PlotHeader& header) {
  // Readers tell the dialect of a rawfile by the word ngspice in the line "Command:". ngspice
  // itself executes that line when it loads the file, hence the asterisk of a comment.
  header_ = fmt::format(
      "Title: {}\nDate: {:%a %b %e %H:%M:%S  %Y}\nPlotname: {}\nFlags: {}\n"
      "Command: * ngspice rawfile by Wordline {}\nNo. Variables: {}\nNo. Points: ",
      one_line(titled(header)), fmt::localtime(std::time(nullptr)), one_line(header.plotname),
      header.complex ? "complex" : "real", version(), header.signals.size());
  count_offset_ = file_.size() + header_.size();
  points_ = 0;
  complex_ = header.complex;
  header_ += format_count(0) + "\nVariables:\n";
  for (std::size_t k = 0; k < header.signals.size(); ++k) {
    const Signal& signal = header.signals[k];
    header_ += fmt::format("\t{}\t{}\t{}\n", k, without_blanks(signal.name),
                           signal.type.empty() ? "notype" : without_blanks(signal.type));
  }
  header_ += format_ == RawFormat::kBinary ? "Binary:\n" : "Values:\n";
}

void RawfileWriter::point(std::span<const double> values) {
  if (points_ == 0) file_.append(header_);
  if (format_ == RawFormat::kBinary) {
    append_binary(values);
  } else {
    append_text(values);
  }
  ++points_;
  if (file_.seekable() && file_.flush_due()) save_points();
}

void RawfileWriter::append_binary(std::span<const double> values) {
  std::vector<double> pairs;
  const std::size_t half = values.size() / 2;
  for (std::size_t k = 0; complex_ && k < half; ++k) {
    pairs.insert(pairs.end(), {values[k], values[half + k]});
  }
  const std::span<const double> numbers = complex_ ? std::span<const double>(pairs) : values;
  file_.append({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
}

void RawfileWriter::append_text(std::span<const double> values) {
  std::string text = fmt::format("{}\t", points_);
  const std::size_t signals = complex_ ? values.size() / 2 : values.size();
  for (std::size_t k = 0; k < signals; ++k) {
    text += fmt::format("\t{:.16e}", values[k]);
    if (complex_) text += fmt::format(",{:.16e}", values[signals + k]);
    text += '\n';
  }
  file_.append(text);
}

// The values go before their count: a writer killed in between leaves points that are not counted,
// never a count without its points.
void RawfileWriter::save_points() {
  if (file_.seekable()) file_.flush();
  file_.patch(count_offset_, format_count(points_));
}

void RawfileWriter::end() {
  if (points_ == 0) return;
  save_points();
  file_.flush();
}

}  // namespace wordline
