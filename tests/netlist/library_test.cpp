// Libraries: sections of files, and the cards that come with the program.
#include "wordline/netlist/library.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

class Libraries : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    testing::write_text(folder_ / name, text);
    return folder_ / name;
  }

  Circuit read(const std::string& lines) const {
    return load(write("deck.cir", "title\n" + lines));
  }

  std::string message_of(const std::string& lines) const {
    try {
      read(lines);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const testing::TemporaryFolder folder_;
};

double ohms(const Circuit& circuit, const std::string& name) {
  return element(circuit.resistors, name).ohms;
}

constexpr const char* kCorners = R"(* corners
.lib SLOW $ the first
r1 a 0 {2*unit}
.endl SLOW
r9 a 0 9
.lib 'fast'
r1 a 0 {unit}
.endl
)";

TEST_F(Libraries, AreReadBySection) {
  write("corners.lib", kCorners);
  const std::string unit = ".param unit=3\n";
  EXPECT_EQ(ohms(read(unit + ".lib corners.lib slow\n"), "r1"), 6);
  const Circuit fast = read(unit + ".LIB \"corners.lib\" FAST\nr2 a 0 1\n.end\n");
  EXPECT_EQ(ohms(fast, "r1"), 3);
  EXPECT_EQ(fast.resistors.size(), 2);  // nothing outside of the section
}

TEST_F(Libraries, ReadSectionsOfOthersAndOfThemselves) {
  std::filesystem::create_directories(folder_.path() / "models");
  write("top.lib",
        ".lib all\n.lib top.lib one\n.lib models/part.lib two\n.endl\n"
        ".lib one\nr1 a 0 1\n.endl\n");
  write("models/part.lib", ".lib two\n.include two.inc\n.endl\n");
  write("models/two.inc", "r2 a 0 2\n");
  const Circuit circuit = read(".lib top.lib all\n");
  EXPECT_EQ(ohms(circuit, "r1"), 1);
  EXPECT_EQ(ohms(circuit, "r2"), 2);
}

TEST_F(Libraries, BelongToTheSubcircuitThatReadsThem) {
  write("corners.lib", kCorners);
  const Circuit circuit =
      read(".subckt cell a unit=5\n.lib corners.lib fast\n.ends\nx1 b cell\nx2 b cell unit=7\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 5);
  EXPECT_EQ(ohms(circuit, "x2.r1"), 7);
}

TEST_F(Libraries, MayStandInTheNetlistAndInIncludedFiles) {
  write("corners.lib", kCorners);
  EXPECT_EQ(read(".lib own\nr1 a 0 1\n.endl\nr2 a 0 2\n").resistors.size(), 1);
  EXPECT_EQ(ohms(read(".lib own\nr1 a 0 1\n.endl\n.lib deck.cir own\n"), "r1"), 1);
  EXPECT_EQ(ohms(read(".include corners.lib\n"), "r9"), 9);
}

TEST_F(Libraries, TellWhichSectionsThereAre) {
  write("corners.lib", kCorners);
  write("plain.lib", "r1 a 0 1\n");
  const std::string unknown = message_of(".lib corners.lib typical\n");
  EXPECT_NE(unknown.find("deck.cir:2:18: error: corners.lib has no section 'typical'"),
            std::string::npos)
      << unknown;
  EXPECT_NE(unknown.find("it has slow, fast"), std::string::npos) << unknown;
  const std::string plain = message_of(".lib plain.lib typical\n");
  EXPECT_NE(plain.find("it has none at all"), std::string::npos) << plain;
}

TEST_F(Libraries, ThatReadThemselvesAreReportedWithTheirPath) {
  write("loop.lib", ".lib a\n.lib loop.lib b\n.endl\n.lib b\n.lib loop.lib a\n.endl\n");
  const std::string message = message_of(".lib loop.lib a\n");
  EXPECT_NE(message.find("loop.lib:5:15: error: the section includes itself"), std::string::npos)
      << message;
  EXPECT_NE(message.find("loop.lib (b) -> "), std::string::npos) << message;
}

TEST_F(Libraries, WithFaultyEndsAreReported) {
  const auto expect = [&](const std::string& library, const std::string& fault) {
    write("faulty.lib", library);
    const std::string message = message_of(".lib faulty.lib a\n");
    EXPECT_NE(message.find("faulty.lib:" + fault), std::string::npos) << message;
  };
  expect(".lib a\nr1 a 0 1\n", "1:6: error: the section 'a' is not closed");
  expect(".lib a\n.lib b\n.endl\n", "1:6: error: the section 'a' is not closed");
  expect(".lib a\n.endl b\n", "2:7: error: this closes 'a', not 'b'");
  expect(".lib a\n.endl\n.endl\n", "3:1: error: there is no .lib section that this closes");
  expect(".lib a\nr1 a 0\n.endl\n", "2:7: error");
  const std::string open = message_of(".lib models\nr1 a 0 1\n");
  EXPECT_NE(open.find("deck.cir:2:6: error: the section 'models' is not closed"), std::string::npos)
      << open;
  const std::string closed = message_of("r1 a 0 1\n.endl\n");
  EXPECT_NE(closed.find("deck.cir:3:1: error: there is no .lib section"), std::string::npos)
      << closed;
  EXPECT_NE(message_of(".lib none.lib a\n").find("there is no file 'none.lib'"), std::string::npos);
}

TEST_F(Libraries, OfTheUserComeBeforeThoseOfTheProgram) {
  write("memristors.lib", ".lib vteam\nr1 a 0 1\n.endl\n");
  EXPECT_EQ(ohms(read(".lib memristors.lib vteam\n"), "r1"), 1);
}

// ---- shipped ----

// Each section holds the card it is named after, whose parameters all are known and in range.
TEST(ShippedLibraries, HaveSectionsThatReadWell) {
  ASSERT_EQ(shipped_libraries().size(), 2u);
  for (const ShippedLibrary& library : shipped_libraries()) {
    const std::vector<LibrarySection> sections = find_sections(library.text);
    EXPECT_GT(sections.size(), 5u) << library.name;
    for (const LibrarySection& section : sections) {
      const std::string line = fmt::format(".lib {} {}\n", library.name, section.name.text);
      ASSERT_TRUE(faults_of(line).empty()) << line << faults_of(line).front().format();
      const Circuit circuit = read_lines(line);
      ASSERT_EQ(circuit.models.size(), 1u) << line;
      EXPECT_TRUE(equal_ignoring_case(section.name.text, circuit.models[0].name)) << line;
      EXPECT_TRUE(circuit.warnings.empty()) << line;
    }
  }
}

double parameter(const Circuit& circuit, std::string_view name) {
  const ModelCard& card = circuit.models.at(0);
  return card.values.at(static_cast<std::size_t>(card.type->find(name)));
}

// kp = u0 eps_ox/tox: 302 cm^2/Vs over 4.148 nm.
TEST(ShippedLibraries, HaveTransistorsOfTheirMobility) {
  const Circuit circuit = read_lines(".lib transistors.lib n130\n");
  EXPECT_EQ(circuit.models[0].type->kind, "nmos");
  EXPECT_NEAR(parameter(circuit, "kp"), 0.030197 * 3.4531e-11 / 4.148e-9, 1e-6);
}

}  // namespace
}  // namespace wordline
