#include "wordline/netlist/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "wordline/base/error.hpp"

namespace wordline {

namespace {

struct Indexed {
  std::string_view prefix;
  std::int32_t first;
  std::int32_t second;  // -1: one index only
};

// Splits "prefix[3]" or "prefix[3,17]".
std::optional<Indexed> split_indices(std::string_view name) {
  const std::size_t open = name.rfind('[');
  if (open == std::string_view::npos || !name.ends_with(']')) return std::nullopt;
  const char* at = name.data() + open + 1;
  const char* const end = name.data() + name.size() - 1;
  Indexed result{name.substr(0, open), 0, -1};
  auto parsed = std::from_chars(at, end, result.first);
  if (parsed.ec != std::errc() || result.first < 0) return std::nullopt;
  if (parsed.ptr == end) return result;
  if (*parsed.ptr != ',') return std::nullopt;
  parsed = std::from_chars(parsed.ptr + 1, end, result.second);
  if (parsed.ec != std::errc() || parsed.ptr != end || result.second < 0) return std::nullopt;
  return result;
}

}  // namespace

NameTable::Id NameTable::intern(std::string_view name) {
  if (const auto known = find(name)) return *known;
  return *add(name);
}

std::optional<NameTable::Id> NameTable::add(std::string_view name) {
  if (find(name)) return std::nullopt;
  const Id id = size_++;
  text_.emplace_back(name);
  text_id_.push_back(id);
  by_name_.emplace(text_.back(), id);
  return id;
}

NameTable::Id NameTable::add_block(std::string_view prefix, std::int32_t rows, std::int32_t cols) {
  return append_block(prefix, rows, cols);
}

NameTable::Id NameTable::add_block(std::string_view prefix, std::int32_t count) {
  return append_block(prefix, 0, count);
}

NameTable::Id NameTable::append_block(std::string_view prefix, std::int32_t rows,
                                      std::int32_t cols) {
  if (!block_by_prefix_.emplace(prefix, blocks_.size()).second) {
    throw Error(fmt::format("the name '{}' is used by two arrays", prefix));
  }
  blocks_.push_back({std::string(prefix), size_, rows, cols});
  size_ += (rows == 0 ? 1 : rows) * cols;
  return blocks_.back().first;
}

std::optional<NameTable::Id> NameTable::find(std::string_view name) const {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  const auto indexed = split_indices(name);
  if (!indexed) return std::nullopt;
  const auto found = block_by_prefix_.find(std::string(indexed->prefix));
  if (found == block_by_prefix_.end()) return std::nullopt;
  const Block& block = blocks_[found->second];
  const bool one_index = block.rows == 0;
  if (one_index != (indexed->second < 0)) return std::nullopt;
  const std::int32_t row = one_index ? 0 : indexed->first;
  const std::int32_t col = one_index ? indexed->first : indexed->second;
  if (row >= std::max(block.rows, 1) || col >= block.cols) return std::nullopt;
  return block.first + row * block.cols + col;
}

std::string NameTable::operator[](Id id) const {
  const auto text = std::lower_bound(text_id_.begin(), text_id_.end(), id);
  if (text != text_id_.end() && *text == id) {
    return text_[static_cast<std::size_t>(text - text_id_.begin())];
  }
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), id,
                                      [](Id i, const Block& b) { return i < b.first; });
  if (after == blocks_.begin()) throw Error(fmt::format("no name has the number {}", id));
  const Block& block = *std::prev(after);
  const std::int32_t offset = id - block.first;
  if (block.rows == 0) return fmt::format("{}[{}]", block.prefix, offset);
  return fmt::format("{}[{},{}]", block.prefix, offset / block.cols, offset % block.cols);
}

std::vector<std::string> NameTable::stored() const { return {text_.begin(), text_.end()}; }

}  // namespace wordline
