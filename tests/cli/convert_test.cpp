// `wordline convert`, and the kinds of files that `wordline run` writes.

#include "command_fixture.hpp"
#include "wordline/engine/output/waveform_file.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class ConvertCommand : public testing::WordlineCommand {};

TEST_F(ConvertCommand, GoesRoundAllFormatsWithoutLoss) {
  write_rc(".tran 10n 3u");
  EXPECT_EQ(wordline("run rc.cir -o a.raw").exit_code, 0);
  const char* const steps[] = {"a.raw b.csv", "b.csv c.prn", "c.prn d.npz", "d.npz e.h5",
                               "e.h5 f.raw --format ascii"};
  for (const char* step : steps) {
    const ShellResult result = wordline("convert " + std::string(step));
    ASSERT_EQ(result.exit_code, 0) << step << result.err;
  }
  const Waveforms first = read_waveforms(folder_ / "a.raw").at(0);
  const Waveforms last = read_waveforms(folder_ / "f.raw").at(0);
  ASSERT_EQ(first.points(), last.points());
  ASSERT_GT(first.points(), 10u);
  for (const Signal& signal : first.header().signals) {
    for (std::size_t k = 0; k < first.points(); ++k) {
      ASSERT_EQ(first[signal.name][k], last[signal.name][k]) << signal.name;
    }
  }
}

TEST_F(ConvertCommand, ChoosesSignalsAndPlots) {
  write_rc(".op\n.dc v1 0 1 0.5\n.tran 10n 3u");
  EXPECT_EQ(wordline("run rc.cir -o a.raw").exit_code, 0);
  EXPECT_EQ(wordline("convert a.raw b.csv 'v(*)' --plot tran").exit_code, 0);
  const std::string text = testing::read_text(folder_ / "b.csv");
  EXPECT_EQ(text.substr(0, text.find('\n')), "time,v(a),v(b)");
  EXPECT_EQ(wordline("convert a.raw c.npz").exit_code, 0);
  for (const char* name : {"c-op.npz", "c-dc.npz", "c-tran.npz"}) EXPECT_TRUE(exists(name)) << name;
  const ShellResult list = wordline("convert a.raw --list");
  EXPECT_TRUE(contains(list.out, "[2] DC transfer characteristic: 3 points")) << list.out;
  const ShellResult wrong = wordline("convert a.raw d.csv 'v(bb)'");
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_TRUE(contains(wrong.err, "did you mean 'v(b)'?")) << wrong.err;
  EXPECT_FALSE(exists("d.csv"));
  EXPECT_EQ(wordline("convert a.raw a.raw").exit_code, 2);
  EXPECT_EQ(wordline("convert a.raw x.foo").exit_code, 2);
}

TEST_F(ConvertCommand, RunWritesAllKinds) {
  write_rc(".dc v1 0 1 0.5\n.tran 10n 3u");
  EXPECT_EQ(wordline("run rc.cir -o a.h5").exit_code, 0);
  EXPECT_EQ(read_waveforms(folder_ / "a.h5").size(), 2u);
  EXPECT_EQ(wordline("run rc.cir -o a.npz").exit_code, 0);
  EXPECT_EQ(read_waveforms(folder_ / "a-tran.npz").size(), 1u);
  EXPECT_EQ(wordline("run rc.cir --format prn").exit_code, 0);
  EXPECT_TRUE(testing::read_text(folder_ / "rc-tran.prn").starts_with("Index  TIME  V(A)"));
  EXPECT_EQ(wordline("run rc.cir --one-file-per-plot --ascii -o b.raw").exit_code, 0);
  EXPECT_TRUE(contains(testing::read_text(folder_ / "b-dc.raw"), "Values:"));
  EXPECT_EQ(read_waveforms(folder_ / "b-tran.raw").size(), 1u);
}

TEST_F(ConvertCommand, TheDeckMayAskForText) {
  write_rc(".options filetype=ascii\n.tran 10n 3u");
  EXPECT_EQ(wordline("run rc.cir").exit_code, 0);
  EXPECT_TRUE(contains(testing::read_text(folder_ / "rc.raw"), "Values:"));
}

}  // namespace
}  // namespace wordline
