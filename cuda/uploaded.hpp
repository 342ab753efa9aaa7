// Values in a queue's memory.
#pragma once

#include <span>

namespace wordline::gpu {

template <class T, class Queue>
typename Queue::template Table<T> uploaded(Queue& queue, std::span<const T> values) {
  auto table = queue.template table<T>(std::ssize(values));
  queue.template upload<T>(values, table);
  return table;
}

}  // namespace wordline::gpu
