// Kernels compiled for several instruction sets, one of which is chosen when the program runs: the
// binary starts on any x86-64 and is fast on all. Other architectures have the plain one alone.
#pragma once

#include <cstdint>
#include <cstring>

namespace wordline {

enum class InstructionSet { kPlain, kAvx2, kAvx512 };

// The widest that the processor has; the environment variable WORDLINE_ISA (plain, avx2, avx512)
// can only narrow it. Read once.
InstructionSet instruction_set();
const char* name_of(InstructionSet set);

// Eight doubles, whatever registers they take.
using Lanes = double __attribute__((vector_size(64)));
inline constexpr std::int32_t kLanes = 8;

#define WORDLINE_INLINE inline __attribute__((always_inline))

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
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WORDLINE_AVX512 __attribute__((target("arch=x86-64-v4,prefer-vector-width=512")))
#define WORDLINE_AVX2 __attribute__((target("arch=x86-64-v3")))
#define WORDLINE_KERNEL_OF(result, name, parameters, arguments, avx512, avx2, plain)              \
  __attribute__((                                                                                 \
      target("arch=x86-64-v4,prefer-vector-width=512"))) static result name##_avx512 parameters { \
    return avx512 arguments;                                                                      \
  }                                                                                               \
  WORDLINE_AVX2 static result name##_avx2 parameters { return avx2 arguments; }                   \
  static result name##_plain parameters { return plain arguments; }                               \
  result name parameters {                                                                        \
    switch (instruction_set()) {                                                                  \
      case InstructionSet::kAvx512:                                                               \
        return name##_avx512 arguments;                                                           \
      case InstructionSet::kAvx2:                                                                 \
        return name##_avx2 arguments;                                                             \
      default:                                                                                    \
        return name##_plain arguments;                                                            \
    }                                                                                             \
  }
#define WORDLINE_KERNEL(result, name, parameters, arguments) \
  WORDLINE_KERNEL_OF(result, name, parameters, arguments, name##_body, name##_body, name##_body)
#define WORDLINE_KERNEL_BY_SET(result, name, parameters, arguments)                             \
  WORDLINE_KERNEL_OF(result, name, parameters, arguments, name##_body<InstructionSet::kAvx512>, \
                     name##_body<InstructionSet::kAvx2>, name##_body<InstructionSet::kPlain>)
#else
#define WORDLINE_AVX512
#define WORDLINE_AVX2
#define WORDLINE_KERNEL(result, name, parameters, arguments) \
  result name parameters { return name##_body arguments; }
#define WORDLINE_KERNEL_BY_SET(result, name, parameters, arguments) \
  result name parameters { return name##_body<InstructionSet::kPlain> arguments; }
#endif

}  // namespace wordline
