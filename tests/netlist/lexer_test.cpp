// Lines and tokens. The rules are those of docs/netlist.md, "Text".
#include "wordline/netlist/lexer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/text.hpp"

namespace wordline {
namespace {

// The tokens of all logical lines, with | between lines.
std::string tokens_of(std::string_view text) {
  LogicalLines lines(text);
  std::vector<Token> tokens;
  std::string result;
  for (std::string_view line = lines.next(); !line.empty(); line = lines.next()) {
    if (!result.empty()) result += "| ";
    tokenize(line, tokens);
    for (const Token& token : tokens) {
      if (token.kind != Token::Kind::kEnd) result += std::string(token.text) + " ";
    }
  }
  return result;
}

TEST(Lines, EndAtLineEndsOfAnyKind) {
  EXPECT_EQ(tokens_of("r1 1 0 1k\nr2 2 0 2k"), "r1 1 0 1k | r2 2 0 2k ");
  EXPECT_EQ(tokens_of("r1 1 0 1k\r\nr2 2 0 2k\r\n"), "r1 1 0 1k | r2 2 0 2k ");
}

TEST(Lines, AreContinuedByPlusAcrossCommentsAndBlankLines) {
  EXPECT_EQ(tokens_of("r1 1\n+ 0\n+1k\nr2"), "r1 1 0 1k | r2 ");
  EXPECT_EQ(tokens_of("r1 1\n* a comment\n\n  + 0 ; another\n; more\n\t+ 1k\nr2"),
            "r1 1 0 1k | r2 ");
  EXPECT_EQ(tokens_of("r1 1\r\n+ 0 1k\r\nr2"), "r1 1 0 1k | r2 ");
}

TEST(Lines, AreContinuedByTwoBackslashes) {
  EXPECT_EQ(tokens_of("r1 1 \\\\\n0 1k\nr2"), "r1 1 0 1k | r2 ");
  EXPECT_EQ(tokens_of("r1 1\\\\  \r\n0 \\\\\n1k\nr2"), "r1 1 0 1k | r2 ");
  EXPECT_EQ(tokens_of("r1 a\\\\b 1"), "r1 a\\\\b 1 ");
}

TEST(Lines, WithoutContentAreLeftOut) {
  EXPECT_EQ(tokens_of("\n * c\n\t\n$ c\n; c\n// c\nr1 1\n\n"), "r1 1 ");
  EXPECT_EQ(tokens_of(""), "");
  EXPECT_EQ(tokens_of("* only a comment"), "");
}

TEST(Comments, EndALine) {
  EXPECT_EQ(tokens_of("r1 1 0 1k ; x"), "r1 1 0 1k ");
  EXPECT_EQ(tokens_of("r1 1 0 1k;x"), "r1 1 0 1k ");
  EXPECT_EQ(tokens_of("r1 1 0 1k // x"), "r1 1 0 1k ");
  EXPECT_EQ(tokens_of("r1 1 0 1k $ x"), "r1 1 0 1k ");
  EXPECT_EQ(tokens_of("r1 1 0 1k $"), "r1 1 0 1k ");
}

TEST(Comments, AreNoDollarInAName) {
  EXPECT_EQ(tokens_of("r1 a$b $c 1k"), "r1 a$b $c 1k ");
  EXPECT_EQ(tokens_of("r1 a$ 0 1k"), "r1 a$ 0 1k ");
}

TEST(Tokens, KeepExpressionsAndStringsWhole) {
  EXPECT_EQ(tokens_of("r1 1 0 {a + {b}} 'c * d' \"e; f.csv\""), "r1 1 0 a + {b} c * d e; f.csv ");
}

TEST(Tokens, SplitAtParenthesesCommasAndEquals) {
  EXPECT_EQ(tokens_of("v(a,b)=1"), "v ( a , b ) = 1 ");
  EXPECT_EQ(tokens_of("a==b c<=d e!=f g=h"), "a==b c<=d e!=f g = h ");
}

TEST(Tokens, KeepIndicesTogether) {
  EXPECT_EQ(tokens_of("v(xb.wl[3,17]) @m1[x] wl[0:127]"), "v ( xb.wl[3,17] ) @m1[x] wl[0:127] ");
}

TEST(Tokens, FaultOnWhatIsNotClosed) {
  std::vector<Token> tokens;
  for (const std::string_view line : {"r1 {a", "r1 'a", "r1 \"a"}) {
    try {
      tokenize(line, tokens);
      FAIL() << line;
    } catch (const Fault& fault) {
      EXPECT_EQ(fault.at, line.data() + 3) << line;
    }
  }
}

// Lines and columns count from 1; a tab is one column.
TEST(Sources, LocateACharacter) {
  Sources sources;
  const std::string_view text = sources.add("first\r\n\tsecond line\nthird", "a.cir");
  const SourceLocation where = sources.locate(text.data() + text.find("line"));
  EXPECT_EQ(where.file, "a.cir");
  EXPECT_EQ(where.line, 2);
  EXPECT_EQ(where.column, 9);
  EXPECT_EQ(where.text, "\tsecond line");
  const SourceLocation end = sources.locate(text.data() + text.size());
  EXPECT_EQ(end.line, 3);
  EXPECT_EQ(end.column, 6);
  EXPECT_EQ(sources.locate("elsewhere").file, "");
}

TEST(Sources, RefuseWhatIsNoFile) {
  Sources sources;
  EXPECT_THROW(sources.open("/no/such/file"), Error);
  EXPECT_THROW(sources.open("/"), Error);
}

}  // namespace
}  // namespace wordline
