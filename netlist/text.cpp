#include "wordline/netlist/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <iterator>
#include <utility>

namespace wordline {

namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) throw Error(fmt::format("cannot open {}: {}", path.string(), strerror(errno)));
  }
  ~FileDescriptor() { ::close(fd_); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const FileDescriptor fd(path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    throw Error(fmt::format("cannot read {}: {}", path.string(), strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) throw Error(fmt::format("{} is no regular file", path.string()));
  if (status.st_size == 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (data == MAP_FAILED) {
    throw Error(fmt::format("cannot map {}: {}", path.string(), strerror(errno)));
  }
  data_ = static_cast<const char*>(data);
  size_ = size;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

std::string_view Sources::open(const std::filesystem::path& path) {
  auto file = std::make_unique<MappedFile>(path);
  const std::string_view view = file->text();
  texts_.push_back({path.string(), view, std::move(file), nullptr});
  add_file(path);
  return view;
}

std::string_view Sources::add(std::string text, std::string name) {
  auto own = std::make_unique<const std::string>(std::move(text));
  const std::string_view view = *own;
  texts_.push_back({std::move(name), view, nullptr, std::move(own)});
  return view;
}

std::string_view Sources::add_derived(std::string text, std::vector<Piece> pieces) {
  const std::string_view view = add(std::move(text), "");
  texts_.back().pieces = std::move(pieces);
  return view;
}

const char* Sources::origin(const char* at) const {
  const Text* const text = text_of(at);
  if (text == nullptr || text->pieces.empty()) return at;
  const auto offset = static_cast<std::size_t>(at - text->view.data());
  const auto after = std::upper_bound(text->pieces.begin(), text->pieces.end(), offset,
                                      [](std::size_t o, const Piece& p) { return o < p.offset; });
  const Piece& piece = after == text->pieces.begin() ? *after : *std::prev(after);
  return origin(piece.at + std::min(offset - std::min(offset, piece.offset), piece.length));
}

const Sources::Text* Sources::text_of(const char* at) const {
  const auto holds = [at](const Text& text) {
    const std::less_equal<const char*> ordered;  // also between unrelated arrays
    return text.view.data() != nullptr && ordered(text.view.data(), at) &&
           ordered(at, text.view.data() + text.view.size());
  };
  const auto found = std::find_if(texts_.begin(), texts_.end(), holds);
  return found == texts_.end() ? nullptr : &*found;
}

SourceLocation Sources::locate(const char* at) const {
  at = origin(at);
  const Text* const text = text_of(at);
  if (text == nullptr) return {};
  const char* const begin = text->view.data();
  const char* const end = begin + text->view.size();
  const auto line = 1 + std::count(begin, at, '\n');
  const char* first = at;
  while (first != begin && first[-1] != '\n') --first;
  const char* last = std::find(at, end, '\n');
  if (last != first && last[-1] == '\r') --last;
  return {.file = text->name,
          .line = static_cast<int>(line),
          .column = static_cast<int>(at - first) + 1,
          .text = std::string(first, std::max(first, last))};
}

std::filesystem::path Sources::file_of(const char* at) const {
  at = origin(at);
  const Text* const text = text_of(at);
  return text == nullptr ? std::filesystem::path() : std::filesystem::path(text->name);
}

}  // namespace wordline
