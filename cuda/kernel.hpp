// What a kernel is here: a struct of pointers and numbers whose body is plain C++, compiled for the
// GPU by nvcc and for the processor by the C++ compiler. The second, run_on_host(), is its twin:
// the same sums in the same order, so that everything but the launch is tested without a GPU.
//
// Two forms:
//   std::int64_t count() const;             for independent numbers: at(k) for each of them,
//   void at(std::int64_t k) const;          in any order
//
//   std::int32_t blocks() const;            for threads that work together. A block goes through
//   std::int32_t threads() const;           its phases one by one; what threads tell each other
//   std::int32_t phases() const;            stands in `shared` or in memory when a phase ends, and
//   std::int32_t shared() const;  (doubles) nothing else outlives it
//   void at(const Place& place) const;
#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include "wordline/devices/host_device.hpp"

namespace wordline::gpu {

struct Place {
  std::int32_t block, thread, phase;
  double* shared;
};

template <class K>
concept KernelOfEach = requires(const K& k) {
  { k.count() } -> std::same_as<std::int64_t>;
  k.at(std::int64_t{0});
};

template <class K>
concept KernelOfBlocks = requires(const K& k, const Place& place) {
  { k.blocks() } -> std::same_as<std::int32_t>;
  { k.threads() } -> std::same_as<std::int32_t>;
  { k.phases() } -> std::same_as<std::int32_t>;
  { k.shared() } -> std::same_as<std::int32_t>;
  k.at(place);
};

// In what order the twin takes what a GPU does at once. Whatever depends on it is a race there.
enum class Order { kForwards, kBackwards };

template <class N, class Work>
void in_order(N count, Order order, const Work& work) {
  for (N k = 0; k < count; ++k) work(order == Order::kForwards ? k : count - 1 - k);
}

template <KernelOfEach K>
void run_on_host(const K& kernel, Order order = Order::kForwards) {
  in_order(kernel.count(), order, [&](std::int64_t k) { kernel.at(k); });
}

template <KernelOfBlocks K>
void run_on_host(const K& kernel, Order order = Order::kForwards) {
  std::vector<double> shared(static_cast<std::size_t>(kernel.shared()));
  in_order(kernel.blocks(), order, [&](std::int32_t block) {
    for (std::int32_t phase = 0; phase < kernel.phases(); ++phase) {
      in_order(kernel.threads(), order, [&](std::int32_t thread) {
        kernel.at({block, thread, phase, shared.data()});
      });
    }
  });
}

}  // namespace wordline::gpu
