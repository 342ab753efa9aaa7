// The texts a netlist is read from. Everything later (tokens, lines, expressions) is a view into
// them, so a place in the text is a pointer, turned into file, line and column when it is printed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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

  // The place of a character of one of the texts; `at` may also be the end of a text. A location
  // without a file if `at` lies in none of them.
  SourceLocation locate(const char* at) const;
  // The file that holds `at`, for paths relative to it.
  std::filesystem::path file_of(const char* at) const;

 private:
  struct Text {
    std::string name;
    std::string_view view;
    std::unique_ptr<MappedFile> file;        // either this
    std::unique_ptr<const std::string> own;  // or this holds the characters
  };

  const Text* text_of(const char* at) const;

  std::vector<Text> texts_;
};

}  // namespace wordline
