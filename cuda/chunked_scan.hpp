// Recurrences v_k = c_k (f_k + v_{k-1}) by many threads: a line is cut into chunks, one a thread.
// What a chunk makes of the value v that enters it is `own` + `slope` v. Chunks are put together in
// groups, groups one by one, and each chunk learns what enters it; three phases.
//
// A block has `lanes` such lines side by side. Chunk k of lane l stands at k * lanes + l.
#pragma once

#include <cstddef>
#include <cstdint>

#include "wordline/devices/host_device.hpp"

namespace wordline::gpu {

struct ChunkedScan {
  std::int32_t lanes, chunks, groups;  // chunks is a multiple of groups
  static constexpr std::int32_t kPhases = 3;

  WORDLINE_HD std::int32_t shared() const { return 2 * lanes * (chunks + groups); }
  WORDLINE_HD static double* own(double* shared) { return shared; }  // after it all: what enters
  WORDLINE_HD double* slope(double* shared) const {
    return shared + std::ptrdiff_t{lanes} * chunks;
  }

  // Phase 0, 1, 2. Backwards: from the last chunk to the first.
  WORDLINE_HD void at(std::int32_t phase, std::int32_t thread, bool backwards,
                      double* shared) const {
    double* group_own = shared + std::ptrdiff_t{2} * lanes * chunks;
    double* group_slope = group_own + std::ptrdiff_t{lanes} * groups;
    if (phase == 1) {
      if (thread < lanes) chain(thread, groups, backwards, group_own, group_slope);
      return;
    }
    if (thread >= lanes * groups) return;
    const std::int32_t each = chunks / groups;
    const std::int32_t first = thread / lanes * each * lanes + thread % lanes;
    if (phase == 0) {
      double v = 0;
      double product = 1;
      for (std::int32_t n = 0; n < each; ++n) {
        const std::int32_t k = first + (backwards ? each - 1 - n : n) * lanes;
        v = own(shared)[k] + slope(shared)[k] * v;
        product *= slope(shared)[k];
      }
      group_own[thread] = v;
      group_slope[thread] = product;
      return;
    }
    double v = group_own[thread];
    for (std::int32_t n = 0; n < each; ++n) {
      const std::int32_t k = first + (backwards ? each - 1 - n : n) * lanes;
      const double next = own(shared)[k] + slope(shared)[k] * v;
      own(shared)[k] = v;
      v = next;
    }
  }

 private:
  WORDLINE_HD void chain(std::int32_t lane, std::int32_t count, bool backwards, double* values,
                         const double* slopes) const {
    double v = 0;
    for (std::int32_t n = 0; n < count; ++n) {
      const std::int32_t k = (backwards ? count - 1 - n : n) * lanes + lane;
      const double next = values[k] + slopes[k] * v;
      values[k] = v;
      v = next;
    }
  }
};

// A part of a line.
struct Chunk {
  std::int32_t begin, end;
  WORDLINE_HD static Chunk of(std::int32_t chunk, std::int32_t size, std::int32_t length) {
    const std::int32_t begin = chunk * size < length ? chunk * size : length;
    return {begin, begin + size < length ? begin + size : length};
  }
};

}  // namespace wordline::gpu
