// `wordline plot --map`: heat maps of matrices and of arrays in results.
#include <gtest/gtest.h>

#include <cstdio>
#include <regex>

#include "command_fixture.hpp"
#include "wordline/base/output_file.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/output/zip.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/npy.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::read_text;
using testing::ShellResult;

class HeatMapCommand : public testing::WordlineCommand {
 protected:
  void SetUp() override {
    if (!testing::have_program("gnuplot")) GTEST_SKIP() << "no gnuplot";
  }

  // A ramp from 0 to 1 s of four node voltages, 2 x 2 cells, and something else.
  void write_ramp() {
    Waveforms ramp;
    ramp.begin({"ramp",
                "Transient Analysis",
                {{"time", "time", "s"},
                 {"v(xb.wl[0,0])", "voltage", "V"},
                 {"v(xb.wl[0,1])", "voltage", "V"},
                 {"v(xb.wl[1,0])", "voltage", "V"},
                 {"v(xb.wl[1,1])", "voltage", "V"},
                 {"v(xb.bl[0,0])", "voltage", "V"}}});
    ramp.point(std::vector<double>{0, 0, 0, 0, 0, 9});
    ramp.point(std::vector<double>{1, 0, 1, 2, 4, 9});
    RawfileWriter raw(folder_ / "ramp.raw", RawFormat::kBinary);
    ramp.write_to(raw);
  }

  std::string picture(const std::string& name) const { return read_text(folder_ / name); }
};

struct Square {
  double red = -1, green = -1, blue = -1;  // of white none
  double x = 0, y = 0, width = 0, height = 0;
};

// The squares of a picture in their order; the bar of colours follows them.
std::vector<Square> squares(const std::string& svg) {
  const std::regex polygon(
      R"(<polygon fill = '(?:rgb\( *(\d+), *(\d+), *(\d+)\)|[^']*)' points = '([^']*)')");
  std::vector<Square> found;
  const std::sregex_iterator end;
  for (auto it = std::sregex_iterator(svg.begin(), svg.end(), polygon); it != end; ++it) {
    Square square;
    if ((*it)[1].matched) {
      square.red = std::stod((*it)[1]);
      square.green = std::stod((*it)[2]);
      square.blue = std::stod((*it)[3]);
    }
    double left = 0, bottom = 0, right = 0, top = 0, other = 0;
    std::sscanf((*it)[4].str().c_str(), "%lf,%lf %lf,%lf %lf,%lf", &left, &bottom, &right, &other,
                &other, &top);
    square.x = left;
    square.y = top;
    square.width = right - left;
    square.height = bottom - top;
    found.push_back(square);
  }
  return found;
}

void expect_colour(const Square& square, double red, double green, double blue) {
  EXPECT_NEAR(square.red, red, 4);
  EXPECT_NEAR(square.green, green, 4);
  EXPECT_NEAR(square.blue, blue, 4);
}

// Colours of matplotlib's viridis: viridis(0), viridis(0.5), viridis(1.0).
void expect_least(const Square& s) { expect_colour(s, 68, 1, 84); }
void expect_middle(const Square& s) { expect_colour(s, 33, 145, 140); }
void expect_most(const Square& s) { expect_colour(s, 253, 231, 37); }

TEST_F(HeatMapCommand, DrawsSquaresWithRowZeroAtTheTop) {
  write("g.csv", "1e-6,2e-6,3e-6\n4e-6,5e-6,3e-6\n");
  const ShellResult run = wordline("plot --map g.csv --unit S --label conductance -o g.svg");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "g.svg\n");
  const std::string svg = picture("g.svg");
  for (const char* text : {">g.csv<", ">conductance [µS]<", ">row<", ">column<"}) {
    EXPECT_TRUE(contains(svg, text)) << text;
  }
  const auto s = squares(svg);
  ASSERT_GE(s.size(), 6);
  expect_least(s[0]);
  expect_middle(s[2]);
  expect_most(s[4]);
  expect_middle(s[5]);
  EXPECT_GT(s[1].x, s[0].x);
  EXPECT_GT(s[3].y, s[0].y);  // downwards in SVG
  EXPECT_NEAR(s[3].x, s[0].x, 0.1);
  for (std::size_t k = 0; k < 6; ++k) {
    EXPECT_NEAR(s[k].width, 48, 0.1);
    EXPECT_NEAR(s[k].height, 48, 0.1);
  }
}

TEST_F(HeatMapCommand, HasLogarithmicColours) {
  write("g.csv", "1,10,100\n");
  ASSERT_EQ(wordline("plot --map g.csv --log c -o g.svg").exit_code, 0);
  const auto s = squares(picture("g.svg"));
  expect_least(s.at(0));
  expect_middle(s.at(1));
  expect_most(s.at(2));
}

TEST_F(HeatMapCommand, TakesVoltagesOfAnArrayAtATime) {
  write_ramp();
  const auto at = [this](const std::string& options) {
    const ShellResult run = wordline("plot --map ramp.raw 'V(xb.wl[*,*])' -o r.svg " + options);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return picture("r.svg");
  };
  const std::string half = at("--at 500m");
  EXPECT_TRUE(contains(half, ">ramp, time = 500 ms<"));
  EXPECT_TRUE(contains(half, ">voltage V(xb.wl[*,*]) [V]<"));
  const auto s = squares(half);
  expect_least(s.at(0));
  expect_middle(s.at(2));
  expect_most(s.at(3));
  EXPECT_TRUE(contains(half, "> 2<"));  // the bar ends at half of 4 V
  EXPECT_FALSE(contains(half, "> 4<"));
  EXPECT_TRUE(contains(at(""), "> 4<"));
}

