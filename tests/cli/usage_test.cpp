// The manners of the command: help, versions, misuse, exit codes.
#include <gtest/gtest.h>

#include "command_fixture.hpp"
#include "wordline/base/version.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;
using Usage = testing::WordlineCommand;

TEST_F(Usage, PrintsItsVersion) {
  const ShellResult result = wordline("--version");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "wordline " + std::string(version()) + "\n");
}

TEST_F(Usage, HelpListsCommandsExamplesAndExitCodes) {
  const ShellResult result = wordline("--help");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* part : {"run", "check", "matmul", "plot", "export", "models", "characterize",
                           "info", "Examples:", "Exit codes:", "130"}) {
    EXPECT_TRUE(contains(result.out, part)) << part;
  }
  EXPECT_EQ(result.err, "");
}

TEST_F(Usage, EveryCommandHasHelp) {
  for (const char* command :
       {"run", "check", "matmul", "plot", "export", "models", "characterize", "info"}) {
    const ShellResult result = wordline(std::string(command) + " --help");
    EXPECT_EQ(result.exit_code, 0) << command;
    EXPECT_TRUE(contains(result.out, "Usage:")) << command;
  }
}

TEST_F(Usage, SuggestsTheNearCommand) {
  const ShellResult result = wordline("rum a.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "wordline: error: no command 'rum'; did you mean 'run'?\n");
  EXPECT_TRUE(contains(wordline("-v frobnicate").err, "there are run, check"));
}

TEST_F(Usage, MisuseIsExitCode2WithAMessageOnStderr) {
  for (const char* arguments : {"", "run", "run --frmat raw a.cir", "run --format xls a.cir",
                                "plot", "export", "check a.cir b.cir"}) {
    const ShellResult result = wordline(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_EQ(result.out, "") << arguments;
    EXPECT_TRUE(contains(result.err, "wordline: error: ")) << arguments;
    EXPECT_TRUE(contains(result.err, "--help'")) << arguments;
  }
}

TEST_F(Usage, AMissingDeckIsExitCode3NamingIt) {
  for (const char* command : {"run", "check", "export"}) {
    const ShellResult result = wordline(std::string(command) + " absent.cir");
    EXPECT_EQ(result.exit_code, 3) << command;
    EXPECT_TRUE(contains(result.err, "absent.cir")) << result.err;
    EXPECT_TRUE(contains(result.err, "No such file")) << result.err;
  }
}

TEST_F(Usage, AFullDiskBehindStandardOutputIsExitCode3) {
  EXPECT_EQ(wordline("models >/dev/full").exit_code, 3);
}

TEST_F(Usage, ModelsListsEveryModelWithItsParameters) {
  const ShellResult result = wordline("models");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* part : {"vteam", "yakopcic", "nmos", "default", "range", "unit"}) {
    EXPECT_TRUE(contains(result.out, part)) << part;
  }
}

TEST_F(Usage, ModelsShowsOneModelByName) {
  const ShellResult result = wordline("models VTEAM");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.out, ".model NAME memristor type=vteam"));
  EXPECT_TRUE(contains(result.out, "Kvatinsky"));
  EXPECT_FALSE(contains(result.out, "yakopcic"));
}

TEST_F(Usage, ModelsShowsACardByItsName) {
  const ShellResult result = wordline("models yakopcic_miao");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* part : {".lib \"memristors.lib\" yakopcic_miao", "Miao", "0.11"}) {
    EXPECT_TRUE(contains(result.out, part)) << part;
  }
}

TEST_F(Usage, ModelsSuggestsTheNearName) {
  const ShellResult result = wordline("models vteem");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "did you mean 'vteam'?"));
}

TEST_F(Usage, ModelsMakesTablesForDocuments) {
  EXPECT_TRUE(contains(wordline("models vteam --markdown").out, "| --- "));
}

TEST_F(Usage, InfoSaysWhatItRunsOn) {
  const ShellResult result = wordline("info");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* part : {"wordline", "compiler", "KLU", "Eigen", "threads", "GPU usable"}) {
    EXPECT_TRUE(contains(result.out, part)) << part;
  }
}

}  // namespace
}  // namespace wordline
