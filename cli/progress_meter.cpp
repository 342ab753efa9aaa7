#include "wordline/cli/progress_meter.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace wordline::cli {

namespace {

std::string format_duration(double seconds) {
  const auto s = std::lround(std::min(seconds, 1e9));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

}  // namespace

ProgressMeter::ProgressMeter(std::string label)
    : label_(std::move(label)), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressMeter::~ProgressMeter() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressMeter::update(double fraction) {
  if (!terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(200);
  shown_ = true;
  constexpr int kWidth = 30;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const int done = static_cast<int>(fraction * kWidth);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string left =
      fraction > 0 ? format_duration(elapsed / fraction - elapsed) + " left" : "";
  fmt::print(stderr, "\r{} [{:#<{}}{:.<{}}] {:3.0f} %  {}\x1b[K", label_, "", done, "",
             kWidth - done, 100 * fraction, left);
  std::fflush(stderr);
}

}  // namespace wordline::cli
