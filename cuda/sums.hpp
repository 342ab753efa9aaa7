// Sums in a fixed order. A term is a struct with `Sums at(cell, member)`, which may also write what
// belongs to that cell; SumOver adds terms up to a few hundred parts a member, Reduce these to one
// and does with it what an action says.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "wordline/cuda/array_view.hpp"
#include "wordline/cuda/kernel.hpp"

namespace wordline::gpu {

struct Sums {
  double first = 0, second = 0, third = 0;
  WORDLINE_HD Sums& operator+=(const Sums& more) {
    first += more.first;
    second += more.second;
    third += more.third;
    return *this;
  }
};
inline constexpr std::int32_t kSumSize = sizeof(Sums) / sizeof(double);

// The sums of the threads of a block by a tree, those of each of `lanes` lanes apart; `threads` and
// `lanes` are powers of two, thread t is of lane t % lanes. In `levels()` phases; then the first
// `lanes` sums are those of the lanes.
struct TreeSum {
  std::int32_t threads, lanes;
  WORDLINE_HD std::int32_t levels() const {
    std::int32_t n = 0;
    for (std::int32_t k = threads; k > lanes; k /= 2) ++n;
    return n;
  }
  WORDLINE_HD void level(std::int32_t n, std::int32_t thread, Sums* sums) const {
    const std::int32_t half = threads >> (n + 1);
    if (thread < half) sums[thread] += sums[thread + half];
  }
};

template <class Term>
struct SumOver {
  static constexpr std::int32_t kThreads = 256;
  static constexpr std::int32_t kMostLanes = 32;
  static constexpr std::int32_t kMostParts = 1024;

  Shape shape;
  Term term;
  const Member* members;  // null: all are summed, else those that iterate or end half-way
  Sums* parts;            // part p of member b at p * members + b

  static std::int32_t lanes_of(const Shape& shape) {
    return std::min(kMostLanes,
                    static_cast<std::int32_t>(std::bit_ceil(static_cast<unsigned>(shape.members))));
  }
  // By the shape alone.
  static std::int32_t parts_of(const Shape& shape) {
    const std::int64_t cells = kThreads / lanes_of(shape);  // of one round
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(shape.cells() / (4 * cells), 1, kMostParts));
  }
  static SumOver make(const Shape& shape, const Term& term, const Member* members, Sums* parts) {
    return {shape, term, members, parts, lanes_of(shape), parts_of(shape)};
  }

  std::int32_t lanes, count;

  WORDLINE_HD std::int32_t groups() const { return (shape.members + lanes - 1) / lanes; }
  WORDLINE_HD std::int32_t blocks() const { return count * groups(); }
  WORDLINE_HD std::int32_t threads() const { return kThreads; }
  WORDLINE_HD std::int32_t phases() const { return TreeSum{kThreads, lanes}.levels() + 2; }
  WORDLINE_HD std::int32_t shared() const { return kThreads * kSumSize; }

  WORDLINE_HD void at(const Place& place) const {
    Sums* sums = reinterpret_cast<Sums*>(place.shared);
    const std::int32_t part = place.block / groups();
    const std::int32_t b = place.block % groups() * lanes + place.thread % lanes;
    if (place.phase == 0) {
      sums[place.thread] = share(part, place.thread / lanes, b);
    } else if (place.phase + 1 < phases()) {
      TreeSum{kThreads, lanes}.level(place.phase - 1, place.thread, sums);
    } else if (place.thread < lanes && b < shape.members) {
      parts[std::int64_t{part} * shape.members + b] = sums[place.thread];
    }
  }

 private:
  WORDLINE_HD Sums share(std::int32_t part, std::int32_t row, std::int32_t b) const {
    Sums sum;
    if (b >= shape.members) return sum;
    if (members != nullptr && !members[b].iterates() && members[b].state != State::kHalfStep) {
      return sum;
    }
    const std::int64_t round = kThreads / lanes;
    for (std::int64_t cell = part * round + row; cell < shape.cells(); cell += count * round) {
      sum += term.at(cell, b);
    }
    return sum;
  }
};

// The sum of `count` parts of each member, given to `action(member, sums)`.
template <class Action>
struct Reduce {
  static constexpr std::int32_t kThreads = 128;

  std::int32_t member_count, count;
  const Sums* parts;
  Member* members;
  Action action;

  WORDLINE_HD std::int32_t blocks() const { return member_count; }
  WORDLINE_HD std::int32_t threads() const { return kThreads; }
  WORDLINE_HD std::int32_t phases() const { return TreeSum{kThreads, 1}.levels() + 2; }
  WORDLINE_HD std::int32_t shared() const { return kThreads * kSumSize; }

  WORDLINE_HD void at(const Place& place) const {
    Sums* sums = reinterpret_cast<Sums*>(place.shared);
    if (place.phase == 0) {
      Sums sum;
      for (std::int32_t k = place.thread; k < count; k += kThreads) {
        sum += parts[std::int64_t{k} * member_count + place.block];
      }
      sums[place.thread] = sum;
    } else if (place.phase + 1 < phases()) {
      TreeSum{kThreads, 1}.level(place.phase - 1, place.thread, sums);
    } else if (place.thread == 0) {
      action(members[place.block], sums[0], place.block);
    }
  }
};

// Keeps the sums themselves.
struct Keep {
  Sums* sums;
  WORDLINE_HD void operator()(Member& /*member*/, const Sums& s, std::int32_t b) const {
    sums[b] = s;
  }
};

}  // namespace wordline::gpu
