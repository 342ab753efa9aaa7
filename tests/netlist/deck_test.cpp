// The shape of a netlist: title, files, parameters, sub-circuits, models.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

namespace fs = std::filesystem;

double ohms(const Circuit& circuit, const std::string& name) {
  return element(circuit.resistors, name).ohms;
}

// ---- title ----

TEST(Title, IsTheFirstLineWhateverItHolds) {
  const Circuit circuit = parse("* My Title  \nR1 a 0 1\n");
  EXPECT_EQ(circuit.title, "* My Title");
  EXPECT_TRUE(circuit.warnings.empty());
}

TEST(Title, IsReplacedByTheStatement) {
  EXPECT_EQ(read_lines(".title Another One\nR1 a 0 1\n").title, "Another One");
}

TEST(Title, IsWarnedOfIfItIsAnElement) {
  const Circuit circuit = parse("R1 a 0 1k\nR2 a 0 1k\n");
  EXPECT_EQ(circuit.resistors.size(), 1);
  EXPECT_TRUE(has_warning(circuit, "first line is the title"));
  EXPECT_TRUE(has_warning(parse(".op\nR2 a 0 1k\n"), "first line is the title"));
  EXPECT_FALSE(has_warning(parse("Ring oscillator, 3 stages\nR2 a 0 1k\n"), "title"));
}

TEST(Deck, MayBeEmpty) {
  EXPECT_EQ(parse("").nodes.size(), 1);
  EXPECT_EQ(parse("title").title, "title");
  EXPECT_EQ(parse("title\n.end").nodes.size(), 1);
}

TEST(Deck, EndsAtEnd) {
  const Circuit circuit = read_lines("R1 a 0 1\n.END\nR2 a 0 nonsense\n");
  EXPECT_EQ(circuit.resistors.size(), 1);
  EXPECT_TRUE(has_warning(circuit, "what follows .end is ignored"));
}

TEST(Deck, NeedsNoLineEndAtItsEnd) {
  EXPECT_EQ(read_lines("R1 a 0 1k").resistors.rows[0].ohms, 1000);
}

TEST(Deck, IsCaseInsensitive) {
  const Circuit circuit =
      read_lines(".PARAM Foo=2\nr1 NodeA 0 {FOO}\nR2 nodea GND 'foo'\nR3 NODEA gnd foo\n");
  EXPECT_EQ(circuit.nodes.size(), 2);
  EXPECT_EQ(ohms(circuit, "r3"), 2);
}

// ---- parameters ----

TEST(Parameters, AreIndependentOfTheirOrder) {
  const Circuit circuit = read_lines("R1 a 0 {c}\n.param c='a*b' b = {a + 1}\n.param a=2\n");
  EXPECT_EQ(ohms(circuit, "r1"), 6);
}

TEST(Parameters, MayBeBareExpressionsAndSeparatedByCommas) {
  const Circuit circuit =
      read_lines(".param a = 2 * max(1, 3) b=a+1, c = b == 7 ? 5 : 6\nR1 a 0 {a}\nR2 a 0 c\n");
  EXPECT_EQ(ohms(circuit, "r1"), 6);
  EXPECT_EQ(ohms(circuit, "r2"), 5);
}

TEST(Parameters, TakeTheLastDefinitionWithAWarning) {
  const Circuit circuit = read_lines(".param a=1\n.param a=2\nR1 a 0 a\n");
  EXPECT_EQ(ohms(circuit, "r1"), 2);
  EXPECT_TRUE(has_warning(circuit, "defined twice"));
}

TEST(Parameters, KnowTheTemperature) {
  const Circuit circuit = read_lines(".param r={temper*2}\nR1 a 0 r\n.temp 50\n");
  EXPECT_EQ(ohms(circuit, "r1"), 100);
}

TEST(Parameters, DependOnEachOtherALongWay) {
  std::string lines = ".param p0=1\n";
  for (int k = 1; k < 400; ++k) {
    lines += ".param p" + std::to_string(k) + "={p" + std::to_string(k - 1) + "+1}\n";
  }
  EXPECT_EQ(ohms(read_lines(lines + "R1 a 0 p399\n"), "r1"), 400);
}

// ---- sub-circuits ----

