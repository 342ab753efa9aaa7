// What the processor has. Some functions are compiled for several instruction sets, one of which is
// chosen when the program runs: the binary starts on any x86-64 and is fast on all. Other
// architectures have the plain one alone.
#pragma once

namespace wordline {

enum class InstructionSet { kPlain, kAvx2, kAvx512 };

// The widest that the processor has; the environment variable WORDLINE_ISA (plain, avx2, avx512)
// can only narrow it. Read once.
InstructionSet instruction_set();
const char* name_of(InstructionSet set);

#define WORDLINE_INLINE inline __attribute__((always_inline))

// Before functions compiled for these sets.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WORDLINE_AVX512 __attribute__((target("arch=x86-64-v4,prefer-vector-width=512")))
#define WORDLINE_AVX2 __attribute__((target("arch=x86-64-v3")))
#else
#define WORDLINE_AVX512
#define WORDLINE_AVX2
#endif

}  // namespace wordline
