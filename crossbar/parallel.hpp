// Work in several threads, whose results must not depend on who does what.
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <vector>

namespace wordline::crossbar {

// `threads`, or OpenMP's number for 0.
inline int thread_count(int threads) { return threads > 0 ? threads : omp_get_max_threads(); }

// work(k) for all k below `count`. What the first of them throws is thrown when all are done.
template <class Work>
void for_each_index(std::int64_t count, int threads, const Work& work) {
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(count));
  const int used = static_cast<int>(std::clamp<std::int64_t>(count, 1, threads));
#pragma omp parallel for num_threads(used) schedule(dynamic)
  for (std::int64_t k = 0; k < count; ++k) {
    try {
      work(k);
    } catch (...) {
      failures[static_cast<std::size_t>(k)] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace wordline::crossbar
