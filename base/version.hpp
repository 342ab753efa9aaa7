// The version of the library, for file headers and `wordline --version`.
#pragma once

#include <string_view>

namespace wordline {

std::string_view version();  // "0.1.0"

}  // namespace wordline
