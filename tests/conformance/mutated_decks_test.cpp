// What people, editors and broken disks make of decks: words and bytes that are missing, twice,
// exchanged or replaced. Whatever comes of it, reading and running it ends soon, with a circuit, a
// report or an Error. All random choices follow from a seed, which a failure names with its deck.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <random>

#include "compare.hpp"
#include "wordline/crossbar/matmul.hpp"

namespace wordline {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr Seconds kAltogether{30};
constexpr Seconds kOneRun{0.05};  // after which a run is asked to end
constexpr Seconds kTooLong{10};   // without having done so, also on a busy machine
constexpr int kMostDecks = 3000;

using Random = std::mt19937;  // the same numbers everywhere

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

// Words, and the characters between them.
std::vector<std::string> tokens_of(const std::string& text) {
  std::vector<std::string> tokens;
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_';
  };
  for (const char c : text) {
    const bool goes_on = !tokens.empty() && in_word(c) && in_word(tokens.back().back());
    if (goes_on) {
      tokens.back() += c;
    } else {
      tokens.emplace_back(1, c);
    }
  }
  return tokens;
}

std::string join(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

const std::vector<std::string> kStrangers = {
    "0",       "-1",    "1e308",       "1e-308", "1e999",  "nan", "(",        ")",
    "{",       "}",     "'",           "=",      ",",      "\n",  "\n+ ",     "\\\\",
    ".end",    ".tran", ".subckt x a", ".ends",  "temp",   "v(",  "**",       "1/0",
    "\x1b[2J", "x1",    "m=0",         "uic",    ".model", "{a}", "100000000"};

void change_tokens(std::vector<std::string>& tokens, Random& random) {
  if (tokens.empty()) return;
  const std::size_t at = below(random, tokens.size());
  const std::size_t other = below(random, tokens.size());
  const auto place = tokens.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(random, 5)) {
    case 0:
      tokens.erase(place);
      break;
    case 1: {
      const std::string copy = tokens[at];
      tokens.insert(place, copy);
      break;
    }
    case 2:
      std::swap(tokens[at], tokens[other]);
      break;
    case 3:
      tokens[at] = kStrangers[below(random, kStrangers.size())];
      break;
    default:
      tokens[at] = tokens[other];
      break;
  }
}

void change_bytes(std::string& text, Random& random) {
  if (text.empty()) return;
  const std::size_t at = below(random, text.size());
  switch (below(random, 3)) {
    case 0:
      text.erase(at, 1 + below(random, 4));
      break;
    case 1:
      text[at] = static_cast<char>(below(random, 256));
      break;
    default:
      std::swap(text[at], text[below(random, text.size())]);
      break;
  }
}

std::string mutate(const std::string& text, Random& random) {
  std::vector<std::string> tokens = tokens_of(text);
  for (std::size_t n = 1 + below(random, 4); n > 0; --n) change_tokens(tokens, random);
  std::string result = join(tokens);
  if (below(random, 4) == 0) change_bytes(result, random);
  return result;
}

// Arrays of millions of cells are asked for by one digit too many, and take their time.
bool is_small(const Circuit& circuit) {
  constexpr std::int64_t kMostCells = 10'000;
  return std::all_of(circuit.crossbars.begin(), circuit.crossbars.end(), [](const Crossbar& xb) {
    return std::int64_t{xb.rows} * xb.cols <= kMostCells;
  });
}

// Reads and runs a text. All analyses together end soon after they are asked to.
void read_and_run(const std::string& text, const std::string& name) {
  const auto begin = Clock::now();
  std::atomic<bool> interrupt = false;
  RunControl control;
  control.interrupt = &interrupt;
  control.progress = [&](double /*fraction*/) { interrupt = Clock::now() - begin > kOneRun; };
  try {
    Circuit circuit = parse(text, name);
    if (!is_small(circuit)) return;
    Simulator simulator(std::move(circuit));
    for (const Analysis& analysis : simulator.circuit().analyses) {
      if (std::holds_alternative<MatmulAnalysis>(analysis.what)) {
        crossbar::run_matmul(simulator.circuit(), analysis, control);
      } else {
        simulator.run(analysis, control);
      }
    }
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "");
  }
  EXPECT_LT(Seconds(Clock::now() - begin), kTooLong);
}

std::vector<fs::path> all_decks() {
  std::vector<fs::path> decks;
  for (const fs::path& folder : {testing::conformance_decks(),
                                 testing::conformance_decks() / "faulty", testing::examples()}) {
    for (const std::string& name : testing::deck_names(folder)) {
      decks.push_back(folder / (name + ".cir"));
    }
  }
  return decks;
}

TEST(MutatedDecks, NeitherCrashNorHang) {
  const std::vector<fs::path> decks = all_decks();
  ASSERT_FALSE(decks.empty());
  const auto begin = Clock::now();
  for (unsigned seed = 0; seed < kMostDecks && Clock::now() - begin < kAltogether; ++seed) {
    Random random(seed);
    const fs::path& deck = decks[below(random, decks.size())];
    const std::string text = mutate(testing::read_text(deck), random);
    try {
      read_and_run(text, deck.string());
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    if (HasFailure()) FAIL() << "seed " << seed << " of " << deck << ":\n" << text;
  }
}

}  // namespace
}  // namespace wordline
