#include "wordline/engine/output/ltspice_rawfile.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline {

namespace {

bool is_utf16(std::string_view content) {
  return content.starts_with("\xff\xfe") || content.starts_with(std::string_view("T\0i\0", 4));
}

// Characters beyond ASCII (units as µ) become '?'; names hold none.
std::string from_utf16(std::string_view bytes) {
  std::string text;
  for (std::size_t k = 0; k + 1 < bytes.size(); k += 2) {
    const auto high = static_cast<unsigned char>(bytes[k + 1]);
    const auto low = static_cast<unsigned char>(bytes[k]);
    if (high == 0xfe && low == 0xff) continue;  // the byte order mark
    text += high == 0 && low < 0x80 ? static_cast<char>(low) : '?';
  }
  return text;
}

struct Parts {
  std::string header;     // up to and with "Binary:\n", or the whole text
  std::string_view data;  // after it
};

Parts split(std::string_view content) {
  const bool wide = is_utf16(content);
  const std::string_view mark =
      wide ? std::string_view("B\0i\0n\0a\0r\0y\0:\0\n\0", 16) : std::string_view("Binary:\n");
  const std::size_t at = content.find(mark);
  const std::size_t end = at == std::string_view::npos ? content.size() : at + mark.size();
  const std::string_view head = content.substr(0, end);
  return {wide ? from_utf16(head) : std::string(head), content.substr(end)};
}

// The value of a line "key: value" of the header; empty if there is none.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  std::string_view value = header.substr(at + key.size());
  value = value.substr(0, value.find_first_of("\r\n"));
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return value;
}

std::size_t count_of(std::string_view header, std::string_view key, const std::string& path) {
  const std::string_view text = value_of(header, key);
  std::size_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc()) throw Error(fmt::format("{}: '{}' should give a number", path, key));
  return count;
}

// LTspice tells whose current it is by the type too.
void simplify_types(std::string& header) {
  for (const std::string_view type : {"device_current", "subckt_current"}) {
    for (std::size_t at = header.find(type); at != std::string::npos; at = header.find(type, at)) {
      header.replace(at, type.size(), "current");
    }
  }
}

template <class Number>
double number_at(std::string_view data, std::size_t at) {
  Number number;
  std::memcpy(&number, data.data() + at, sizeof number);
  return static_cast<double>(number);
}

// Where the values of a file lie.
struct Layout {
  std::size_t points, variables;
  std::size_t first_size, other_size;  // bytes of a value
  bool by_variable;

  std::size_t row() const { return first_size + (variables - 1) * other_size; }
  std::size_t offset(std::size_t point, std::size_t variable) const {
    if (!by_variable) {
      return point * row() + (variable == 0 ? 0 : first_size + (variable - 1) * other_size);
    }
    if (variable == 0) return point * first_size;
    return points * first_size + ((variable - 1) * points + point) * other_size;
  }
};

Layout layout_of(const Parts& parts, const std::string& path) {
  const std::string flags = to_lower(value_of(parts.header, "Flags:"));
  const auto has = [&](std::string_view flag) { return flags.find(flag) != std::string::npos; };
  Layout layout{count_of(parts.header, "No. Points:", path),
                count_of(parts.header, "No. Variables:", path), 8, 4, has("fastaccess")};
  if (layout.variables == 0) throw Error(fmt::format("{}: the header names no variables", path));
  if (has("double")) layout.other_size = 8;
  if (has("complex")) layout.first_size = layout.other_size = 16;
  if (layout.points > parts.data.size() / layout.row()) {
    throw Error(fmt::format("{}: '{}' ends after {} of {} points", path,
                            value_of(parts.header, "Plotname:"), parts.data.size() / layout.row(),
                            layout.points));
  }
  return layout;
}

}  // namespace

bool is_ltspice_rawfile(std::string_view content) {
  if (is_utf16(content)) return true;
  const std::string_view command = value_of(content.substr(0, 4096), "Command:");
  return command.starts_with("Linear Technology") || command.starts_with("LTspice");
}

std::string as_ngspice_rawfile(std::string_view content, const std::string& path) {
  Parts parts = split(content);
  simplify_types(parts.header);
  if (parts.data.empty()) return parts.header;
  const Layout layout = layout_of(parts, path);
  std::string result = std::move(parts.header);
  const auto append = [&result](double value) {
    result.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  const bool is_transient = value_of(result, "Plotname:").starts_with("Transient");
  for (std::size_t p = 0; p < layout.points; ++p) {
    for (std::size_t v = 0; v < layout.variables; ++v) {
      const std::size_t at = layout.offset(p, v);
      const std::size_t size = v == 0 ? layout.first_size : layout.other_size;
      if (size == 4) {
        append(number_at<float>(parts.data, at));
      } else {
        const double value = number_at<double>(parts.data, at);
        append(v == 0 && is_transient ? std::abs(value) : value);
      }
      if (size == 16) append(number_at<double>(parts.data, at + 8));
    }
  }
  return result;
}

}  // namespace wordline
