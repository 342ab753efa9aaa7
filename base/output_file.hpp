// The file under a writer of results. What was handed over by flush() is on disk whole or not at
// all: a write that fails half-way is cut off again, so that results on disk stay readable.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wordline {

class OutputFile {
 public:
  // Creates or empties the file; "-" is standard output. Throws Error naming the file and the call,
  // as do all members.
  explicit OutputFile(const std::string& path);
  ~OutputFile();  // gives up what was not flushed; removes a file that got nothing
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& path() const { return path_; }
  // False for pipes, terminals and standard output: what was flushed to them cannot be patched.
  bool seekable() const { return seekable_; }
  std::uint64_t size() const { return flushed_ + buffer_.size(); }

  void append(std::string_view bytes) { buffer_ += bytes; }
  // Replaces bytes written before. Throws std::logic_error where they have gone into a pipe.
  void patch(std::uint64_t offset, std::string_view bytes);
  // True when much or old data waits in memory.
  bool flush_due() const;
  void flush();
  // Flushes, and reports what the system only finds out at the end.
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  [[noreturn]] void fail(const char* call, int error) const;

  std::string path_;
  int descriptor_ = -1;
  bool seekable_ = false;
  std::string buffer_;
  std::uint64_t flushed_ = 0;
  Clock::time_point last_flush_ = Clock::now();
};

}  // namespace wordline
