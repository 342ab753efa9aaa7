// Decks with one fault each, and exactly what the command says of them. The messages are files,
// faulty/NAME.txt, whose first line is the call and whose last is the exit code; make_messages
// writes them anew.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "compare.hpp"

namespace wordline {
namespace {

namespace fs = std::filesystem;

fs::path faulty_decks() { return testing::conformance_decks() / "faulty"; }

// They are read alone, or include each other.
class FaultyDeck : public ::testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<testing::TemporaryFolder>();
    fs::copy(faulty_decks(), folder->path(), fs::copy_options::recursive);
  }
  static void TearDownTestSuite() { folder.reset(); }

  inline static std::unique_ptr<testing::TemporaryFolder> folder;
};

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
  }
}

TEST_P(FaultyDeck, IsReportedInTheseWords) {
  const std::string expected = testing::read_text(faulty_decks() / (GetParam() + ".txt"));
  const std::string call = expected.substr(0, expected.find('\n'));
  ASSERT_TRUE(call.starts_with("$ wordline ")) << "make_messages writes the file";
  const std::string program = std::string(std::getenv("WORDLINE_BUILD_ROOT")) + "/cli/wordline";
  const std::string arguments = call.substr(std::string("$ wordline").size());
  const auto run = testing::shell(*folder, "timeout 60 '" + program + "'" + arguments);
  std::string messages = run.err;
  replace_all(messages, folder->path().string() + "/",
              "");  // of included files, whose path is whole
  EXPECT_EQ(call + "\n" + messages + "exit code " + std::to_string(run.exit_code) + "\n", expected);
}

INSTANTIATE_TEST_SUITE_P(Decks, FaultyDeck,
                         ::testing::ValuesIn(testing::deck_names(faulty_decks())),
                         [](const auto& deck) { return deck.param; });

}  // namespace
}  // namespace wordline
