// What compiled models say with $strobe, $warning, $fatal and the like.
#pragma once

#include <functional>
#include <string>

#include "wordline/devices/osdi/abi.h"

namespace wordline::osdi {

enum class LogLevel { kInfo, kWarning, kError, kFatal };

// The listener to one model or instance; its address is the handle that the model's code gets.
struct Log {
  std::function<void(LogLevel level, const std::string& text)> write;  // may be empty
  std::string last_error;  // the last message of an error or a $fatal
};

// Given to libraries: finds the Log behind the handle, and frees the text.
void receive_log(void* handle, char* text, std::uint32_t level);

}  // namespace wordline::osdi
