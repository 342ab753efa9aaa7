// What the command keeps from harm: the files that it reads, the terminal, and users who ask for
// what cannot be.

#include <gtest/gtest.h>

#include "command_fixture.hpp"

namespace wordline::testing {
namespace {

class Protection : public WordlineCommand {
 protected:
  // The command refuses to write over the file, which stays as it is.
  void expect_refused(const std::string& arguments, const std::string& file) {
    const std::string before = read_text(folder_ / file);
    const ShellResult result = wordline(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_TRUE(contains(result.err, "would be overwritten")) << result.err;
    EXPECT_EQ(read_text(folder_ / file), before) << arguments;
  }
};

TEST_F(Protection, FilesThatADeckReadsAreNotOverwritten) {
  write("load.inc", "r1 a b 1k\n");
  write("caps.lib", ".lib fast\nc1 b 0 1n\n.endl\n");
  write("wave.csv", "0,0\n1e-6,1\n");
  write("deck.cir",
        "reads files\n.include load.inc\n.lib caps.lib fast\n"
        "v1 a 0 pwl file \"wave.csv\"\n.tran 10n 1u\n.end\n");
  for (const char* file : {"deck.cir", "load.inc", "caps.lib", "wave.csv"}) {
    expect_refused("run deck.cir -o " + std::string(file), file);
    expect_refused("export deck.cir -o ./" + std::string(file), file);
  }
  EXPECT_EQ(wordline("run deck.cir -o new.raw").exit_code, 0);
}

TEST_F(Protection, MatricesOfProductsAreNotOverwritten) {
  write("in.csv", "0.1,0.2\n");
  write("g.csv", "1e-3,2e-3\n3e-3,2e-3\n");
  const std::string deck =
      "products\n.model m memristor type=static\n"
      ".crossbar xb rows=2 cols=2 memristor=m g=\"g.csv\"\n";
  write("deck.cir", deck + ".matmul xb inputs=\"in.csv\"\n");
  expect_refused("run deck.cir -o in.csv", "in.csv");
  expect_refused("run deck.cir -o g.csv", "g.csv");
  write("own.cir", deck + ".matmul xb inputs=\"in.csv\" outputs=\"in.csv\"\n");
  expect_refused("run own.cir", "in.csv");
}

TEST_F(Protection, FilesOfProgrammedAndDrawnArraysAreNotOverwritten) {
  write("g.csv", "2e-3,2e-3\n");
  write("t.csv", "4e-3,3e-3\n");
  write(
      "deck.cir",
      "array\n.model c memristor type=vteam\n.crossbar xb rows=1 cols=2 memristor=c g=\"g.csv\"\n");
  expect_refused("program deck.cir -t t.csv -o g.csv", "g.csv");
  expect_refused("program deck.cir -t t.csv -o deck.cir", "deck.cir");
  expect_refused("program deck.cir -t t.csv --conductances t.csv", "t.csv");
  expect_refused("plot --map g.csv --format svg -o g.csv", "g.csv");
}

TEST_F(Protection, MessagesDoNotSteerTheTerminal) {
  write("deck.cir", "names\nv1 a 0 1\nr1 a 0 1k\n.\x1b[31mred\x07 1\n.op\n");
  const ShellResult deck = wordline("run deck.cir");
  EXPECT_EQ(deck.exit_code, 2);
  EXPECT_TRUE(contains(deck.err, "\\x1b[31mred\\x07")) << deck.err;
  EXPECT_EQ(deck.err.find('\x1b'), std::string::npos);

  write("plot.csv", "time,v(\x1b[31ma)\n0,0\n1,1\n");
  const ShellResult listed = wordline("plot plot.csv");
  EXPECT_TRUE(contains(listed.out, "v(\\x1b[31ma)")) << listed.out;
  EXPECT_EQ(listed.out.find('\x1b'), std::string::npos);
  const ShellResult missing = wordline("plot plot.csv $'v(\\x1b[31mb)'");
  EXPECT_NE(missing.exit_code, 0);
  EXPECT_EQ(missing.err.find('\x1b'), std::string::npos);
}

TEST_F(Protection, WhatCannotBeExportedIsAFaultOfTheDeck) {
  write("deck.cir",
        "implicit\n.lib \"memristors.lib\" jart_v1b\nymemristor y1 a 0 jart_v1b\nv1 a 0 1\n.op\n");
  const ShellResult result = wordline("export deck.cir -o out.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "deck.cir: model jart_v1b cannot be exported")) << result.err;
  EXPECT_FALSE(exists("out.cir"));
}

TEST_F(Protection, ADeckWithoutElementsSaysSo) {
  write("deck.cir", "nothing\n.op\n.end\n");
  const ShellResult result = wordline("run deck.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "'deck.cir' has no elements")) << result.err;
}

TEST_F(Protection, CurrentsThatAreNoNumbersAreNotGivenAsResiduals) {
  write("deck.cir", "too much\nv1 a 0 1e300\nr1 a b 1e-300\nr2 b 0 1e-300\n.op\n");
  const ShellResult result = wordline("run deck.cir");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_FALSE(contains(result.err, "nan")) << result.err;
}

TEST_F(Protection, CharacterizesWithinReason) {
  for (const char* option : {"--amplitude 1e300", "--frequency 0", "--frequency 1e-300",
                             "--series -1", "--amplitude many"}) {
    const ShellResult result = wordline("characterize vteam " + std::string(option));
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_FALSE(exists("vteam")) << option;
  }
}

}  // namespace
}  // namespace wordline::testing
