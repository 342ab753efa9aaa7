// Commands of `.control`, executed by `wordline run` and by Debian's ngspice: what both print, and
// the tables that both write, number by number. Tolerance: 1e-4 of a number, where two solutions of
// nonlinear circuits at reltol=1e-5 agree, or 1e-9 of what is next to nothing.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "compare.hpp"

namespace wordline {
namespace {

namespace fs = std::filesystem;

fs::path control_decks() { return testing::conformance_decks() / "control"; }

std::string wordline_program() {
  return "'" + std::string(std::getenv("WORDLINE_BUILD_ROOT")) + "/cli/wordline'";
}

// The numbers behind "name = ", in their order.
std::vector<double> printed_numbers(const std::string& text) {
  std::vector<double> numbers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.rfind(" = ");
    if (equals == std::string::npos || line.starts_with("Doing")) continue;
    numbers.push_back(std::strtod(line.c_str() + equals + 3, nullptr));
  }
  return numbers;
}

// The numbers of a table, without the names above them.
std::vector<double> table_numbers(const fs::path& path) {
  std::vector<double> numbers;
  std::istringstream words(testing::read_text(path));
  for (std::string word; words >> word;) {
    char* end = nullptr;
    const double number = std::strtod(word.c_str(), &end);
    if (end == word.c_str() + word.size()) numbers.push_back(number);
  }
  return numbers;
}

void expect_equal(const std::vector<double>& ours, const std::vector<double>& theirs,
                  const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_NEAR(ours[k], theirs[k], 1e-4 * std::abs(theirs[k]) + 1e-9) << what << ", number " << k;
  }
}

class Control : public ::testing::TestWithParam<std::string> {};

TEST_P(Control, DoesWhatNgspiceDoes) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const std::string deck = "'" + (control_decks() / (GetParam() + ".cir")).string() + "'";
  const testing::TemporaryFolder mine, theirs;
  const auto ours = testing::shell(mine, wordline_program() + " run -q " + deck);
  ASSERT_EQ(ours.exit_code, 0) << ours.err;
  const auto reference = testing::shell(theirs, "ngspice -b " + deck);
  const std::vector<double> expected = printed_numbers(reference.out);
  EXPECT_GT(expected.size(), 0u);
  expect_equal(printed_numbers(ours.out), expected, "printed");
  for (const auto& entry : fs::directory_iterator(theirs.path())) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".txt") {
      expect_equal(table_numbers(mine / name), table_numbers(entry.path()), name);
    } else if (entry.path().extension() == ".raw") {
      const Waveforms a = read_rawfile((mine / name).string()).at(0);
      const Waveforms b = read_rawfile(entry.path().string()).at(0);
      for (const Signal& signal : b.header().signals) {
        if (!a.contains(signal.name)) continue;  // the swept quantity has another name
        const auto x = a[signal.name];
        const auto y = b[signal.name];
        expect_equal({x.begin(), x.end()}, {y.begin(), y.end()}, name + " " + signal.name);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Decks, Control, ::testing::ValuesIn(testing::deck_names(control_decks())),
                         [](const auto& deck) { return deck.param; });

// ---- what ngspice does otherwise, or would do harm by ----

testing::ShellResult run_commands(const testing::TemporaryFolder& folder,
                                  const std::string& commands, const std::string& statements = "") {
  testing::write_text(folder / "deck.cir", "commands\nv1 a 0 1\nr1 a 0 1k\n" + statements +
                                               ".control\n" + commands + "\n.endc\n.end\n");
  return testing::shell(folder, wordline_program() + " run deck.cir");
}

TEST(ControlCommands, ThatReachBeyondTheCircuitAreRefusedBeforeAnythingIsDone) {
  for (const char* command : {"shell touch harm", "!touch harm", "system touch harm",
                              "source other.cir", "echo `touch harm`", "rm deck.cir",
                              "if 1\n shell touch harm\nend", "op ; shell touch harm"}) {
    const testing::TemporaryFolder folder;
    const auto run = run_commands(folder, "op\nwrdata done.txt v(a)\n" + std::string(command));
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_NE(run.err.find("refused"), std::string::npos) << run.err;
    EXPECT_FALSE(fs::exists(folder / "harm")) << command;
    EXPECT_FALSE(fs::exists(folder / "done.txt")) << command;
  }
}

TEST(ControlCommands, ThatAreNotExecutedAreNotedOnce) {
  const testing::TemporaryFolder folder;
  const auto run = run_commands(folder, "op\nplot v(a)\nhardcopy x.ps v(a)\nplot v(a)\necho done");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.err.find("not executed: hardcopy, plot\n"), std::string::npos) << run.err;
  EXPECT_EQ(run.out, "done\n");
}

TEST(ControlCommands, LeaveTheirAnalysesInTheFileOfResults) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(run_commands(folder, "op\ndc v1 0 1 0.5").exit_code, 0);
  const auto plots = read_rawfile((folder / "deck.raw").string());
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[1].points(), 3u);
}

TEST(ControlCommands, WithoutAnAnalysisLeaveThoseOfTheDeck) {
  const testing::TemporaryFolder folder;
  const auto run = run_commands(folder, "set color0 = white\nplot v(a)", ".op\n");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.out.find("op: 1 point"), std::string::npos) << run.out;
}

TEST(ControlCommands, DoNotOverwriteWhatTheDeckReads) {
  const testing::TemporaryFolder folder;
  const auto run = run_commands(folder, "op\nwrite deck.cir v(a)");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("would be overwritten"), std::string::npos) << run.err;
}

TEST(ControlCommands, HaveTheirPlaceInMessages) {
  const testing::TemporaryFolder folder;
  const auto message = [&](const std::string& command) {
    const auto run = run_commands(folder, command);
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_NE(run.err.find("deck.cir:5:"), std::string::npos) << run.err;
    return run.err;
  };
  const auto expect = [&](const std::string& command, const std::string& part) {
    EXPECT_NE(message(command).find(part), std::string::npos) << command << message(command);
  };
  expect("dc v2 0 1 0.1", "there is no parameter, value or 'temp' called 'v2'");
  expect("print v(b)", "there is no vector 'v(b)'");
  expect("print meen(vector(3))", "there is no function 'meen'; did you mean 'mean'?");
  expect("echo $nothing", "there is no variable 'nothing'");
  expect("alter r9 = 1", "there is no 'r9' that could be altered");
  expect("alter r1 colour = 1", "'r1' has no 'colour' that could be altered");
  expect("print (1+2", "ends too early");
  expect("print vector(3)+vector(4)", "vectors with 3 and 4 elements");
  expect("print vector(3)[3]", "there is no element 3 of 3");
  expect("setplot tran7", "there is no plot 'tran7'");
  expect("foreach x 1 2\necho $x", "'foreach' is not closed");
  expect("end", "'end' belongs to no block");
  expect("run", "the deck asks for no analysis to run");
}

TEST(ControlCommands, SubstituteVariables) {
  const testing::TemporaryFolder folder;
  const auto run = run_commands(folder,
                                "set list = ( 1 2k three )\necho $#list $list[2] $list\n"
                                "set n = 5\necho {$n}pF $?n $?m\nunset n\necho $?n\n"
                                "op\nlet x = 2\necho $&x \"two  words\" $curplot\n"
                                "foreach v a b\necho $v\nend\nquit\necho never");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "3 2k 1 2k three\n5pF 1 0\n0\n2 two  words op1\na\nb\n");
}

}  // namespace
}  // namespace wordline
