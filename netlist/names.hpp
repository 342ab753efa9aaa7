// Names of nodes and elements. Names that a user wrote are stored once; names inside an array are
// computed: a block of consecutive ids is called prefix[row,col] (or prefix[k]) and costs nothing
// per entry.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wordline {

class NameTable {
 public:
  using Id = std::int32_t;

  NameTable() = default;
  NameTable(const NameTable& other);
  NameTable(NameTable&&) noexcept = default;
  NameTable& operator=(const NameTable& other) { return *this = NameTable(other); }
  NameTable& operator=(NameTable&&) noexcept = default;
  ~NameTable() = default;

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
  // computed names only if wanted.
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
  };

  Id append_block(Block block, std::int32_t new_ids);

  std::int32_t size_ = 0;
  std::deque<std::string> text_;                      // stable addresses for the keys below
  std::unordered_map<std::string_view, Id> by_name_;  // stored names
  std::vector<Id> text_id_;                           // id of text_[k], ascending
  std::vector<Block> blocks_;                         // ascending by first
  std::unordered_map<std::string, std::size_t> block_by_prefix_;
};

}  // namespace wordline
