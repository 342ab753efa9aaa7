// `wordline run`, `check` and `export` on small decks.
#include <gtest/gtest.h>

#include <cmath>

#include "command_fixture.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::read_text;
using testing::ShellResult;
using RunCommand = testing::WordlineCommand;
using CheckCommand = testing::WordlineCommand;
using ExportCommand = testing::WordlineCommand;

// 2 us after the step, v(b) = 1 - exp(-2) to the default tolerance of 1e-3.
TEST_F(RunCommand, WritesARawfileNamedAfterTheDeck) {
  write_rc(".tran 10n 5u");
  const ShellResult result = wordline("run rc.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "tran: ")) << result.out;
  EXPECT_TRUE(contains(result.out, "rc.raw")) << result.out;
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "rc.raw");
  ASSERT_EQ(plots.size(), 1U);
  EXPECT_EQ(plots[0].header().title, "rc low-pass");
  EXPECT_NEAR(plots[0].at("v(b)", 3.0005e-6), 1 - std::exp(-2.0), 2e-3);
}

TEST_F(RunCommand, GivesTheSameNumbersInEveryFormat) {
  write_rc(".tran 10n 5u");
  EXPECT_EQ(wordline("run rc.cir").exit_code, 0);
  EXPECT_EQ(wordline("run rc.cir -o text.raw --format ascii").exit_code, 0);
  EXPECT_EQ(wordline("run rc.cir -o out.csv").exit_code, 0);
  EXPECT_TRUE(contains(read_text(folder_ / "text.raw"), "Values:"));
  const Waveforms binary = read_rawfile(folder_ / "rc.raw")[0];
  const Waveforms ascii = read_rawfile(folder_ / "text.raw")[0];
  const Waveforms csv = read_csv(folder_ / "out.csv");
  ASSERT_GT(binary.points(), 10U);
  ASSERT_EQ(ascii.points(), binary.points());
  ASSERT_EQ(csv.points(), binary.points());
  for (std::size_t k = 0; k < binary.points(); ++k) {
    EXPECT_EQ(ascii["v(b)"][k], binary["v(b)"][k]);
    EXPECT_EQ(csv["v(b)"][k], binary["v(b)"][k]);
  }
}

TEST_F(RunCommand, PutsAllAnalysesIntoOneRawfileAndEachIntoItsCsv) {
  write_rc(".op\n.dc v1 0 1 0.5\n.tran 10n 2u\n.tran 10n 3u");
  EXPECT_EQ(wordline("run rc.cir").exit_code, 0);
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "rc.raw");
  ASSERT_EQ(plots.size(), 4U);
  EXPECT_EQ(plots[0].header().plotname, "Operating Point");
  EXPECT_EQ(plots[1].points(), 3U);
  EXPECT_EQ(wordline("run rc.cir --format csv").exit_code, 0);
  for (const char* name : {"rc-op.csv", "rc-dc.csv", "rc-tran.csv", "rc-tran-2.csv"}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  EXPECT_FALSE(exists("rc.csv"));
  EXPECT_EQ(wordline("run rc.cir --format csv -o -").exit_code, 2);
}

// A divider: 3 V over 1k and 2k.
TEST_F(RunCommand, PrintsTheOperatingPointOfAnOpAlone) {
  write("op.cir", "divider\nv1 a 0 3\nr1 a b 1k\nr2 b 0 2k\n.op\n.end\n");
  const ShellResult result = wordline("run op.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "v(b)   2 V\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "i(v1)  -1 mA\n")) << result.out;
  EXPECT_TRUE(exists("op.raw"));
}

