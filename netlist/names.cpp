#include "wordline/netlist/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

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

// Whether a name matches a pattern of characters, * and ?.
bool matches(std::string_view name, std::string_view pattern) {
  std::size_t n = 0, p = 0;
  std::size_t star = std::string_view::npos,
              after_star = 0;  // where to go on if what follows fails
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++n;
      ++p;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

// The keys of by_name_ are views into text_, each table's into its own.
NameTable::NameTable(const NameTable& other)
    : size_(other.size_),
      text_(other.text_),
      text_id_(other.text_id_),
      blocks_(other.blocks_),
      block_by_prefix_(other.block_by_prefix_) {
  for (std::size_t k = 0; k < text_.size(); ++k) by_name_.emplace(text_[k], text_id_[k]);
}

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
  return append_block({std::string(prefix), size_, rows, cols}, rows * cols);
}

NameTable::Id NameTable::add_block(std::string_view prefix, std::int32_t count) {
  return append_block({std::string(prefix), size_, 0, count}, count);
}

void NameTable::add_merged_block(std::string_view prefix, std::int32_t rows, std::int32_t cols,
                                 std::vector<Id> ids) {
  Block block{std::string(prefix), size_, rows, cols, std::move(ids)};
  for (std::size_t entry = 0; entry < block.ids.size(); ++entry) {
    const auto next = size_ + static_cast<Id>(block.entry_of.size());
    if (block.ids[entry] == next) block.entry_of.push_back(static_cast<std::int32_t>(entry));
  }
  const auto new_ids = static_cast<std::int32_t>(block.entry_of.size());
  if (block.entry_of.size() == block.ids.size()) {  // nothing is shared: names can be computed
    block.ids.clear();
    block.entry_of.clear();
  }
  append_block(std::move(block), new_ids);
}

NameTable::Id NameTable::append_block(Block block, std::int32_t new_ids) {
  for (const std::string& name : text_) {
    const auto indexed = split_indices(name);
    if (indexed && indexed->prefix == block.prefix) {
      throw Error(fmt::format("the name '{}' is used by itself and by an array", name));
    }
  }
  if (!block_by_prefix_.emplace(block.prefix, blocks_.size()).second) {
    throw Error(fmt::format("the name '{}' is used by two arrays", block.prefix));
  }
  blocks_.push_back(std::move(block));
  size_ += new_ids;
  return blocks_.back().first;
}

std::vector<NameTable::Id> NameTable::block(std::string_view prefix) const {
  const auto found = block_by_prefix_.find(std::string(prefix));
  if (found == block_by_prefix_.end()) return {};
  const Block& block = blocks_[found->second];
  if (!block.ids.empty()) return block.ids;
  std::vector<Id> ids(static_cast<std::size_t>(std::max(block.rows, 1) * block.cols));
  std::iota(ids.begin(), ids.end(), block.first);
  return ids;
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
  const std::int32_t entry = row * block.cols + col;
  return block.ids.empty() ? block.first + entry : block.ids[static_cast<std::size_t>(entry)];
}

std::string NameTable::operator[](Id id) const {
  const auto text = std::lower_bound(text_id_.begin(), text_id_.end(), id);
  if (text != text_id_.end() && *text == id) {
    return text_[static_cast<std::size_t>(text - text_id_.begin())];
  }
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), id,
                                      [](Id i, const Block& b) { return i < b.first; });
  if (id >= size_ || after == blocks_.begin())
    throw Error(fmt::format("no name has the number {}", id));
  const Block& block = *std::prev(after);
  std::int32_t offset = id - block.first;
  if (!block.ids.empty()) offset = block.entry_of[static_cast<std::size_t>(offset)];
  if (block.rows == 0) return fmt::format("{}[{}]", block.prefix, offset);
  return fmt::format("{}[{},{}]", block.prefix, offset / block.cols, offset % block.cols);
}

std::vector<std::string> NameTable::stored() const { return {text_.begin(), text_.end()}; }

std::vector<std::string> NameTable::matching(std::string_view pattern, bool with_computed) const {
  std::vector<std::string> found;
  for (const std::string& name : text_) {
    if (matches(name, pattern)) found.push_back(name);
  }
  if (!with_computed) return found;
  for (const Block& block : blocks_) {
    const auto entries = static_cast<Id>(block.ids.empty() ? std::max(block.rows, 1) * block.cols
                                                           : std::ssize(block.entry_of));
    for (Id id = block.first; id < block.first + entries; ++id) {
      std::string name = (*this)[id];
      if (matches(name, pattern)) found.push_back(std::move(name));
    }
  }
  return found;
}

}  // namespace wordline
