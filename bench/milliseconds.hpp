// The wall-clock time of something in ms: the median of five.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace wordline::bench {

template <class Work>
double milliseconds(const Work& work) {
  constexpr int kRepetitions = 5;
  std::vector<double> times;
  for (int k = 0; k < kRepetitions; ++k) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    times.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + kRepetitions / 2, times.end());
  return times[kRepetitions / 2];
}

}  // namespace wordline::bench
