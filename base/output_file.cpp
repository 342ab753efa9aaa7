#include "wordline/base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "wordline/base/error.hpp"

namespace wordline {

OutputFile::OutputFile(const std::string& path)
    : path_(path == "-" ? "standard output" : path), descriptor_(STDOUT_FILENO) {
  if (path == "-") return;
  constexpr mode_t kReadWrite = 0666;  // less the umask
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kReadWrite);
  if (descriptor_ < 0) fail("open", errno);
  struct stat status {};
  seekable_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
}

OutputFile::~OutputFile() {
  if (descriptor_ > STDOUT_FILENO) ::close(descriptor_);
  if (seekable_ && flushed_ == 0) ::unlink(path_.c_str());
}

void OutputFile::patch(std::uint64_t offset, std::string_view bytes) {
  if (offset >= flushed_) {
    buffer_.replace(offset - flushed_, bytes.size(), bytes);
    return;
  }
  if (!seekable_) throw std::logic_error("patching what went into a pipe");
  const ssize_t written =
      ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (written != static_cast<ssize_t>(bytes.size())) fail("pwrite", written < 0 ? errno : ENOSPC);
}

bool OutputFile::flush_due() const {
  constexpr std::size_t kMuch = std::size_t{1} << 20;
  constexpr auto kOld = std::chrono::seconds(1);
  return buffer_.size() >= kMuch || Clock::now() - last_flush_ >= kOld;
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      if (seekable_ && ::ftruncate(descriptor_, static_cast<off_t>(flushed_)) != 0) {
        fail("ftruncate", errno);
      }
      fail("write", error);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  flushed_ += buffer_.size();
  buffer_.clear();
  last_flush_ = Clock::now();
}

void OutputFile::close() {
  flush();
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor > STDOUT_FILENO && ::close(descriptor) != 0) fail("close", errno);
}

void OutputFile::fail(const char* call, int error) const {
  throw Error(fmt::format("{}: {}: {}", path_, call, std::strerror(error)));
}

}  // namespace wordline
