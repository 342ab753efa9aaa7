#include "wordline/base/instruction_sets.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace wordline {

namespace {

InstructionSet find_instruction_set() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
  InstructionSet widest = InstructionSet::kPlain;
  if (__builtin_cpu_supports("x86-64-v3")) widest = InstructionSet::kAvx2;
  if (__builtin_cpu_supports("x86-64-v4")) widest = InstructionSet::kAvx512;
  const char* wanted = std::getenv("WORDLINE_ISA");
  if (wanted == nullptr) return widest;
  for (const InstructionSet set : {InstructionSet::kPlain, InstructionSet::kAvx2}) {
    if (std::string_view(wanted) == name_of(set)) return std::min(set, widest);
  }
  return widest;
#else
  return InstructionSet::kPlain;
#endif
}

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet kSet = find_instruction_set();
  return kSet;
}

const char* name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::kAvx512:
      return "avx512";
    case InstructionSet::kAvx2:
      return "avx2";
    default:
      return "plain";
  }
}

}  // namespace wordline
