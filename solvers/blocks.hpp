// Work on blocks by several threads, with sums that do not depend on how many there are.
#pragma once

#include <cstdint>
#include <vector>

namespace wordline {

template <class Work>
void for_blocks(int threads, std::int32_t count, const Work& work) {
  if (threads <= 1) {
    for (std::int32_t k = 0; k < count; ++k) work(k);
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static)
  for (std::int32_t k = 0; k < count; ++k) work(k);
}

// part(0) + part(1) + ..., added up in this order whoever computes them.
template <class Part>
auto sum_of_blocks(int threads, std::int32_t count, const Part& part) {
  std::vector<decltype(part(0))> parts(static_cast<std::size_t>(count));
  for_blocks(threads, count, [&](std::int32_t k) { parts[static_cast<std::size_t>(k)] = part(k); });
  decltype(part(0)) sum{};
  for (const auto& value : parts) sum += value;
  return sum;
}

}  // namespace wordline
