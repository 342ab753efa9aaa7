#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/deck_reader.hpp"

namespace wordline {

namespace {

constexpr std::size_t kDeepestInclude = 50;
constexpr std::size_t kMostIncludes = 10'000;

// The libraries that LTspice names in every netlist with devices, in a folder of its own.
bool is_of_ltspice(const Token& name) {
  constexpr std::array<std::string_view, 4> kOwn = {"standard.dio", "standard.bjt", "standard.mos",
                                                    "standard.jft"};
  const std::string lower = to_lower(name.text);
  return std::any_of(kOwn.begin(), kOwn.end(),
                     [&](std::string_view own) { return lower.ends_with(own); });
}

}  // namespace

std::string DeckReader::OpenFile::format() const {
  return section.empty() ? path.string() : fmt::format("{} ({})", path.string(), section);
}

void DeckReader::read_include() {
  const Token name = line_.expect_expression("a file name");
  line_.expect_end();
  const std::filesystem::path path = require_file(name, sources_);
  DeckReader::read_text(name, {path, {}}, [&] { return open(name, path); });
}

// Either reads a section of a file, or begins a section of this one, which is read where it is
// asked for.
void DeckReader::read_library() {
  if (line_.peek(1).kind == Token::Kind::kEnd) {
    const Token name = line_.expect_value("the name of a section");
    const bool may_be_file = has_libraries_without_sections(deck_.dialect);
    const bool is_file = may_be_file && find_file(name, sources_);
    if (is_of_ltspice(name) && !is_file) {
      diagnostics_.warn({name.text.data(), "this library comes with LTspice, and is left out", ""});
      return;
    }
    if (is_file || (may_be_file && name.text.find('.') != std::string_view::npos)) {
      line_.rewind();
      line_.take();
      return read_include();
    }
    skip_section(name);
    return;
  }
  const Token file = line_.expect_value("a file name");
  const Token name = line_.expect_value("the name of a section");
  line_.expect_end();
  const auto& [path, sections] = *find_library(file);
  const std::string wanted = to_lower(name.text);
  std::vector<std::string> known;
  for (const LibrarySection& section : sections) {
    known.push_back(to_lower(section.name.text));
    if (known.back() != wanted) continue;
    if (!is_open({path, wanted}) && !sections_read_.emplace(&block(), section.body.data()).second) {
      diagnostics_.warn({name.text.data(),
                         fmt::format("the section '{}' of {} is here already, and not read again",
                                     name.text, file.text),
                         ""});
      return;
    }
    DeckReader::read_text(name, {path, wanted}, [&] { return section.body; });
    return;
  }
  fail(name, fmt::format("{} has no section '{}'", file.text, name.text),
       known.empty() ? std::string("it has none at all; .include reads a whole file")
                     : fmt::format("it has {}", fmt::join(known, ", ")));
}

// Leaves out the lines of a section.
void DeckReader::skip_section(const Token& name) {
  int depth = 1;
  for (std::string_view text = lines_->next(); !text.empty(); text = lines_->next()) {
    if (is_statement(text, ".endl") && --depth == 0) return;
    if (!is_statement(text, ".lib")) continue;
    line_.reset(text);
    if (line_.peek(1).kind != Token::Kind::kEnd) continue;  // reads a section of a file
    ++depth;
    report({text.data(), fmt::format("a section cannot stand in another, here '{}'", name.text),
            "close that with .endl first"});
  }
  fail(name, fmt::format("the section '{}' is not closed", name.text),
       "close it with .endl; .include reads a file without sections");
}

bool DeckReader::is_open(const OpenFile& file) const {
  return std::find(open_files_.begin(), open_files_.end(), file) != open_files_.end();
}

void DeckReader::refuse_end_of_section() {
  fail(line_.head(), "there is no .lib section that this closes");
}

template <class Text>
void DeckReader::read_text(const Token& where, const OpenFile& file, Text text) {
  const auto open = std::find(open_files_.begin(), open_files_.end(), file);
  if (open != open_files_.end()) {
    std::string chain;
    for (auto other = open; other != open_files_.end(); ++other) {
      chain += other->format() + " -> ";
    }
    fail(where, fmt::format("the {} includes itself: {}{}",
                            file.section.empty() ? "file" : "section", chain, file.format()));
  }
  if (open_files_.size() >= kDeepestInclude || ++includes_ > kMostIncludes) {
    fail(where, fmt::format("files are included more than {} deep or {} times", kDeepestInclude,
                            kMostIncludes));
  }
  LogicalLines lines(text(), deck_.dialect);
  open_files_.push_back(file);
  read_lines(lines);
  open_files_.pop_back();
}

std::string_view DeckReader::open(const Token& name, const std::filesystem::path& path) {
  try {
    return sources_.open(path);
  } catch (const Error& error) {
    fail(name, error.what());
  }
}

// A file is read once, however many of its sections are asked for.
DeckReader::Libraries::const_iterator DeckReader::find_library(const Token& name) {
  const std::optional<std::filesystem::path> file = find_file(name, sources_);
  const auto shipped = shipped_libraries();
  const auto own = std::find_if(shipped.begin(), shipped.end(),
                                [&](const ShippedLibrary& own) { return own.name == name.text; });
  const bool is_own = !file && own != shipped.end();
  const std::filesystem::path path =
      is_own ? std::filesystem::path(own->name) : require_file(name, sources_);
  const auto known = libraries_.find(path);
  if (known != libraries_.end()) return known;
  const std::string_view text =
      is_own ? sources_.add(std::string(own->text), std::string(own->name)) : open(name, path);
  return libraries_.emplace(path, find_sections(text, deck_.dialect)).first;
}

}  // namespace wordline
