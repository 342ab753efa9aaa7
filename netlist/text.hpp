// The texts a netlist is read from. Everything later (tokens, lines, expressions) is a view into
// them, so a place in the text is a pointer, turned into file, line and column when it is printed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/base/error.hpp"

namespace wordline {

// A file mapped into memory, read-only.
class MappedFile {
 public:
  // Throws Error where the file cannot be opened or is no regular file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view text() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// The netlist and the files it includes. Views stay valid as long as this lives.
class Sources {
 public:
  std::string_view open(const std::filesystem::path& path);  // throws Error
  std::string_view add(std::string text, std::string name);

  // A text made of pieces of others: in messages, its characters stand where they came from. A
  // piece begins at `offset` of the text and reaches to the next; of its characters the first
  // `length` are those from `at` on, and further ones have the place of the last of these.
  struct Piece {
    std::size_t offset;
    const char* at;
    std::size_t length;
  };
  std::string_view add_derived(std::string text, std::vector<Piece> pieces);
  // When it ends, so do all texts that were added since it began.
  class Mark {
   public:
    explicit Mark(Sources& sources) : sources_(sources), count_(sources.texts_.size()) {}
    ~Mark() { sources_.texts_.resize(count_); }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    Sources& sources_;
    std::size_t count_;
  };
  // Where a character of a derived text came from; others are their own origin.
  const char* origin(const char* at) const;

  // The place of a character of one of the texts; `at` may also be the end of a text. A location
  // without a file if `at` lies in none of them.
  SourceLocation locate(const char* at) const;
  // The file that holds `at`, for paths relative to it.
  std::filesystem::path file_of(const char* at) const;

  // A file that is no text, as one of numbers, belongs to the netlist too.
  void add_file(std::filesystem::path path) { files_.push_back(std::move(path)); }
  // Where files are looked for that are neither beside the one that names them nor in the working
  // directory.
  void search_in(std::vector<std::filesystem::path> folders) { folders_ = std::move(folders); }
  const std::vector<std::filesystem::path>& folders() const { return folders_; }
  // All files that were opened or added.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  struct Text {
    std::string name;
    std::string_view view;
    std::unique_ptr<MappedFile> file;        // either this
    std::unique_ptr<const std::string> own;  // or this holds the characters
    std::vector<Piece> pieces = {};          // of a derived text, ascending
  };

  const Text* text_of(const char* at) const;

  std::vector<Text> texts_;
  std::vector<std::filesystem::path> files_, folders_;
};

}  // namespace wordline
