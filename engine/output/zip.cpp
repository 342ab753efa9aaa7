#include "wordline/engine/output/zip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "wordline/base/error.hpp"

namespace wordline {

namespace {

constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::uint32_t kCentral = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kLocator64 = 0x07064b50;
constexpr std::uint32_t kIn64 = 0xffffffff;  // the number is in a ZIP64 field
constexpr std::uint16_t kVersion64 = 45;
constexpr std::uint16_t kUtf8 = 0x0800;
constexpr std::uint16_t kExtra64 = 1;
constexpr std::uint16_t kFirstDay = 0x21;  // 1980-01-01: the same results give the same file

// Appends numbers, least byte first.
class Bytes {
 public:
  template <class Number>
  Bytes& add(Number value) {
    for (std::size_t k = 0; k < sizeof value; ++k) {
      text_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * k) & 0xff);
    }
    return *this;
  }
  Bytes& add_text(std::string_view text) {
    text_ += text;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::uint32_t checksum(std::uint32_t from, std::string_view bytes) {
  constexpr std::size_t kMost = std::size_t{1} << 30;  // zlib counts with 32 bits
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kMost);
    from = static_cast<std::uint32_t>(
        crc32(from, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size())));
    bytes.remove_prefix(part.size());
  }
  return from;
}

}  // namespace

void ZipWriter::add(const std::string& name, std::string_view head, std::string_view body) {
  const std::uint64_t offset = file_.size();
  const std::uint64_t size = head.size() + body.size();
  const std::uint32_t crc = checksum(checksum(0, head), body);
  const auto length = static_cast<std::uint16_t>(name.size());
  // What the local header and the directory say alike, from the flags on.
  Bytes common;
  common.add(kUtf8).add(std::uint16_t{0}).add(std::uint16_t{0}).add(kFirstDay);
  common.add(crc).add(kIn64).add(kIn64).add(length);
  file_.append(Bytes()
                   .add(kLocal)
                   .add(kVersion64)
                   .add_text(common.text())
                   .add(std::uint16_t{20})
                   .add_text(name)
                   .add(kExtra64)
                   .add(std::uint16_t{16})
                   .add(size)
                   .add(size)
                   .text());
  file_.append(head);
  file_.append(body);
  directory_ += Bytes()
                    .add(kCentral)
                    .add(kVersion64)
                    .add(kVersion64)
                    .add_text(common.text())
                    .add(std::uint16_t{28})
                    .add(std::uint16_t{0})  // comment
                    .add(std::uint16_t{0})  // disk
                    .add(std::uint16_t{0})  // attributes
                    .add(std::uint32_t{0})
                    .add(kIn64)
                    .add_text(name)
                    .add(kExtra64)
                    .add(std::uint16_t{24})
                    .add(size)
                    .add(size)
                    .add(offset)
                    .text();
  ++members_;
  if (file_.flush_due()) file_.flush();
}

void ZipWriter::finish() {
  const std::uint64_t begin = file_.size();
  const std::uint64_t end = begin + directory_.size();
  file_.append(directory_);
  file_.append(Bytes()
                   .add(kEnd64)
                   .add(std::uint64_t{44})  // bytes that follow
                   .add(kVersion64)
                   .add(kVersion64)
                   .add(std::uint64_t{0})
                   .add(members_)
                   .add(members_)
                   .add(std::uint64_t{directory_.size()})
                   .add(begin)
                   .add(kLocator64)
                   .add(std::uint32_t{0})
                   .add(end)
                   .add(std::uint32_t{1})
                   .add(kEnd)
                   .add(std::uint32_t{0})
                   .add(std::uint16_t{0xffff})
                   .add(std::uint16_t{0xffff})
                   .add(kIn64)
                   .add(kIn64)
                   .add(std::uint16_t{0})
                   .text());
  file_.flush();
}

namespace {

class ZipReader {
 public:
  ZipReader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  std::vector<ZipMember> read() {
    std::vector<ZipMember> members;
    std::uint64_t at = find_directory();
    while (at + 46 <= bytes_.size() && number<std::uint32_t>(at) == kCentral) {
      const Entry entry = read_entry(at);
      members.push_back({entry.name, content(entry)});
      at = entry.next;
    }
    if (members.empty()) fail("the archive is empty");
    return members;
  }

