// ZIP archives as NumPy uses them (APPNOTE.TXT of PKWARE: local headers, central directory, ZIP64).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/base/output_file.hpp"

namespace wordline {

// Writes members without compression. All sizes are ZIP64's, so there is no limit.
class ZipWriter {
 public:
  explicit ZipWriter(OutputFile& file) : file_(file) {}

  // One member, of these two parts.
  void add(const std::string& name, std::string_view head, std::string_view body);
  void finish();  // the directory

 private:
  OutputFile& file_;
  std::string directory_;
  std::uint64_t members_ = 0;
};

struct ZipMember {
  std::string name;
  std::string content;
};

// All members, stored or deflated. Throws Error naming the file.
std::vector<ZipMember> read_zip(std::string_view bytes, const std::string& path);

}  // namespace wordline
