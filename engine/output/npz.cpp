#include "wordline/engine/output/npz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "wordline/base/error.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/engine/output/zip.hpp"

namespace wordline {

namespace {

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};
constexpr std::string_view kEnding = ".npy";

// What stands before the data: the magic, the length of the dictionary, the dictionary, so that
// data begin at a multiple of 64 bytes.
std::string array_header(std::size_t points, bool complex) {
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}",
                                 complex ? "<c16" : "<f8", points);
  const std::size_t unpadded = kMagic.size() + 2 + text.size() + 1;
  text.append((64 - unpadded % 64) % 64, ' ');
  text += '\n';
  std::string header(kMagic);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

std::string_view bytes_of(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

Error temporary_file_error(const char* call) {
  return Error(fmt::format("temporary file: {}: {}", call, std::strerror(errno)));
}

// An array of one dimension in the bytes of a .npy file.
class ArrayReader {
 public:
  ArrayReader(const std::string& path, const ZipMember& member) : path_(path), member_(member) {}

  struct Array {
    std::vector<double> numbers;  // pairs of complex ones
    bool complex;
  };

  Array read() const {
    const std::string& bytes = member_.content;
    if (bytes.size() < 10 || !bytes.starts_with(kMagic.substr(0, 6))) fail("it is no array");
    const bool is_first = bytes[6] == 1;
    const std::size_t length =
        is_first ? byte(8) + (byte(9) << 8) : byte(8) + (byte(9) << 8) + (byte(10) << 16);
    const std::size_t begin = is_first ? 10 : 12;
    if (begin + length > bytes.size()) fail("its header is cut off");
    const std::string_view header = std::string_view(bytes).substr(begin, length);
    const bool complex = header.find("<c16") != std::string_view::npos;
    if (!complex && header.find("<f8") == std::string_view::npos) {
      fail("only float64 and complex128 are read; save it as astype('<f8')");
    }
    const std::size_t count = extent(header) * (complex ? 2 : 1);
    const std::string_view data = std::string_view(bytes).substr(begin + length);
    if (data.size() % sizeof(double) != 0 || data.size() / sizeof(double) != count) {
      fail(fmt::format("{} bytes are no {} numbers", data.size(), count));
    }
    Array array{std::vector<double>(count), complex};
    std::memcpy(array.numbers.data(), data.data(), data.size());
    return array;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}: '{}': {}", path_, member_.name, what));
  }

  std::size_t byte(std::size_t at) const {
    if (at >= member_.content.size()) fail("its header is cut off");
    return static_cast<unsigned char>(member_.content[at]);
  }

  // "'shape': (12,)"
  std::size_t extent(std::string_view header) const {
    const std::size_t open = header.find('(');
    std::size_t extent = 0;
    if (open == std::string_view::npos) fail("its header has no shape");
    const auto [end, status] =
        std::from_chars(header.data() + open + 1, header.data() + header.size(), extent);
    const std::string_view rest(end, static_cast<std::size_t>(header.data() + header.size() - end));
    if (status != std::errc() || !(rest.starts_with(",)") || rest.starts_with(')'))) {
      fail("only arrays of one dimension are signals");
    }
    return extent;
  }

  const std::string& path_;
  const ZipMember& member_;
};

}  // namespace

void NpzWriter::begin(const PlotHeader& header) {
  header_ = header;
  buffer_ = std::make_unique<ColumnBuffer>(header.numbers());
  spilled_.reset();
  spills_ = 0;
}

void NpzWriter::point(std::span<const double> values) {
  buffer_->add(values);
  if (buffer_->full()) spill();
}

void NpzWriter::spill() {
  if (spilled_ == nullptr) {
    spilled_.reset(std::tmpfile());
    if (spilled_ == nullptr) throw temporary_file_error("tmpfile");
  }
  for (std::size_t c = 0; c < header_.numbers(); ++c) {
    const std::span<const double> column = buffer_->column(c);
    if (std::fwrite(column.data(), sizeof(double), column.size(), spilled_.get()) !=
        column.size()) {
      throw temporary_file_error("write");
    }
  }
  buffer_->clear();
  ++spills_;
}

std::vector<double> NpzWriter::column(std::size_t index) {
  const std::size_t room = buffer_->room();
  std::vector<double> values(spills_ * room);
  for (std::size_t k = 0; k < spills_; ++k) {
    const std::size_t at = (k * header_.numbers() + index) * room * sizeof(double);
    if (std::fseek(spilled_.get(), static_cast<long>(at), SEEK_SET) != 0 ||
        std::fread(values.data() + k * room, sizeof(double), room, spilled_.get()) != room) {
      throw temporary_file_error("read");
    }
  }
  const std::span<const double> last = buffer_->column(index);
  values.insert(values.end(), last.begin(), last.end());
  return values;
}

void NpzWriter::end() {
  const std::size_t points = buffer_ == nullptr ? 0 : spills_ * buffer_->room() + buffer_->points();
  if (points == 0) return;
  ZipWriter zip(file_);
  const std::size_t signals = header_.signals.size();
  for (std::size_t s = 0; s < signals; ++s) {
    // The first axis is real, as a frequency is.
    const bool complex = header_.complex && s > 0;
    std::vector<double> values = column(s);
    if (complex) {
      const std::vector<double> imaginary = column(signals + s);
      std::vector<double> pairs;
      pairs.reserve(2 * points);
      for (std::size_t k = 0; k < points; ++k) pairs.insert(pairs.end(), {values[k], imaginary[k]});
      values = std::move(pairs);
    }
    zip.add(header_.signals[s].name + std::string(kEnding), array_header(points, complex),
            bytes_of(values));
  }
  zip.finish();
}

Waveforms read_npz(const std::string& path) {
  const std::string bytes = read_file(path);
  PlotHeader header;
  header.plotname = std::filesystem::path(path).filename().string();
  std::vector<ArrayReader::Array> arrays;
  std::size_t points = 0;
  for (const ZipMember& member : read_zip(bytes, path)) {
    std::string name = member.name;
    if (name.ends_with(kEnding)) name.resize(name.size() - kEnding.size());
    arrays.push_back(ArrayReader(path, member).read());
    const std::size_t length = arrays.back().numbers.size() / (arrays.back().complex ? 2 : 1);
    if (arrays.size() > 1 && length != points) {
      throw Error(fmt::format("{}: '{}' has {} points, not {} as the arrays before it", path, name,
                              length, points));
    }
    points = length;
    header.complex = header.complex || arrays.back().complex;
    header.signals.push_back(signal_of_name(std::move(name)));
  }
  Waveforms waveforms;
  waveforms.begin(header);
  std::vector<double> numbers(header.numbers());
  for (std::size_t k = 0; k < points; ++k) {
    for (std::size_t s = 0; s < arrays.size(); ++s) {
      const ArrayReader::Array& a = arrays[s];
      numbers[s] = a.complex ? a.numbers[2 * k] : a.numbers[k];
      if (header.complex) numbers[arrays.size() + s] = a.complex ? a.numbers[2 * k + 1] : 0;
    }
    waveforms.point(numbers);
  }
  return waveforms;
}

}  // namespace wordline
