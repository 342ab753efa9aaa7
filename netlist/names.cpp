#include "wordline/netlist/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
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

// ---- texts ----

namespace {

// Texts that differ in their last letter alone are neighbours: numbered names, which follow each
// other in a netlist, then come from the same lines of the cache.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint32_t kNeighbours = 16;
  if (text.empty()) return 0;
  const std::size_t hash = std::hash<std::string_view>()(text.substr(0, text.size() - 1));
  const auto folded = static_cast<std::uint32_t>(hash ^ (hash >> 32U));
  return folded / kNeighbours * kNeighbours + static_cast<unsigned char>(text.back()) % kNeighbours;
}

}  // namespace

// The slot of a text, or the empty one where it would be.
std::size_t TextTable::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.text < 0) return at;
    if (slot.hash == hash && (*this)[static_cast<std::size_t>(slot.text)] == text) return at;
  }
}

std::optional<std::size_t> TextTable::find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[slot_of(text, hash_of(text))];
  return slot.text < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(slot.text));
}

std::pair<std::size_t, bool> TextTable::add(std::string_view text) {
  if (2 * size() >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.text >= 0) return {static_cast<std::size_t>(slot.text), false};
  slot = {hash, static_cast<std::int32_t>(size())};
  letters_ += text;
  end_.push_back(letters_.size());
  return {size() - 1, true};
}

void TextTable::grow() {
  constexpr std::size_t kFirst = 16;
  std::vector<Slot> old(std::max(kFirst, 2 * slots_.size()));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.text < 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].text >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

// ---- names ----

NameTable::Id NameTable::intern(std::string_view name) {
  if (const auto known = find_in_blocks(name)) return *known;
  const auto [text, is_new] = texts_.add(name);
  if (is_new) text_id_.push_back(size_++);
  return text_id_[text];
}

std::optional<NameTable::Id> NameTable::add(std::string_view name) {
  if (find_in_blocks(name) || !texts_.add(name).second) return std::nullopt;
  text_id_.push_back(size_++);
  return text_id_.back();
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
  for (std::size_t k = 0; k < texts_.size(); ++k) {
    const std::string_view name = texts_[k];
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
  if (const auto text = texts_.find(name)) return text_id_[*text];
  return find_in_blocks(name);
}

std::optional<NameTable::Id> NameTable::find_in_blocks(std::string_view name) const {
  if (blocks_.empty()) return std::nullopt;
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
    return std::string(texts_[static_cast<std::size_t>(text - text_id_.begin())]);
  }
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), id,
                                      [](Id i, const Block& b) { return i < b.first; });
  if (id >= size_ || after == blocks_.begin())
    throw Error(fmt::format("no name has the number {}", id));
  const Block& block = *std::prev(after);
  std::int32_t offset = id - block.first;
  if (!block.ids.empty()) offset = block.entry_of[static_cast<std::size_t>(offset)];
  return block.name(offset);
}

std::string NameTable::Block::name(std::int32_t entry) const {
  if (rows == 0) return fmt::format("{}[{}]", prefix, entry);
  return fmt::format("{}[{},{}]", prefix, entry / cols, entry % cols);
}

std::vector<std::string> NameTable::stored() const {
  std::vector<std::string> names;
  names.reserve(texts_.size());
  for (std::size_t k = 0; k < texts_.size(); ++k) names.emplace_back(texts_[k]);
  return names;
}

std::vector<std::string> NameTable::matching(std::string_view pattern, bool with_computed) const {
  std::vector<std::string> found;
  for (std::size_t k = 0; k < texts_.size(); ++k) {
    if (matches(texts_[k], pattern)) found.emplace_back(texts_[k]);
  }
  if (!with_computed) return found;
  for (const Block& block : blocks_) {
    for (std::int32_t entry = 0; entry < std::max(block.rows, 1) * block.cols; ++entry) {
      std::string name = block.name(entry);
      if (matches(name, pattern)) found.push_back(std::move(name));
    }
  }
  return found;
}

}  // namespace wordline
