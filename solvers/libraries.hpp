// The numerical libraries that Wordline was built with.
#pragma once

#include <string>
#include <vector>

namespace wordline {

struct LibraryVersion {
  std::string name;
  std::string version;
};

std::vector<LibraryVersion> solver_libraries();

}  // namespace wordline
