#include "wordline/devices/osdi/log.hpp"

#include <cstdlib>

namespace wordline::osdi {

namespace {

LogLevel level_of(std::uint32_t level) {
  switch (level & OSDI_LOG_MASK) {
    case OSDI_LOG_DEBUG:
    case OSDI_LOG_DISPLAY:
    case OSDI_LOG_INFO:
      return LogLevel::kInfo;
    case OSDI_LOG_WARNING:
      return LogLevel::kWarning;
    case OSDI_LOG_ERROR:
      return LogLevel::kError;
    default:
      return LogLevel::kFatal;
  }
}

}  // namespace

void receive_log(void* handle, char* text, std::uint32_t level) {
  if (text == nullptr) return;
  std::string message = text;
  if ((level & OSDI_LOG_UNFORMATTED) == 0) std::free(text);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  auto* const log = static_cast<Log*>(handle);
  if (log == nullptr) return;
  const LogLevel known = level_of(level);
  if (known >= LogLevel::kError) log->last_error = message;
  if (log->write) log->write(known, message);
}

}  // namespace wordline::osdi
