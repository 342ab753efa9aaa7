// `.matmul`: what it reads, what it reports.
#include <gtest/gtest.h>

#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

class MatmulStatement : public ::testing::Test {
 protected:
  // Four word lines and three bit lines, or the same with transistors.
  static constexpr const char* kArrays =
      "two arrays\n"
      ".model cell memristor type=static\n"
      ".model sel nmos level=1\n"
      ".crossbar xb rows=4 cols=3 cell=1r memristor=cell\n"
      ".crossbar sw rows=4 cols=3 cell=1t1r memristor=cell transistor=sel wl=a bl=b sl=c\n"
      ".crossbar well rows=4 cols=3 cell=1t1r memristor=cell transistor=sel wl=d bl=e sl=f "
      "bulk=w\n";

  MatmulStatement() {
    testing::write_text(folder_ / "v4.csv", "1, 2, 3, 4\n5, 6, 7, 8\n");
    testing::write_text(folder_ / "v3.csv", "1, 2, 3\n");
    testing::write_text(folder_ / "column.csv", "1\n2\n3\n4\n");
    testing::write_text(folder_ / "tall.csv", "1, 2\n1, 2\n1, 2\n1, 2\n");
  }

  Circuit load_with(const std::string& line) const {
    testing::write_text(folder_ / "deck.cir", kArrays + line + "\n.end\n");
    return load(folder_ / "deck.cir");
  }
  MatmulAnalysis read(const std::string& line) const {
    return std::get<MatmulAnalysis>(load_with(line).analyses.at(0).what);
  }
  // "column: message" of the one fault; "" if there is none.
  std::string fault(const std::string& line) const {
    try {
      load_with(line);
    } catch (const NetlistError& error) {
      const Diagnostic& first = error.diagnostics().at(0);
      EXPECT_EQ(first.where.line, 7);
      return std::to_string(first.where.column) + ": " + first.message;
    }
    return "";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(MatmulStatement, DrivesWordLinesAndSensesBitLinesOfAPlainArray) {
  const MatmulAnalysis matmul = read(".matmul XB inputs=\"v4.csv\"");
  EXPECT_EQ(matmul.crossbar, 0);
  EXPECT_EQ(matmul.driven, LineKind::kWord);
  EXPECT_EQ(matmul.sensed, LineKind::kBit);
  EXPECT_EQ(matmul.bit_bias, 0);
  EXPECT_EQ(matmul.output, "");
  EXPECT_EQ(matmul.inputs.rows, 2);
  EXPECT_EQ(matmul.inputs.values, (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(MatmulStatement, DrivesBitLinesAndSensesSourceLinesBehindOpenGates) {
  const MatmulAnalysis matmul =
      read(".matmul sw inputs=v3.csv outputs=\"Out/I.npy\" v_wl={1+0.2} v_sl=10m");
  EXPECT_EQ(matmul.crossbar, 1);
  EXPECT_EQ(matmul.driven, LineKind::kBit);
  EXPECT_EQ(matmul.sensed, LineKind::kSource);
  EXPECT_EQ(matmul.word_bias, 1.2);
  EXPECT_EQ(matmul.source_bias, 0.01);
  EXPECT_EQ(matmul.output, "Out/I.npy");
}

TEST_F(MatmulStatement, TakesOtherLinesWhereAsked) {
  const MatmulAnalysis back =
      read(".matmul xb inputs=\"v3.csv\" drive=BL sense=wl v_wl=0.1 tolerance=1n");
  EXPECT_EQ(back.driven, LineKind::kBit);
  EXPECT_EQ(back.sensed, LineKind::kWord);
  EXPECT_EQ(back.word_bias, 0.1);
  EXPECT_EQ(back.tolerance, 1e-9);
  const MatmulAnalysis gates = read(".matmul sw inputs=\"v4.csv\" drive=wl v_bl=0.2");
  EXPECT_EQ(gates.driven, LineKind::kWord);
  EXPECT_EQ(gates.sensed, LineKind::kSource);
  EXPECT_EQ(gates.bit_bias, 0.2);
  EXPECT_EQ(gates.method, "auto");
  EXPECT_EQ(read(".matmul xb inputs=\"v4.csv\" method=KLU").method, "klu");
}

TEST_F(MatmulStatement, AVectorIsOneInputHoweverItStands) {
  const MatmulAnalysis matmul = read(".matmul xb inputs=\"column.csv\"");
  EXPECT_EQ(matmul.inputs.rows, 1);
  EXPECT_EQ(matmul.inputs.cols, 4);
}

TEST_F(MatmulStatement, MeansAnArrayOfASubcircuitByItsFullName) {
  const Circuit circuit = load_with(
      ".matmul x1.xb inputs=\"v4.csv\"\nX1 s\n.subckt s\n"
      ".crossbar xb rows=4 cols=3 memristor=cell\n.ends");
  const auto& matmul = std::get<MatmulAnalysis>(circuit.analyses.at(0).what);
  EXPECT_EQ(circuit.crossbars.at(static_cast<std::size_t>(matmul.crossbar)).name, "x1.xb");
}

TEST_F(MatmulStatement, FaultsNameTheirPlace) {
  EXPECT_EQ(fault(".matmul"), "8: the line ends where the name of an array is expected");
  EXPECT_EQ(fault(".matmul xc inputs=\"v4.csv\""), "9: there is no array called 'xc'");
  EXPECT_EQ(fault(".matmul xb"), "9: .matmul needs the voltages to multiply");
  EXPECT_EQ(fault(".matmul xb input=\"v4.csv\""), "12: .matmul has no 'input'");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" inputs=\"v4.csv\""), "28: 'inputs' is given twice");
  EXPECT_EQ(fault(".matmul xb inputs={n}"), "20: the name of a file is expected");
  EXPECT_EQ(fault(".matmul xb inputs=\"v3.csv\""),
            "20: v3.csv holds 3 numbers in a row for an array of 4 word lines");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" drive=row"), "34: 'row' is no choice for drive");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" method=lu"), "35: 'lu' is no choice for method");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" tolerance=0"),
            "38: a tolerance of 0 is not between 0 and 1");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" sense=sl"), "34: xb has no source lines");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" v_sl=1"), "28: xb has no source lines");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" sense=wl"),
            "34: the word lines cannot be driven and sensed");
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" v_wl=1"),
            "28: the word lines have the inputs' voltages");
  EXPECT_EQ(fault(".matmul sw inputs=\"v3.csv\""),
            "9: the word lines are the gates of the cells' transistors: they need a voltage");
  EXPECT_EQ(fault(".matmul sw inputs=\"v3.csv\" v_wl=1 sense=wl"),
            "41: no current flows in the word lines, which are gates");
  EXPECT_EQ(fault(".matmul well inputs=\"v3.csv\" v_wl=1"),
            "9: the bulk of the transistors of well is not ground");
  EXPECT_EQ(fault(".matmul xb inputs=\"absent.csv\""), "20: there is no file 'absent.csv'");
}

TEST_F(MatmulStatement, SuggestsWhatWouldBeRight) {
  const auto hint = [this](const std::string& line) {
    try {
      load_with(line);
    } catch (const NetlistError& error) {
      return error.diagnostics().at(0).hint;
    }
    return std::string();
  };
  EXPECT_EQ(hint(".matmul xb input=\"v4.csv\""), "did you mean 'inputs'?");
  EXPECT_EQ(hint(".matmul sw inputs=\"v3.csv\""), "add v_wl=");
  EXPECT_EQ(hint(".matmul xb inputs=\"tall.csv\""), "transpose it: a row is an input");
}

TEST_F(MatmulStatement, DoesNotOverwriteItsInputs) {
  const std::string path = (folder_ / "v4.csv").string();
  EXPECT_EQ(fault(".matmul xb inputs=\"v4.csv\" outputs=\"" + path + "\""),
            "37: the inputs would be overwritten");
}

}  // namespace
}  // namespace wordline
