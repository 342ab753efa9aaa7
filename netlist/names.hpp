// Names of nodes and elements. Names that a user wrote are stored once; names inside an array are
// computed: a block of consecutive ids is called prefix[row,col] (or prefix[k]) and costs nothing
// per entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wordline {

// Texts one behind the other, found by what they are. There is no node of memory for each: a
// netlist has millions of them.
class TextTable {
 public:
  std::size_t size() const { return end_.size(); }
  std::string_view operator[](std::size_t k) const {
    const std::size_t begin = k == 0 ? 0 : end_[k - 1];
    return std::string_view(letters_).substr(begin, end_[k] - begin);
  }
  std::optional<std::size_t> find(std::string_view text) const;
  // The position of a text, and whether it is new: then it is added at the end.
  std::pair<std::size_t, bool> add(std::string_view text);

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t text = -1;  // -1: empty
  };
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::string letters_;
  std::vector<std::size_t> end_;  // of each text, in letters_
  std::vector<Slot> slots_;       // a power of two of them, at most half in use
};

class NameTable {
 public:
  using Id = std::int32_t;

  // The id of a name; a new one is added at the end. Names are kept as given: callers lower-case
  // them.
  Id intern(std::string_view name);
  // Adds a name that must be new; nothing if it exists.
  std::optional<Id> add(std::string_view name);
  // Reserves rows*cols ids named prefix[row,col], row by row; returns the first.
  Id add_block(std::string_view prefix, std::int32_t rows, std::int32_t cols);
  // Reserves `count` ids named prefix[k].
  Id add_block(std::string_view prefix, std::int32_t count);
  // Names rows*cols entries of which some share an id: ids[row*cols + col] is an id in use, or a
  // new one. New ones number size(), size()+1, ... in the order in which they first occur.
  void add_merged_block(std::string_view prefix, std::int32_t rows, std::int32_t cols,
                        std::vector<Id> ids);

  // The ids of all entries of a block, row by row; empty if no block has this prefix.
  std::vector<Id> block(std::string_view prefix) const;

  std::optional<Id> find(std::string_view name) const;
  std::string operator[](Id id) const;
  std::int32_t size() const { return size_; }
  // Every name that was stored (not computed), for suggestions.
  std::vector<std::string> stored() const;
  // Every name that matches a pattern, in which * stands for any characters and ? for any one; of
  // computed names only if wanted. Of merged entries each has its name.
  std::vector<std::string> matching(std::string_view pattern, bool with_computed) const;

 private:
  struct Block {
    std::string prefix;
    Id first;
    std::int32_t rows;  // 0: one index only
    std::int32_t cols;
    // Of a merged block: the id of every entry, and the entry that names each new id.
    std::vector<Id> ids = {};
    std::vector<std::int32_t> entry_of = {};

    std::string name(std::int32_t entry) const;
  };

  Id append_block(Block block, std::int32_t new_ids);
  std::optional<Id> find_in_blocks(std::string_view name) const;

  std::int32_t size_ = 0;
  TextTable texts_;            // stored names
  std::vector<Id> text_id_;    // id of texts_[k], ascending
  std::vector<Block> blocks_;  // ascending by first
  std::unordered_map<std::string, std::size_t> block_by_prefix_;
};

}  // namespace wordline
