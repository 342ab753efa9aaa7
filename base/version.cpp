#include "wordline/base/version.hpp"

namespace wordline {

std::string_view version() { return WORDLINE_VERSION; }

}  // namespace wordline
