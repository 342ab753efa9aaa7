#include "wordline/devices/parameter.hpp"

#include <fmt/format.h>

namespace wordline {

std::string Range::format() const {
  return fmt::format("{}{:g}, {:g}{}", low_open || std::isinf(low) ? '(' : '[', low, high,
                     high_open || std::isinf(high) ? ')' : ']');
}

}  // namespace wordline