// Without driver resistances the first cell of a line is at its bus, and is shown there.
TEST_F(HeatMapCommand, ShowsCellsThatAreOneWithTheirBus) {
  write("held.cir",
        "held\n.model g memristor type=static g=1e-2\n"
        ".crossbar xb rows=2 cols=2 cell=1r memristor=g r_wl=10 r_bl=10 rs_wl=0 rs_bl=0 wl=w bl=b\n"
        "v1 w[0] 0 1\nv2 w[1] 0 0\nv3 b[0] 0 0\nv4 b[1] 0 0\n.op\n.save v(xb.wl[*,*])\n");
  ASSERT_EQ(wordline("run held.cir -o held.raw -q").exit_code, 0);
  ASSERT_EQ(wordline("plot --map held.raw 'v(xb.wl[*,*])' -o h.svg").exit_code, 0);
  const auto s = squares(picture("h.svg"));
  expect_most(s.at(0));
  EXPECT_GT(s.at(1).red, -1);
  expect_least(s.at(2));
}

// Cells that are not in the file have no colour.
TEST_F(HeatMapCommand, LeavesOutCellsThatAreNotThere) {
  Waveforms op;
  op.begin({"few",
            "Operating Point",
            {{"@xb.m[2,1][g]", "admittance", "S"}, {"@xb.m[3,2][g]", "admittance", "S"}}});
  op.point(std::vector<double>{1, 2});
  {
    CsvWriter csv(folder_ / "few.csv");
    op.write_to(csv);
  }
  ASSERT_EQ(wordline("plot --map few.csv '@xb.m[*,*][g]' -o f.svg").exit_code, 0);
  const std::string svg = picture("f.svg");
  EXPECT_TRUE(contains(svg, ">conductance @xb.m[*,*][g] [S]<"));
  const auto s = squares(svg);
  expect_least(s.at(0));
  EXPECT_EQ(s.at(1).red, -1);
  EXPECT_EQ(s.at(2).red, -1);
  expect_most(s.at(3));
  EXPECT_FALSE(contains(svg, ">0<"));  // rows 2 and 3, columns 1 and 2
}

TEST_F(HeatMapCommand, TakesAnArrayOfAnNpz) {
  const double numbers[] = {1, 2};
  {
    OutputFile file((folder_ / "two.npz").string());
    ZipWriter zip(file);
    const std::string_view bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
    zip.add("a.npy", npy_header(1, 2), bytes);
    zip.add("b.npy", npy_header(2, 1), bytes);
    zip.finish();
    file.close();
  }
  ASSERT_EQ(wordline("plot --map two.npz b -o b.svg").exit_code, 0);
  EXPECT_TRUE(contains(picture("b.svg"), ">two.npz, b<"));
  const auto s = squares(picture("b.svg"));
  EXPECT_GT(s.at(1).y, s.at(0).y);
  const ShellResult unnamed = wordline("plot --map two.npz");
  EXPECT_EQ(unnamed.exit_code, 2);
  EXPECT_TRUE(contains(unnamed.err, "name one of its arrays: a, b")) << unnamed.err;
}

TEST_F(HeatMapCommand, DrawsAnySizeInAnyFormat) {
  write("one.csv", "7\n");
  Matrix large{1500, 40, std::vector<double>(60000)};
  for (std::size_t k = 0; k < large.values.size(); ++k) large.values[k] = static_cast<double>(k);
  write_matrix((folder_ / "large.npy").string(), large);
  for (const std::string file : {"one.csv", "large.npy"}) {
    EXPECT_EQ(wordline("plot --map " + file + " -o p.png").exit_code, 0);
    EXPECT_TRUE(picture("p.png").starts_with("\x89PNG"));
    EXPECT_EQ(wordline("plot --map " + file + " -o p.pdf").exit_code, 0);
    EXPECT_TRUE(picture("p.pdf").starts_with("%PDF"));
  }
  ASSERT_EQ(wordline("plot --map one.csv").exit_code, 0);
  EXPECT_EQ(squares(picture("one.svg")).at(0).width, 60);
}

TEST_F(HeatMapCommand, RefusesWhatItCannotDraw) {
  write_ramp();
  write("g.csv", "1,0\n");
  struct Case {
    std::string arguments, message;
  };
  for (const Case& c : std::vector<Case>{
           {"g.csv --at 1", "of which a matrix has none"},
           {"g.csv --log c", "a value of 0 has no logarithm"},
           {"g.csv --log x", "are of curves"},
           {"g.csv 'v(a)'", "stands for no cells"},
           {"g.csv a b", "one array"},
           {"ramp.raw 'v(xb.sl[*,*])'", "the deck must save them"},
           {"ramp.raw 'v(xb.wl[*,*])' --at 2", "outside of time, which goes from 0 to 1"},
           {"ramp.raw 'v(xb.wl[*,*])' --at x", "'x' is no number"},
       }) {
    const ShellResult run = wordline("plot --map " + c.arguments);
    EXPECT_EQ(run.exit_code, 2) << c.arguments << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, c.message)) << c.arguments << "\n" << run.err;
  }
  EXPECT_EQ(wordline("plot ramp.raw 'v(xb.wl[0,0])' --log c").exit_code, 2);
  EXPECT_EQ(wordline("plot ramp.raw --at 1").exit_code, 2);
}

}  // namespace
}  // namespace wordline
