#include "wordline/netlist/matrix_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/netlist/npy.hpp"
#include "wordline/netlist/text.hpp"

namespace wordline {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool parse_number(std::string_view text, double& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return status == std::errc() && end == text.data() + text.size();
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string result(text.substr(0, kLongest));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < ' ') c = '?';
  }
  return text.size() > kLongest ? result + "..." : result;
}

// The text as rows of numbers.
class TextReader {
 public:
  TextReader(std::string_view text, const std::string& name) : rest_(text), name_(name) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  Matrix read() {
    bool first = true;
    while (next_line()) {
      split();
      if (fields_.empty() || (first && is_header())) {
        first = first && fields_.empty();
        continue;
      }
      first = false;
      add_row();
    }
    if (matrix_.rows == 0) throw Error(fmt::format("{} holds no numbers", name_));
    return std::move(matrix_);
  }

 private:
  bool next_line() {
    if (rest_.empty()) return false;
    const std::size_t length = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, length);
    rest_.remove_prefix(std::min(length + 1, rest_.size()));
    ++number_;
    return true;
  }

  void split() {
    fields_.clear();
    std::string_view row = trim(line_.substr(0, line_.find('#')));
    if (row.empty()) return;
    const bool by_semicolon = row.find(';') != std::string_view::npos;
    const bool by_comma = row.find(',') != std::string_view::npos;
    const std::string_view separators = by_semicolon ? ";" : by_comma ? "," : kBlanks;
    for (;;) {
      const std::size_t end = row.find_first_of(separators);
      fields_.push_back(trim(row.substr(0, end)));
      if (end == std::string_view::npos) return;
      row.remove_prefix(end + 1);
      if (separators == kBlanks) row = trim(row);
    }
  }

  bool is_header() const {
    return std::all_of(fields_.begin(), fields_.end(), [](std::string_view field) {
      double value = 0;
      return !field.empty() && !parse_number(field, value) &&
             std::string_view("+-.0123456789").find(field.front()) == std::string_view::npos;
    });
  }

  void add_row() {
    const auto cols = static_cast<std::int64_t>(fields_.size());
    if (matrix_.rows == 0) matrix_.cols = cols;
    if (cols != matrix_.cols) {
      fail(fields_.front(),
           fmt::format("{} numbers in this row, {} in the rows before it", cols, matrix_.cols));
    }
    for (const std::string_view field : fields_) {
      double value = 0;
      if (field.empty()) fail(field, "a number is missing");
      if (!parse_number(field, value)) {
        fail(field, fmt::format("'{}' is no number", printable(field)));
      }
      if (!std::isfinite(value)) fail(field, fmt::format("'{}' is not finite", field));
      matrix_.values.push_back(value);
    }
    ++matrix_.rows;
  }

  [[noreturn]] void fail(std::string_view at, const std::string& message) const {
    throw Error(fmt::format("{}:{}:{}: {}", name_, number_, at.data() - line_.data() + 1, message));
  }

  std::string_view rest_;
  const std::string& name_;
  std::string_view line_;
  int number_ = 0;
  std::vector<std::string_view> fields_;
  Matrix matrix_;
};

void append_text(OutputFile& file, const Matrix& matrix) {
  std::string line;
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    line.clear();
    for (std::int64_t j = 0; j < matrix.cols; ++j) {
      if (j > 0) line += ',';
      fmt::format_to(std::back_inserter(line), "{}", matrix(i, j));
    }
    line += '\n';
    file.append(line);
  }
}

void append_npy(OutputFile& file, const Matrix& matrix) {
  static_assert(std::endian::native == std::endian::little);
  file.append(npy_header(matrix.rows, matrix.cols));
  file.append(
      {reinterpret_cast<const char*>(matrix.values.data()), matrix.values.size() * sizeof(double)});
}

}  // namespace

Matrix read_matrix(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string name = path.string();
  if (is_npy(file.text())) return read_npy(file.text(), name);
  return TextReader(file.text(), name).read();
}

void write_matrix(const std::string& path, const Matrix& matrix) {
  OutputFile file(path);
  write_matrix(file, matrix);
}

void write_matrix(OutputFile& file, const Matrix& matrix) {
  if (to_lower(std::filesystem::path(file.path()).extension().string()) == ".npy") {
    append_npy(file, matrix);
  } else {
    append_text(file, matrix);
  }
  file.close();
}

}  // namespace wordline