TEST_F(RunCommand, WritesToStandardOutputAndReadsFromStandardInput) {
  write_rc(".tran 10n 2u");
  const ShellResult result = shell("\"$WORDLINE\" run - -o - --format csv <rc.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  testing::write_text(folder_ / "piped.csv", result.out);
  EXPECT_GT(read_csv(folder_ / "piped.csv").points(), 10U);
  EXPECT_TRUE(contains(result.err, "tran: ")) << result.err;
  const ShellResult raw = shell("\"$WORDLINE\" run rc.cir -q -o - | cat >piped.raw");
  EXPECT_EQ(raw.err, "");
  EXPECT_GT(read_rawfile(folder_ / "piped.raw").at(0).points(), 10U);
}

TEST_F(RunCommand, IsSilentWhenAskedAndTalksWhenAsked) {
  write_rc(".tran 10n 2u");
  const ShellResult quiet = wordline("run -q rc.cir");
  EXPECT_EQ(quiet.out + quiet.err, "");
  const ShellResult stats = wordline("run --stats rc.cir");
  EXPECT_TRUE(contains(stats.out, "largest residual")) << stats.out;
  EXPECT_TRUE(contains(stats.out, "klu")) << stats.out;
}

TEST_F(RunCommand, WithoutAnAnalysisIsBadInput) {
  write_rc("");
  const ShellResult result = wordline("run rc.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "asks for no analysis")) << result.err;
  EXPECT_FALSE(exists("rc.raw"));
}

TEST_F(RunCommand, ABadDeckIsReportedWithItsPlaceAndLeavesNoFile) {
  write("bad.cir", "bad\nr1 a 0 nonsense\n.op\n.end\n");
  const ShellResult result = wordline("run bad.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "bad.cir:2:")) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(exists("bad.raw"));
}

TEST_F(RunCommand, AFloatingNodeIsBadInputAndLeavesNoFile) {
  write("float.cir", "floating\nv1 a 0 1\nr1 a 0 1k\ni1 b 0 1m\n.op\n.end\n");
  const ShellResult result = wordline("run float.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "'b'")) << result.err;
  EXPECT_FALSE(exists("float.raw"));
}

// v2 = exp(50 v2) has no real solution: x < exp(x) everywhere, and 50 x < exp(50 x) too.
TEST_F(RunCommand, AFailedAnalysisIsExitCode1NamingTheWorstNode) {
  write("none.cir", "no solution\nb1 x 0 v=exp(50*v(x))\nr1 x 0 1k\n.op\n.end\n");
  const ShellResult result = wordline("run none.cir");
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_TRUE(contains(result.err, "op failed: ")) << result.err;
  EXPECT_TRUE(contains(result.err, "residual")) << result.err;
  EXPECT_FALSE(exists("none.raw"));
}

TEST_F(RunCommand, GoesOnAfterAFailedAnalysis) {
  write("half.cir",
        "a solution up to v1 = 0.007 alone\nv1 y 0 0\nb1 x 0 v=v(y)*exp(50*v(x))\nr1 x 0 1k\n"
        ".dc v1 0.5 1 0.5\n.dc v1 0 0.005 0.001\n.end\n");
  const ShellResult result = wordline("run half.cir");
  EXPECT_EQ(result.exit_code, 1) << result.out;
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "half.raw");
  ASSERT_EQ(plots.size(), 1U);
  EXPECT_EQ(plots[0].points(), 6U);
}

TEST_F(RunCommand, RefusesToOverwriteTheDeck) {
  write_rc(".op");
  const ShellResult result = wordline("run rc.cir -o ./rc.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(read_text(folder_ / "rc.cir"), "rc low-pass"));
}

TEST_F(RunCommand, AFileThatCannotBeWrittenIsExitCode3NamingIt) {
  write_rc(".op");
  const ShellResult absent = wordline("run rc.cir -o absent/out.raw");
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_TRUE(contains(absent.err, "absent/out.raw: open: No such file")) << absent.err;
  const ShellResult full = wordline("run rc.cir -o /dev/full");
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_TRUE(contains(full.err, "/dev/full: write: No space left")) << full.err;
}

// The run would last for minutes; what is on disk after the signal must be readable.
// Runs rc.cir and sends it a signal once its result has some size, however slow the machine.
std::string signal_once_written(const std::string& signal, const std::string& result) {
  return "sh -c '(until [ $(stat -c %s " + result +
         " 2>/dev/null || echo 0) -gt 20000 ]; do sleep 0.05; done; kill -s " + signal +
         " $$) & exec \"$0\" run rc.cir -o " + result + "' \"$WORDLINE\"";
}

TEST_F(RunCommand, IsInterruptedCleanly) {
  write_rc(".tran 1n 10 0 1n");
  for (const char* name : {"out.raw", "out.csv"}) {
    const ShellResult result = shell(signal_once_written("INT", name));
    EXPECT_EQ(result.exit_code, 130) << result.err;
    EXPECT_TRUE(contains(result.err, "interrupted")) << result.err;
    EXPECT_TRUE(contains(result.out, name)) << result.out;
  }
  EXPECT_GT(read_rawfile(folder_ / "out.raw").at(0).points(), 100U);
  EXPECT_GT(read_csv(folder_ / "out.csv").points(), 100U);
}

// Killed without a chance to finish: what was flushed is readable. Numbers in a header that lag
// behind the points are no loss.
TEST_F(RunCommand, KilledLeavesAReadableFile) {
  write_rc(".tran 1n 10 0 1n");
  shell(signal_once_written("KILL", "rc.raw"));
  EXPECT_GT(read_rawfile(folder_ / "rc.raw").at(0).points(), 100U);
}

// 3 x 2 conductances without wires: what a pocket calculator says.
class RunProducts : public testing::WordlineCommand {
 protected:
  RunProducts() {
    write("g.csv", "10e-6, 20e-6\n30e-6, 40e-6\n50e-6, 60e-6\n");
    write("v.csv", "0.1, 0.2, 0.3\n0, 1, 0\n");
  }
  // The deck has an .op and a .matmul, whose currents are those of the sources at these lines.
  void expect_product_of_operating_point(const std::vector<std::string>& lines) {
    const ShellResult result = wordline("run array.cir");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::vector<Waveforms> plots = read_rawfile(folder_ / "array.raw");
    ASSERT_EQ(plots.size(), 2U);
    for (const std::string& line : lines) {
      const double expected = plots[0]["i(v" + line + ")"][0];
      EXPECT_GT(expected, 1e-7) << line;
      EXPECT_NEAR(plots[1]["i(" + line + ")"][0], expected, 1e-7 * expected) << line;
    }
  }
  void write_deck(const std::string& lines) {
    write("array.cir",
          "products\n.model cell memristor type=static\n"
          ".crossbar xb rows=3 cols=2 memristor=cell g=\"g.csv\" r_wl=0 r_bl=0\n" +
              lines + "\n.end\n");
  }
};

TEST_F(RunProducts, AreAPlotWithAPointAnInput) {
  write_deck(".matmul xb inputs=\"v.csv\"");
  const ShellResult result = wordline("run array.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("matmul: 2 points, ")) << result.out;
  const Waveforms plot = read_rawfile(folder_ / "array.raw").at(0);
  EXPECT_EQ(plot.header().plotname, "Matrix product");
  ASSERT_EQ(plot.points(), 2U);
  EXPECT_EQ(plot.header().signals.at(0).name, "input");
  EXPECT_EQ(plot["input"][1], 1);
  EXPECT_NEAR(plot["i(bl[0])"][0], 22e-6, 1e-14);
  EXPECT_NEAR(plot["i(bl[1])"][0], 28e-6, 1e-14);
  EXPECT_NEAR(plot["i(bl[1])"][1], 40e-6, 1e-14);
}

TEST_F(RunProducts, GoToAFileOfTheirOwnWhereAsked) {
  write_deck(
      ".matmul xb inputs=\"v.csv\" outputs=\"i.npy\"\n"
      ".matmul xb inputs=\"g.csv\" drive=bl sense=wl outputs=back.csv");
  const ShellResult result = wordline("run array.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, ", i.npy\n")) << result.out;
  EXPECT_FALSE(exists("array.raw"));
  const Matrix currents = read_matrix(folder_ / "i.npy");
  ASSERT_EQ(currents.rows, 2);
  ASSERT_EQ(currents.cols, 2);
  EXPECT_NEAR(currents(0, 1), 28e-6, 1e-14);
  const Matrix back = read_matrix(folder_ / "back.csv");
  ASSERT_EQ(back.rows, 3);
  ASSERT_EQ(back.cols, 3);
  EXPECT_NEAR(back(0, 1), 10e-6 * 30e-6 + 20e-6 * 40e-6, 1e-18);
}

TEST_F(RunProducts, StandBesideOtherAnalyses) {
  write_deck(
      "Vwl wl[0:2] 0 values(0.1 0.2 0.3)\nVbl bl[0:1] 0 0\n.op\n"
      ".matmul xb inputs=\"v.csv\"");
  EXPECT_EQ(wordline("run array.cir").exit_code, 0);
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "array.raw");
  ASSERT_EQ(plots.size(), 2U);
  EXPECT_NEAR(plots[1]["i(bl[0])"][0], plots[0]["i(vbl[0])"][0], 1e-12);
  EXPECT_EQ(wordline("run array.cir --format csv").exit_code, 0);
  EXPECT_TRUE(exists("array-matmul.csv"));
}

// The same array twice, nonlinear and with transistors: the general solver is the judge.
TEST_F(RunProducts, AgreeWithOperatingPointsOfNonlinearArrays) {
  write("s.csv", "0.1, 0.3\n");
  for (const std::string level : {"1", "3", "44"}) {
    write("array.cir",
          "selected cells\n.model cell memristor type=static iv=sinh alpha=3\n"
          ".model sel nmos vto=0.4 kp=200u level=" +
              level +
              "\n"
              ".crossbar xb rows=3 cols=2 cell=1t1r memristor=cell transistor=sel g=\"g.csv\"\n"
              "+ r_wl=2 r_bl=50 r_sl=30 rs_bl=20 rs_sl=10\n"
              ".options reltol=1e-9 abstol=1e-18\n"
              "Vwl wl[0:2] 0 1.5\nVbl bl[0:1] 0 values(0.1 0.3)\nVsl sl[0:2] 0 10m\n"
              ".op\n.matmul xb inputs=\"s.csv\" v_wl=1.5 v_sl=10m\n.end\n");
    expect_product_of_operating_point({"sl[0]", "sl[1]", "sl[2]"});
  }
}

// Ohmic memristors behind selectors make no linear array.
TEST_F(RunProducts, AgreeWithOperatingPointsOfArraysWithSelectors) {
  write("s.csv", "0.3, 0.5\n");
  write("array.cir",
        "selectors\n.model cell memristor type=static\n.model sel memristor type=expdiode is=1n\n"
        ".crossbar xb rows=2 cols=3 memristor=cell selector=sel g={10u*(1+row+col)} r_wl=5\n"
        ".options reltol=1e-9 abstol=1e-18\n"
        "Vwl wl[0:1] 0 values(0.3 0.5)\nVbl bl[0:2] 0 0\n"
        ".op\n.matmul xb inputs=\"s.csv\"\n.end\n");
  expect_product_of_operating_point({"bl[0]", "bl[1]", "bl[2]"});
  EXPECT_TRUE(contains(wordline("check array.cir").out, "1r of cell and sel\n"));
}

TEST_F(RunProducts, DoNotWriteTwiceToOneFile) {
  write_deck(
      ".matmul xb inputs=\"v.csv\" outputs=\"i.npy\"\n"
      ".matmul xb inputs=\"v.csv\" outputs=\"i.npy\"");
  const ShellResult result = wordline("run array.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "several results would go to 'i.npy'")) << result.err;
}

TEST_F(RunProducts, AreCountedByCheckAndLeftOutByExport) {
  write_deck(".matmul xb inputs=\"v.csv\"");
  EXPECT_TRUE(contains(wordline("check array.cir").out, ".matmul              1\n"));
  const ShellResult flat = wordline("export array.cir");
  EXPECT_EQ(flat.exit_code, 0);
  EXPECT_TRUE(contains(flat.err, "array.cir:4: .matmul is left out")) << flat.err;
  EXPECT_FALSE(contains(flat.out, "\n.matmul"));
}

// The files beside the deck give what those in other places must give too.
TEST_F(RunCommand, FindsAllFilesOfADeckInTheSamePlaces) {
  const char* const data[][2] = {{"g.csv", "2e-5,5e-5\n3e-5,7e-5\n"},
                                 {"bias.csv", "0.01,0.02\n"},
                                 {"ramp.csv", "0,0.1\n1e-6,0.2\n"},
                                 {"v.csv", "0.1,0.2\n0.3,0.1\n"}};
  const std::string deck =
      "files\n.model cell memristor type=static\n"
      ".crossbar xb rows=2 cols=2 cell=1r memristor=cell g=\"g.csv\" r_wl=300 r_bl=200\n"
      "Vwl wl[0:1] 0 PWL FILE \"ramp.csv\"\nVbl bl[0:1] 0 DC values(\"bias.csv\")\n"
      ".op\n.tran 10n 1u\n.matmul xb inputs=\"v.csv\"\n.save i(vbl[0:1])\n.end\n";
  for (const char* folder : {"beside", "decks", "data"}) {
    std::filesystem::create_directory(folder_ / folder);
  }
  write("beside/d.cir", deck);
  write("decks/d.cir", deck);
  for (const auto& [name, text] : data) {
    write(std::string("beside/") + name, text);
    write(std::string("data/") + name, text);
  }
  const ShellResult absent = wordline("run decks/d.cir");
  EXPECT_EQ(absent.exit_code, 2);
  for (const char* file : {"g.csv", "ramp.csv", "bias.csv"}) {
    EXPECT_TRUE(contains(absent.err, std::string("there is no file '") + file)) << absent.err;
  }
  ASSERT_EQ(wordline("run beside/d.cir -q -o data/a.csv").exit_code, 0);
  ASSERT_EQ(wordline("run decks/d.cir -q -o data/b.csv -I data").exit_code, 0);
  ASSERT_EQ(shell("cd data && \"$WORDLINE\" run ../decks/d.cir -q -o c.csv").exit_code, 0);
  for (const char* analysis : {"op", "tran", "matmul"}) {
    const auto result = [&](const char* letter) {
      return read_text(folder_ / "data" / (std::string(letter) + "-" + analysis + ".csv"));
    };
    EXPECT_FALSE(result("a").empty());
    EXPECT_EQ(result("b"), result("a")) << analysis;
    EXPECT_EQ(result("c"), result("a")) << analysis;
  }
}

TEST_F(CheckCommand, CountsWhatTheDeckHolds) {
  write_rc(".tran 1n 1u");
  const ShellResult result = wordline("check rc.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "rc low-pass\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "resistors            1\n")) << result.out;
  EXPECT_TRUE(contains(result.out, ".tran                1\n")) << result.out;
  EXPECT_FALSE(exists("rc.raw"));
}

TEST_F(CheckCommand, ReportsEveryFault) {
  write("bad.cir", "bad\nr1 a 0 nonsense\nr2 a 0\nr3 a 0 1k\n.op\n.end\n");
  const ShellResult result = wordline("check bad.cir");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "bad.cir:2:")) << result.err;
  EXPECT_TRUE(contains(result.err, "bad.cir:3:")) << result.err;
}

TEST_F(ExportCommand, WritesADeckThatReadsBack) {
  write_rc(".tran 10n 2u");
  const ShellResult result = wordline("export rc.cir --format ngspice -o flat.cir");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(wordline("check flat.cir").exit_code, 0);
  EXPECT_EQ(wordline("export rc.cir").out, read_text(folder_ / "flat.cir"));
}

TEST_F(ExportCommand, LeavesNoFileOfABadDeck) {
  write("bad.cir", "bad\nr1 a 0 nonsense\n.end\n");
  EXPECT_EQ(wordline("export bad.cir -o flat.cir").exit_code, 2);
  EXPECT_FALSE(exists("flat.cir"));
}

}  // namespace
}  // namespace wordline
