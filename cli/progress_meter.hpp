// A line of progress on stderr, where that is a terminal and the work lasts longer than a second.
#pragma once

#include <chrono>
#include <string>

namespace wordline::cli {

class ProgressMeter {
 public:
  explicit ProgressMeter(std::string label);
  ~ProgressMeter();  // wipes the line
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;

  void update(double fraction);  // 0..1

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + std::chrono::seconds(1);
};

}  // namespace wordline::cli