TEST(Subcircuits, AreInstantiatedWithTheirNodesAndNames) {
  const Circuit circuit = read_lines(
      ".subckt half in out\nR1 in mid 1k\nR2 mid out 2k\n.ends half\n"
      "X1 a b half\nxB b 0 HALF\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 1000);
  EXPECT_EQ(ohms(circuit, "xb.r2"), 2000);
  EXPECT_TRUE(circuit.nodes.find("x1.mid"));
  EXPECT_EQ(element(circuit.resistors, "x1.r2").n, *circuit.nodes.find("b"));
  EXPECT_EQ(element(circuit.resistors, "xb.r2").n, 0);
  EXPECT_EQ(circuit.nodes.size(), 5);
}

TEST(Subcircuits, TakeParameters) {
  const Circuit circuit = read_lines(
      ".param r=7\n"
      ".subckt s a params: r=1 q={2*r}\n.param t={q+1}\nR1 a 0 {r}\nR2 a 0 {q}\nR3 a 0 {t}\n"
      ".ends\n"
      "X1 a s\nX2 a s r={r*10}\nX3 a s PARAMS: q = 5 r=3\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 1);
  EXPECT_EQ(ohms(circuit, "x1.r2"), 2);
  EXPECT_EQ(ohms(circuit, "x1.r3"), 3);
  EXPECT_EQ(ohms(circuit, "x2.r1"), 70);
  EXPECT_EQ(ohms(circuit, "x2.r2"), 140);
  EXPECT_EQ(ohms(circuit, "x3.r1"), 3);
  EXPECT_EQ(ohms(circuit, "x3.r3"), 6);
}

TEST(Subcircuits, MayBeClosedByAnotherNameWithAWarning) {
  const Circuit circuit = read_lines(".subckt s a\nR1 a 0 1\n.ends t\nX1 a s\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 1);
  EXPECT_TRUE(has_warning(circuit, "this closes 's', not 't'"));
}

TEST(Subcircuits, NestInUseAndInDefinition) {
  const Circuit circuit = read_lines(
      ".param k=2\n"
      ".subckt outer a w=1\n"
      ".param k=5\n"
      ".subckt inner b\nR1 b 0 {k*w}\n.ends inner\n"
      "X1 a inner\nX2 a leaf\n.ends outer\n"
      ".subckt leaf b\nR1 b 0 {k}\n.ends\n"
      "X9 n outer w=3\n");
  EXPECT_EQ(ohms(circuit, "x9.x1.r1"), 15);  // sees outer's k and w
  EXPECT_EQ(ohms(circuit, "x9.x2.r1"), 2);   // sees the k where it is defined
}

TEST(Subcircuits, AreScopesOfModels) {
  const Circuit circuit = read_lines(
      ".model dm d is=1e-12\n"
      ".subckt s a i=1e-15\n.model dm d(is={i})\nD1 a 0 dm\n.ends\n"
      ".subckt t a\nD1 a 0 dm\n.ends\n"
      "X1 a s\nX2 a s i=2e-15\nX3 a t\nX4 a s\n");
  const auto saturation = [&](const std::string& name) {
    const ModelCard& card =
        circuit.models[static_cast<std::size_t>(element(circuit.diodes, name).model)];
    return card.values[static_cast<std::size_t>(card.type->find("is"))];
  };
  EXPECT_EQ(saturation("x1.d1"), 1e-15);
  EXPECT_EQ(saturation("x2.d1"), 2e-15);
  EXPECT_EQ(saturation("x3.d1"), 1e-12);
  EXPECT_EQ(saturation("x4.d1"), 1e-15);
}

TEST(Subcircuits, ShareGlobalNodes) {
  const Circuit circuit =
      read_lines(".global VDD\n.subckt s a\nR1 a vdd 1\nR2 a x 1\n.ends\nX1 b s\nV1 vdd 0 1\n");
  EXPECT_EQ(element(circuit.resistors, "x1.r1").n, *circuit.nodes.find("vdd"));
  EXPECT_FALSE(circuit.nodes.find("x1.vdd"));
  EXPECT_TRUE(circuit.nodes.find("x1.x"));
}

// m instances in parallel conduct m times as much.
TEST(Subcircuits, MultiplyWhatTheyHold) {
  const Circuit circuit = read_lines(
      ".model dm d\n.model mm memristor type=vteam\n"
      ".subckt s a\nR1 a 0 12\nC1 a 0 1p m=3\nL1 a 0 12\nI1 a 0 1\nG1 a 0 a 0 1\nV1 b 0 1\n"
      "E1 c 0 a 0 1\nF1 a 0 V1 1\nH1 d 0 V1 1\nB1 a 0 I=v(a)\nD1 a 0 dm 2\n"
      "YMEMRISTOR y1 a 0 mm\n.ends\n"
      ".subckt t a\nX1 a s m=2\n.ends\nX2 a t m=3\n");
  EXPECT_EQ(element(circuit.resistors, "x2.x1.r1").ohms, 2);
  EXPECT_DOUBLE_EQ(element(circuit.capacitors, "x2.x1.c1").farads, 18e-12);
  EXPECT_EQ(element(circuit.inductors, "x2.x1.l1").henries, 2);
  EXPECT_EQ(element(circuit.current_sources, "x2.x1.i1").function.dc, 6);
  EXPECT_EQ(element(circuit.vccs, "x2.x1.g1").gain, 6);
  EXPECT_EQ(element(circuit.cccs, "x2.x1.f1").gain, 1);  // of the current of all six
  EXPECT_EQ(element(circuit.voltage_sources, "x2.x1.v1").function.dc, 1);
  EXPECT_EQ(element(circuit.vcvs, "x2.x1.e1").gain, 1);
  EXPECT_EQ(element(circuit.ccvs, "x2.x1.h1").gain, 1.0 / 6);
  EXPECT_EQ(element(circuit.diodes, "x2.x1.d1").multiplicity, 6);
  EXPECT_EQ(element(circuit.memristors, "x2.x1.y1").multiplicity, 6);
  std::array<double, 1> slope{};
  EXPECT_EQ(element(circuit.behavioural, "x2.x1.b1").value.evaluate(std::array{2.0}, 0, 27, slope),
            12);
  EXPECT_EQ(slope[0], 6);
}

// ---- files ----

class Includes : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_ / "sub"); }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  std::string message_of(const fs::path& path) const {
    try {
      load(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("wordline_includes_" + std::to_string(::getpid()));
};

TEST_F(Includes, AreFoundBesideTheIncludingFile) {
  write("sub/b.inc", "R2 a 0 2\n.inc c.inc\n");
  write("sub/c.inc", "R3 a 0 3\n");
  const Circuit circuit = load(write("a.cir", "t\n.include \"sub/b.inc\"\nR1 a 0 1\n.end\n"));
  EXPECT_EQ(ohms(circuit, "r3"), 3);
  EXPECT_EQ(circuit.resistors.size(), 3);
}

TEST_F(Includes, HaveTheirOwnPlacesInMessages) {
  write("b.inc", "* first\nR2 a 0 2,\n");
  const std::string message = message_of(write("a.cir", "t\n.include b.inc\n"));
  EXPECT_NE(message.find("b.inc:2:9: error"), std::string::npos) << message;
}

TEST_F(Includes, OfThemselvesAreReportedWithTheirPath) {
  write("b.inc", ".include 'a.cir'\n");
  const std::string message = message_of(write("a.cir", "t\n.include b.inc\n"));
  EXPECT_NE(message.find("b.inc:1:11: error: the file includes itself"), std::string::npos)
      << message;
  EXPECT_NE(message.find("b.inc -> "), std::string::npos) << message;
}

TEST_F(Includes, OfWhatIsNotThereAreReported) {
  EXPECT_NE(
      message_of(write("a.cir", "t\n.include none.inc\n")).find("there is no file 'none.inc'"),
      std::string::npos);
}

TEST_F(Includes, CanReadSourcesFromFiles) {
  write("sub/wave.csv", "time,value\n0,0\n1e-6,2\n2e-6,1\n");
  write("sub/b.inc", "V1 a 0 PWL FILE \"wave.csv\" r=1u\n");
  const Circuit circuit = load(write("a.cir", "t\n.include sub/b.inc\n"));
  const auto& lines = std::get<PiecewiseLinear>(circuit.voltage_sources.rows[0].function.shape);
  EXPECT_EQ(lines.time, (std::vector<double>{0, 1e-6, 2e-6}));
  EXPECT_EQ(lines.value, (std::vector<double>{0, 2, 1}));
  EXPECT_EQ(lines.repeat_from, 1e-6);
}

TEST(Load, NamesTheFileThatCannotBeRead) {
  try {
    load("/no/such/deck.cir");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/deck.cir"), std::string::npos);
  }
}

// ---- models ----

TEST(Models, AreReadWithOrWithoutParentheses) {
  for (const char* line : {".model m d(is=1e-12 n=1.5)", ".model m D ( IS = 1e-12, N = 1.5 )",
                           ".model m d is=1e-12\n+ n={3/2}"}) {
    const Circuit circuit = read_lines(line);
    const ModelCard& card = circuit.models.at(0);
    EXPECT_EQ(card.name, "m");
    EXPECT_EQ(card.values[static_cast<std::size_t>(card.type->find("is"))], 1e-12) << line;
    EXPECT_EQ(card.values[static_cast<std::size_t>(card.type->find("n"))], 1.5) << line;
  }
}

TEST(Models, OfMemristorsAreChosenByLevelOrType) {
  const Circuit circuit = read_lines(
      ".model a memristor level=6 window=team\n.model b memristor type=VTEAM window=none\n");
  for (const ModelCard& card : circuit.models) {
    EXPECT_EQ(card.type->name, "vteam");
    EXPECT_EQ(card.values[static_cast<std::size_t>(card.type->find("window"))],
              card.name == "a" ? 1 : 0);
  }
}

TEST(Include, LooksInTheGivenFoldersLast) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "parts");
  testing::write_text(folder / "parts" / "near.inc", "R1 a 0 1\n");
  testing::write_text(folder / "near.inc", "R1 a 0 2\n");
  testing::write_text(folder / "parts" / "far.inc", "R2 a 0 3\n");
  testing::write_text(folder / "deck.cir", "title\n.include near.inc\n.include far.inc\n");
  const Circuit circuit = load(folder / "deck.cir", {.folders = {folder / "parts"}});
  EXPECT_EQ(element(circuit.resistors, "r1").ohms, 2);
  EXPECT_EQ(element(circuit.resistors, "r2").ohms, 3);
  EXPECT_THROW(load(folder / "deck.cir"), NetlistError);
}

TEST(Models, TakeCurvesFromFiles) {
  const testing::TemporaryFolder folder;
  const std::string line = fmt::format(".model a memristor type=pem c1=5 fxpdata=\"{}\"\n",
                                       (folder / "up.csv").string());
  testing::write_text(folder / "up.csv", "0 0.8\n0.5 0.6\n1 0\n");
  const ModelCard card = read_lines(line).models.at(0);
  const double begin = card.values[static_cast<std::size_t>(card.type->find("fxpdata"))];
  ASSERT_EQ(begin, static_cast<double>(card.type->parameters.size()));
  EXPECT_EQ(std::vector<double>(card.values.begin() + static_cast<std::ptrdiff_t>(begin),
                                card.values.end()),
            (std::vector<double>{3, 0, 0.8, 0.5, 0.6, 1, 0}));
  // c1 (e^(d1 (V - vp)) - 1) f+ at x = 0.25, where f+ = 0.7.
  const auto bank = card.type->make_bank();
  bank->add({card.values});
  const double v = 0.8, x = 0.25;
  double rate = 0;
  bank->rates({&v, 1}, {&x, 1}, {&rate, 1});
  EXPECT_NEAR(rate, 5 * (std::exp(9.87 * (0.8 - 0.7)) - 1) * 0.7, 1e-12);
  for (const auto& [text, message] : {std::pair{"0 1\n1 0\n1 2\n", "x 1 of row 3 is not after 1"},
                                      {"0 1 2\n", "has 3 columns, not x and y"},
                                      {"0 1\n", "has a single point, not a curve"},
                                      {"1 0\n2 0\n3 1\n", "must overlap"}}) {
    testing::write_text(folder / "up.csv", text);
    const std::vector<Diagnostic> faults = faults_of(line);
    ASSERT_EQ(faults.size(), 1u) << text;
    EXPECT_NE(faults[0].message.find(message), std::string::npos) << faults[0].message;
  }
}

TEST(Models, TakeKeywordsByNumberToo) {
  const Circuit circuit = read_lines(
      ".param kind=3\n.model a memristor level=2 wt=4 ivrelation=1\n"
      ".model b memristor level=2 window={kind} iv=exp\n");
  const auto value = [&](std::size_t card, std::string_view name) {
    const ModelCard& model = circuit.models.at(card);
    return model.values[static_cast<std::size_t>(model.type->find(name))];
  };
  EXPECT_EQ(value(0, "window"), 4);
  EXPECT_EQ(value(0, "iv"), 1);
  EXPECT_EQ(value(1, "window"), 3);
  EXPECT_EQ(value(1, "iv"), 1);
}

}  // namespace
}  // namespace wordline
