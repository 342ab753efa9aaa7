// Kernels compiled for several instruction sets, one of which is chosen when the program runs
// (processor.hpp).
#pragma once

#include <cstdint>
#include <cstring>

#include "wordline/base/processor.hpp"

namespace wordline {

// Eight doubles, whatever registers they take.
using Lanes = double __attribute__((vector_size(64)));
inline constexpr std::int32_t kLanes = 8;

WORDLINE_INLINE Lanes load(const double* p) {
  Lanes v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
WORDLINE_INLINE void store(double* p, const Lanes& v) { std::memcpy(p, &v, sizeof v); }

// WORDLINE_KERNEL(void, scale, (double* x, int n), (x, n)) defines scale() out of scale_body(), an
// always-inlined function of the same parameters, compiled for each instruction set.
//
// WORDLINE_KERNEL_BY_SET does so for a body that is a template over the instruction set.
// NOLINTBEGIN(bugprone-macro-parentheses): types and lists of parameters take none.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WORDLINE_KERNEL_OF(result, name, parameters, arguments, avx512, avx2, plain)  \
  WORDLINE_AVX512 static result name##_avx512 parameters { return avx512 arguments; } \
  WORDLINE_AVX2 static result name##_avx2 parameters { return avx2 arguments; }       \
  static result name##_plain parameters { return plain arguments; }                   \
  result name parameters {                                                            \
    switch (instruction_set()) {                                                      \
      case InstructionSet::kAvx512:                                                   \
        return name##_avx512 arguments;                                               \
      case InstructionSet::kAvx2:                                                     \
        return name##_avx2 arguments;                                                 \
      default:                                                                        \
        return name##_plain arguments;                                                \
    }                                                                                 \
  }
#define WORDLINE_KERNEL(result, name, parameters, arguments) \
  WORDLINE_KERNEL_OF(result, name, parameters, arguments, name##_body, name##_body, name##_body)
#define WORDLINE_KERNEL_BY_SET(result, name, parameters, arguments)                             \
  WORDLINE_KERNEL_OF(result, name, parameters, arguments, name##_body<InstructionSet::kAvx512>, \
                     name##_body<InstructionSet::kAvx2>, name##_body<InstructionSet::kPlain>)
#else
#define WORDLINE_KERNEL(result, name, parameters, arguments) \
  result name parameters { return name##_body arguments; }
#define WORDLINE_KERNEL_BY_SET(result, name, parameters, arguments) \
  result name parameters { return name##_body<InstructionSet::kPlain> arguments; }
#endif
// NOLINTEND(bugprone-macro-parentheses)

}  // namespace wordline
