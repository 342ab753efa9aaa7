#include "wordline/base/error.hpp"

#include <gtest/gtest.h>

namespace wordline {
namespace {

TEST(Diagnostic, PutsTheCaretUnderTheColumn) {
  const Diagnostic d{Severity::kError,
                     {.file = "a.cir", .line = 3, .column = 4, .text = "R1 a 0 1k"},
                     "node 'a' floats",
                     "tie it to ground"};
  EXPECT_EQ(d.format(),
            "a.cir:3:4: error: node 'a' floats\n"
            "    R1 a 0 1k\n"
            "       ^\n"
            "    tie it to ground");
}

TEST(Diagnostic, KeepsTabsBeforeTheCaret) {
  const Diagnostic d{
      Severity::kWarning, {.file = "a.cir", .line = 1, .column = 4, .text = "R1\ta"}, "w", ""};
  EXPECT_EQ(d.format(), "a.cir:1:4: warning: w\n    R1\ta\n      \t^");
}

TEST(Nearest, FindsASlipOfThePenAndNothingFarther) {
  EXPECT_EQ(nearest("reltoll", {"abstol", "reltol", "gmin"}), "reltol");
  EXPECT_EQ(nearest("zzz", {"abstol", "reltol", "gmin"}), "");
}

TEST(Nearest, LetsSomethingOfTheNameBeRight) { EXPECT_EQ(nearest("b", {"0", "a"}), ""); }

TEST(Printable, WritesWhatSteersATerminal) {
  EXPECT_EQ(printable("a\x1b[2J\x07\x7f"), "a\\x1b[2J\\x07\\x7f");
  EXPECT_EQ(printable("tab\tline\n"), "tab\tline\n");
  EXPECT_EQ(printable("\xc3\xa4 \xc2\x9b"), "\xc3\xa4 \xc2\\x9b");  // an a umlaut, CSI
}

}  // namespace
}  // namespace wordline