 private:
  struct Entry {
    std::string name;
    std::uint16_t method;
    std::uint32_t crc;
    std::uint64_t packed, size, offset, next;
  };

  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}: {}", path_, what));
  }

  std::string_view part(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) fail("the archive is cut off");
    return bytes_.substr(at, size);
  }

  template <class Number>
  Number number(std::uint64_t at) const {
    const std::string_view text = part(at, sizeof(Number));
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < sizeof(Number); ++k) {
      value |= std::uint64_t{static_cast<unsigned char>(text[k])} << (8 * k);
    }
    return static_cast<Number>(value);
  }

  std::uint64_t find_directory() const {
    const std::string mark = Bytes().add(kEnd).text();
    const std::size_t end = bytes_.rfind(mark);
    if (end == std::string_view::npos) fail("not a .npz file: it is no ZIP archive");
    const auto offset = number<std::uint32_t>(end + 16);
    if (offset != kIn64) return offset;
    if (end < 20 || number<std::uint32_t>(end - 20) != kLocator64) fail("the archive is damaged");
    const auto record = number<std::uint64_t>(end - 12);
    if (number<std::uint32_t>(record) != kEnd64) fail("the archive is damaged");
    return number<std::uint64_t>(record + 48);
  }

  Entry read_entry(std::uint64_t at) const {
    const auto name_size = number<std::uint16_t>(at + 28);
    const auto extra_size = number<std::uint16_t>(at + 30);
    const auto comment_size = number<std::uint16_t>(at + 32);
    Entry entry{std::string(part(at + 46, name_size)),
                number<std::uint16_t>(at + 10),
                number<std::uint32_t>(at + 16),
                number<std::uint32_t>(at + 20),
                number<std::uint32_t>(at + 24),
                number<std::uint32_t>(at + 42),
                at + 46 + name_size + extra_size + comment_size};
    read_extra64(at + 46 + name_size, extra_size, entry);
    return entry;
  }

  // The ZIP64 field holds those of the three numbers that did not fit.
  void read_extra64(std::uint64_t at, std::uint64_t size, Entry& entry) const {
    const std::uint64_t end = at + size;
    while (at + 4 <= end) {
      const auto id = number<std::uint16_t>(at);
      const auto length = number<std::uint16_t>(at + 2);
      at += 4;
      if (id == kExtra64) {
        std::uint64_t field = at;
        for (std::uint64_t* value : {&entry.size, &entry.packed, &entry.offset}) {
          if (*value != kIn64) continue;
          *value = number<std::uint64_t>(field);
          field += 8;
        }
      }
      at += length;
    }
  }

  std::string content(const Entry& entry) const {
    const auto name_size = number<std::uint16_t>(entry.offset + 26);
    const auto extra_size = number<std::uint16_t>(entry.offset + 28);
    const std::string_view packed = part(entry.offset + 30 + name_size + extra_size, entry.packed);
    std::string text;
    if (entry.method == 0) {
      text = packed;
    } else if (entry.method == 8) {
      text = inflated(packed, entry);
    } else {
      fail(fmt::format("'{}' is packed by an unknown method", entry.name));
    }
    if (text.size() != entry.size || checksum(0, text) != entry.crc) {
      fail(fmt::format("'{}' is damaged: its checksum differs", entry.name));
    }
    return text;
  }

  std::string inflated(std::string_view packed, const Entry& entry) const {
    constexpr std::uint64_t kMostGrowth = 1100;  // of deflate
    if (entry.size / kMostGrowth > packed.size()) fail(fmt::format("'{}' is damaged", entry.name));
    std::string text(entry.size, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail("zlib: no memory");
    std::size_t taken = 0, given = 0;
    int status = Z_OK;
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    while (status == Z_OK) {
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
      stream.avail_in = static_cast<uInt>(std::min(packed.size() - taken, kMost));
      stream.next_out = reinterpret_cast<Bytef*>(text.data() + given);
      stream.avail_out = static_cast<uInt>(std::min(text.size() - given, kMost));
      const uInt in = stream.avail_in, out = stream.avail_out;
      status = inflate(&stream, Z_NO_FLUSH);
      taken += in - stream.avail_in;
      given += out - stream.avail_out;
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END || given != text.size()) {
      fail(fmt::format("'{}' is damaged", entry.name));
    }
    return text;
  }

  std::string_view bytes_;
  const std::string& path_;
};

}  // namespace

std::vector<ZipMember> read_zip(std::string_view bytes, const std::string& path) {
  return ZipReader(bytes, path).read();
}

}  // namespace wordline
