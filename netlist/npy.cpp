#include "wordline/netlist/npy.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "wordline/base/error.hpp"

namespace wordline {

namespace {

// The format: six bytes of magic, two of version, the header's length (2 bytes little-endian in
// version 1, 4 later), the header (a Python dictionary as text), the data.
constexpr std::string_view kMagic = "\x93NUMPY";

struct ElementType {
  std::string_view code;
  std::size_t size;
  double (*read)(const char* bytes);
};

template <class T>
double read_as(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

constexpr std::array<ElementType, 10> kTypes = {{
    {"f8", 8, read_as<double>},
    {"f4", 4, read_as<float>},
    {"i1", 1, read_as<std::int8_t>},
    {"i2", 2, read_as<std::int16_t>},
    {"i4", 4, read_as<std::int32_t>},
    {"i8", 8, read_as<std::int64_t>},
    {"u1", 1, read_as<std::uint8_t>},
    {"u2", 2, read_as<std::uint16_t>},
    {"u4", 4, read_as<std::uint32_t>},
    {"u8", 8, read_as<std::uint64_t>},
}};

class NpyReader {
 public:
  NpyReader(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Matrix read() {
    read_header();
    const std::size_t available = (bytes_.size() - at_) / type_->size;
    // Each factor is compared first, so that the product cannot overflow.
    const bool fits = rows_ <= available && cols_ <= available && rows_ * cols_ <= available;
    if (!fits || (bytes_.size() - at_) != rows_ * cols_ * type_->size) {
      fail(at_, fmt::format("{} bytes of data do not hold {} x {} numbers of {} bytes",
                            bytes_.size() - at_, rows_, cols_, type_->size));
    }
    if (rows_ * cols_ == 0) fail(at_, "the array is empty");
    return read_data();
  }

 private:
  void read_header() {
    at_ = kMagic.size();
    const std::size_t version = little_endian(1);
    if (version < 1 || version > 3) {
      fail(kMagic.size(), fmt::format("version {} of the format is not known", version));
    }
    little_endian(1);
    const std::size_t length = little_endian(version == 1 ? 2 : 4);
    if (length > bytes_.size() - at_) fail(at_, "the file ends inside its header");
    end_ = at_ + length;
    read_dictionary();
    at_ = end_;
    if (type_ == nullptr || !has_shape_ || !has_order_) {
      fail(at_, "the header lacks descr, fortran_order or shape");
    }
  }

  void read_dictionary() {
    expect('{');
    while (!accept('}')) {
      const std::string_view key = string();
      expect(':');
      if (key == "descr") {
        read_type();
      } else if (key == "fortran_order") {
        read_order();
      } else if (key == "shape") {
        read_shape();
      } else {
        fail(at_, fmt::format("the header's key '{}' is not known", key));
      }
      if (!accept(',')) {
        expect('}');
        return;
      }
    }
  }

  void read_type() {
    const char quote = peek();
    const std::size_t begin = at_;
    if (quote != '\'' && quote != '"') fail(begin, "records are not supported, only numbers");
    const std::string_view code = string();
    if (code.starts_with('>')) fail(begin, "big-endian data; save it as astype('<f8')");
    for (const ElementType& type : kTypes) {
      if (code.size() == 3 && code.substr(1) == type.code &&
          (code.front() == '<' || (code.front() == '|' && type.size == 1))) {
        type_ = &type;
      }
    }
    if (type_ == nullptr) {
      fail(begin, fmt::format("elements of type '{}' are not supported; save them as "
                              "astype('<f8')",
                              code));
    }
  }

  void read_order() {
    skip_blanks();
    const std::string_view rest = bytes_.substr(at_, end_ - at_);
    fortran_order_ = rest.starts_with("True");
    if (!fortran_order_ && !rest.starts_with("False")) fail(at_, "True or False is expected");
    at_ += fortran_order_ ? 4 : 5;
    has_order_ = true;
  }

  void read_shape() {
    skip_blanks();
    const std::size_t begin = at_;
    std::vector<std::size_t> shape;
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      std::size_t extent = 0;
      const auto [stop, status] =
          std::from_chars(bytes_.data() + at_, bytes_.data() + end_, extent);
      if (status != std::errc()) fail(at_, "an extent is expected in the shape");
      at_ = static_cast<std::size_t>(stop - bytes_.data());
      shape.push_back(extent);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    if (shape.empty() || shape.size() > 2) {
      fail(begin, fmt::format("an array of {} dimensions; 1 or 2 are expected", shape.size()));
    }
    rows_ = shape.size() == 2 ? shape[0] : 1;
    cols_ = shape.back();
    has_shape_ = true;
  }

  Matrix read_data() const {
    Matrix matrix{static_cast<std::int64_t>(rows_), static_cast<std::int64_t>(cols_), {}};
    matrix.values.reserve(rows_ * cols_);
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < cols_; ++j) {
        const std::size_t entry = fortran_order_ ? j * rows_ + i : i * cols_ + j;
        const std::size_t at = at_ + entry * type_->size;
        const double value = type_->read(bytes_.data() + at);
        if (!std::isfinite(value)) fail(at, fmt::format("element [{},{}] is not finite", i, j));
        matrix.values.push_back(value);
      }
    }
    return matrix;
  }

  std::size_t little_endian(std::size_t count) {
    if (count > bytes_.size() - at_) fail(at_, "the file ends inside its header");
    std::size_t value = 0;
    for (std::size_t k = 0; k < count; ++k) {
      value |= std::size_t{static_cast<unsigned char>(bytes_[at_++])} << (8 * k);
    }
    return value;
  }

  void skip_blanks() {
    while (at_ < end_ && (bytes_[at_] == ' ' || bytes_[at_] == '\n')) ++at_;
  }

  char peek() {
    skip_blanks();
    return at_ < end_ ? bytes_[at_] : '\0';
  }

  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(at_, fmt::format("'{}' is expected in the header", c));
  }

  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail(at_, "a quoted word is expected in the header");
    const std::size_t begin = at_ + 1;
    const std::size_t close = bytes_.substr(0, end_).find(quote, begin);
    if (close == std::string_view::npos) fail(at_, "a quote in the header is not closed");
    at_ = close + 1;
    return bytes_.substr(begin, close - begin);
  }

  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw Error(fmt::format("{}: byte {}: {}", name_, at, message));
  }

  std::string_view bytes_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  // of the header
  const ElementType* type_ = nullptr;
  bool fortran_order_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
  std::size_t rows_ = 0, cols_ = 0;
};

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

Matrix read_npy(std::string_view bytes, const std::string& name) {
  return NpyReader(bytes, name).read();
}

std::string npy_header(std::int64_t rows, std::int64_t cols) {
  std::string text =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", rows, cols);
  // The data begin at a multiple of 64 bytes, so that they can be used where a file is mapped.
  constexpr std::size_t kPrefix = kMagic.size() + 4;
  constexpr std::size_t kAlignment = 64;
  text.resize((kPrefix + text.size() + kAlignment) / kAlignment * kAlignment - kPrefix - 1, ' ');
  text += '\n';
  std::string header(kMagic);
  for (const std::size_t byte :
       {std::size_t{1}, std::size_t{0}, text.size() & 0xff, text.size() >> 8}) {
    header += static_cast<char>(byte);
  }
  return header + text;
}

}  // namespace wordline
