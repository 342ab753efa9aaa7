#include "wordline/netlist/index_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace wordline {

namespace {

constexpr std::int64_t kMostIndices = 1 << 20;

std::int64_t parse_index(std::string_view text, const Scope& scope) {
  if (text.empty())
    throw Fault{text.data(), "a range is written [first:last] or [first:last:step]"};
  const char* const at = text.data();
  if (text.front() == '{' && text.back() == '}') text = text.substr(1, text.size() - 2);
  const double value = scope.value({text, Token::Kind::kExpression, false});
  constexpr double kLargest = 1e9;
  if (value != std::floor(value) || std::abs(value) > kLargest) {
    throw Fault{at, fmt::format("{} is no index", value)};
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::vector<std::string_view> find_ranges(std::string_view text) {
  std::vector<std::string_view> ranges;
  for (std::size_t open = text.find('['); open != std::string_view::npos;
       open = text.find('[', open + 1)) {
    const std::size_t close = text.find_first_of("] \t\n", open);
    if (close == std::string_view::npos || text[close] != ']') continue;
    std::size_t begin = open + 1;
    while (begin < close) {
      const std::size_t end = std::min(text.find(',', begin), close);
      const std::string_view part = text.substr(begin, end - begin);
      if (part.find(':') != std::string_view::npos) ranges.push_back(part);
      begin = end + 1;
    }
  }
  return ranges;
}

IndexRange parse_range(std::string_view text, const Scope& scope) {
  const char* const at = text.data();
  std::vector<std::int64_t> parts;
  for (;;) {
    const std::size_t colon = text.find(':');
    parts.push_back(parse_index(text.substr(0, colon), scope));
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  if (parts.size() > 3) throw Fault{at, "a range is written [first:last] or [first:last:step]"};
  const std::int64_t first = parts[0];
  const std::int64_t last = parts.size() > 1 ? parts[1] : first;
  const std::int64_t step = parts.size() > 2 ? parts[2] : (last >= first ? 1 : -1);
  if (first < 0 || last < 0) throw Fault{at, "an index is not negative"};
  if (step == 0 || (last - first) * step < 0) {
    throw Fault{at, fmt::format("steps of {} do not lead from {} to {}", step, first, last)};
  }
  const std::int64_t count = (last - first) / step + 1;
  if (count > kMostIndices) {
    throw Fault{at, fmt::format("a range has at most {} indices", kMostIndices)};
  }
  return {first, step, count};
}

std::vector<std::string> expand_ranges(std::string_view text, const Scope& scope) {
  std::vector<std::string> texts(1);
  std::size_t at = 0;
  for (const std::string_view written : find_ranges(text)) {
    const IndexRange range = parse_range(written, scope);
    const auto begin = static_cast<std::size_t>(written.data() - text.data());
    if (at == 0) texts.resize(static_cast<std::size_t>(range.count), texts.front());
    if (std::cmp_not_equal(texts.size(), range.count)) {
      throw Fault{written.data(), fmt::format("[{}] has {} indices, the range before has {}",
                                              written, range.count, texts.size())};
    }
    for (std::size_t k = 0; k < texts.size(); ++k) {
      texts[k] += text.substr(at, begin - at);
      texts[k] += fmt::format("{}", range[static_cast<std::int64_t>(k)]);
    }
    at = begin + written.size();
  }
  for (std::string& one : texts) one += text.substr(at);
  return texts;
}

}  // namespace wordline
