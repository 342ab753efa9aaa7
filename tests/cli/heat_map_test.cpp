// `wordline plot --map`: heat maps of matrices and of arrays in results.
#include <gtest/gtest.h>

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

// The squares of a picture in gnuplot's order, row by row, as their colours.
std::vector<std::string> colours(const std::string& svg) {
  const std::regex square(R"(<polygon fill\s*=\s*'rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\)')");
  std::vector<std::string> found;
  for (auto it = std::sregex_iterator(svg.begin(), svg.end(), square); it != std::sregex_iterator();
       ++it) {
    found.push_back((*it)[1].str() + "," + (*it)[2].str() + "," + (*it)[3].str());
  }
  return found;
}

TEST_F(HeatMapCommand, Placeholder) {}

}  // namespace
}  // namespace wordline
