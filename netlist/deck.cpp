#include "wordline/netlist/deck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/library.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr std::size_t kDeepestInclude = 50;
constexpr std::size_t kMostIncludes = 10'000;
constexpr std::size_t kDeepestBlock = 50;

class DeckReader {
 public:
  DeckReader(Sources& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  Deck run(std::string_view text) {
    LogicalLines lines(text);
    read_title(lines.title());
    std::error_code status;
    open_files_.push_back(
        {std::filesystem::weakly_canonical(sources_.file_of(text.data()), status), {}});
    read_lines(lines);
    for (const Block* block : open_) {
      report({block->name.text.data(), fmt::format("'.subckt {}' is not closed", block->name.text),
              "close it with .ends"});
    }
    return std::move(deck_);
  }

 private:
  using Handler = void (DeckReader::*)();
  struct Structural {
    std::string_view name;
    Handler read;
  };
  // The statements that shape the deck; all others are elaborated later.
  static constexpr std::array<Structural, 12> structural() {
    return {{{".include", &DeckReader::read_include},
             {".inc", &DeckReader::read_include},
             {".lib", &DeckReader::read_library},
             {".endl", &DeckReader::refuse_end_of_section},
             {".subckt", &DeckReader::open_subcircuit},
             {".ends", &DeckReader::close_subcircuit},
             {".param", &DeckReader::read_parameters},
             {".model", &DeckReader::read_model},
             {".global", &DeckReader::read_globals},
             {".control", &DeckReader::read_control},
             {".endc", &DeckReader::refuse_end_of_control},
             {".title", &DeckReader::replace_title}}};
  }

  Block& block() { return open_.empty() ? deck_.top : *open_.back(); }
  void report(const Fault& fault) { diagnostics_.error(fault); }

  // ---- lines ----

  void read_lines(LogicalLines& lines) {
    LogicalLines* const outer = std::exchange(lines_, &lines);
    for (std::string_view text = lines.next(); !text.empty(); text = lines.next()) {
      try {
        if (!read_line(text)) break;
      } catch (const Fault& fault) {
        report(fault);
      }
    }
    lines_ = outer;
  }

  // False after `.end`.
  bool read_line(std::string_view text) {
    const char first = text.front();
    if (first == '.') return read_statement(text);
    const Element* const element = find_element(first);
    if (element != nullptr) {
      block().elements.push_back({element, text});
    } else if (first == '+') {
      throw Fault{text.data(), "there is no line that this one continues"};
    } else if (std::isalpha(static_cast<unsigned char>(first)) != 0) {
      throw Fault{text.data(),
                  fmt::format("elements that begin with '{}' are not supported", first)};
    } else {
      throw Fault{text.data(), "a line begins with the letter of an element, a dot, or '*'"};
    }
    return true;
  }

  bool read_statement(std::string_view text) {
    text_ = text;
    line_.reset(text);
    const std::string_view name = line_.head().text;
    if (equal_ignoring_case(name, ".end")) {
      if (!lines_->next().empty() && open_files_.size() == 1) {
        diagnostics_.warn({name.data(), "what follows .end is ignored", ""});
      }
      return false;
    }
    for (const Structural& statement : structural()) {
      if (equal_ignoring_case(name, statement.name)) {
        (this->*statement.read)();
        return true;
      }
    }
    const Statement* const statement = find_statement(name);
    if (statement == nullptr) fail_unsupported();
    if (!open_.empty() && !statement->in_subcircuits) {
      fail(line_.head(), fmt::format("{} belongs outside of sub-circuits", statement->name));
    }
    block().statements.push_back({statement, text});
    return true;
  }

  // Keeps the commands up to `.endc`, which are no part of the circuit.
  void read_control() {
    line_.expect_end();
    const Token opening = line_.head();
    if (!open_.empty()) fail(opening, ".control belongs outside of sub-circuits");
    for (std::string_view text = lines_->next(); !text.empty(); text = lines_->next()) {
      if (is_statement(text, ".endc")) return;
      deck_.control.push_back(text);
    }
    fail(opening, "the commands are not closed", "close them with .endc");
  }

  void refuse_end_of_control() { fail(line_.head(), "there is no .control that this closes"); }

  static bool is_statement(std::string_view text, std::string_view name) {
    return equal_ignoring_case(text.substr(0, name.size()), name) &&
           (text.size() == name.size() ||
            std::isspace(static_cast<unsigned char>(text[name.size()])) != 0);
  }

  // Leaves out the lines of a section.
  void skip_section(const Token& name) {
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

  [[noreturn]] void fail_unsupported() const {
    std::vector<std::string> known = {".end"};
    for (const Structural& statement : structural()) known.emplace_back(statement.name);
    for (const Statement& statement : statements()) known.emplace_back(statement.name);
    const std::string_view name = line_.head().text;
    fail(line_.head(), fmt::format("'{}' is not supported", name), did_you_mean(name, known));
  }

  // ---- title ----

  void read_title(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
      text.remove_suffix(1);
    }
    deck_.title = text;
    if (looks_like_a_line(text)) {
      diagnostics_.warn(
          {text.data(), "the first line is the title, whatever it holds", "put a title above it"});
    }
  }

  // Whether a title is a statement, or an element with a number where its value would be.
  bool looks_like_a_line(std::string_view text) {
    if (text.empty()) return false;
    try {
      line_.reset(text);
    } catch (const Fault&) {
      return false;
    }
    const std::string_view first = line_.head().text;
    if (find_statement(first) != nullptr) return true;
    if (first.empty() ||
        std::string_view("rclvi").find(to_lower(first).front()) == std::string_view::npos) {
      return false;
    }
    return line_.peek(0).is_word() && line_.peek(1).is_word() && line_.peek(2).is_word() &&
           parse_spice_number(line_.peek(2).text).has_value();
  }

  void replace_title() {
    deck_.title =
        line_.done() ? std::string_view() : text_.substr(line_.peek().text.data() - text_.data());
  }

  // ---- included files and sections of libraries ----

  struct OpenFile {
    std::filesystem::path path;
    std::string section;  // lower case; empty for a file read as a whole

    bool operator==(const OpenFile&) const = default;
    std::string format() const {
      return section.empty() ? path.string() : fmt::format("{} ({})", path.string(), section);
    }
  };

  void read_include() {
    const Token name = line_.expect_expression("a file name");
    line_.expect_end();
    const std::filesystem::path path = require_file(name, sources_);
    read_text(name, {path, {}}, [&] { return open(name, path); });
  }

  // Either reads a section of a file, or begins a section of this one, which is read where it is
  // asked for.
  void read_library() {
    if (line_.peek(1).kind == Token::Kind::kEnd) {
      skip_section(line_.expect_value("the name of a section"));
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
      if (!is_open({path, wanted}) &&
          !sections_read_.emplace(&block(), section.body.data()).second) {
        diagnostics_.warn({name.text.data(),
                           fmt::format("the section '{}' of {} is here already, and not read again",
                                       name.text, file.text),
                           ""});
        return;
      }
      read_text(name, {path, wanted}, [&] { return section.body; });
      return;
    }
    fail(name, fmt::format("{} has no section '{}'", file.text, name.text),
         known.empty() ? std::string("it has none at all; .include reads a whole file")
                       : fmt::format("it has {}", fmt::join(known, ", ")));
  }

  void refuse_end_of_section() { fail(line_.head(), "there is no .lib section that this closes"); }

  bool is_open(const OpenFile& file) const {
    return std::find(open_files_.begin(), open_files_.end(), file) != open_files_.end();
  }

  // Reads the text of `file` where `where` asks for it, unless that never ends.
  template <class Text>
  void read_text(const Token& where, const OpenFile& file, Text text) {
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
    LogicalLines lines(text());
    open_files_.push_back(file);
    read_lines(lines);
    open_files_.pop_back();
  }

  std::string_view open(const Token& name, const std::filesystem::path& path) {
    try {
      return sources_.open(path);
    } catch (const Error& error) {
      fail(name, error.what());
    }
  }

  using Libraries = std::map<std::filesystem::path, std::vector<LibrarySection>>;

  // A file is read once, however many of its sections are asked for.
  Libraries::const_iterator find_library(const Token& name) {
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
    return libraries_.emplace(path, find_sections(text)).first;
  }

  // ---- sub-circuits ----

  void open_subcircuit() {
    if (open_.size() >= kDeepestBlock) {
      fail(line_.head(), fmt::format("sub-circuits are nested more than {} deep", kDeepestBlock));
    }
    // Opened even if the line is faulty, so that its body and `.ends` are read as such.
    const Token name = line_.peek();
    std::unique_ptr<Block>& place = block().subcircuits[to_lower(name.text)];
    const bool is_new = place == nullptr;
    place = std::make_unique<Block>();
    Block* const opened = place.get();
    opened->name = name;
    open_.push_back(opened);
    line_.expect_word("the name of the sub-circuit");
    if (!is_new) fail(name, fmt::format("there is already a sub-circuit '{}'", name.text));
    read_ports(*opened);
    while (const auto formal = line_.accept_assignment()) add_variable(*opened, *formal);
    opened->formals = opened->variables.size();
    line_.expect_end();
  }

  void read_ports(Block& block) {
    while (!line_.done() && !line_.at_assignment()) {
      const Token& port = line_.expect_word("a node");
      if (equal_ignoring_case(port.text, "params:")) break;
      if (!block.ports.try_emplace(to_lower(port.text), block.ports.size()).second) {
        fail(port, fmt::format("the node '{}' is listed twice", port.text));
      }
    }
  }

  void close_subcircuit() {
    if (open_.empty()) fail(line_.head(), "there is no .subckt that this closes");
    const Token name = open_.back()->name;
    open_.pop_back();
    if (line_.done()) return;
    const Token& given = line_.take();
    if (!equal_ignoring_case(given.text, to_lower(name.text))) {
      fail(given, fmt::format("this closes '{}', not '{}'", name.text, given.text));
    }
    line_.expect_end();
  }

  // ---- definitions ----

  void add_variable(Block& block, const Assignment& definition) {
    const std::string name = to_lower(definition.name.text);
    if (std::isalpha(static_cast<unsigned char>(name.front())) == 0 && name.front() != '_') {
      fail(definition.name, "a parameter's name begins with a letter");
    }
    if (name == "time" || name == "temper") {
      fail(definition.name, fmt::format("'{}' is a word of the language", name));
    }
    const auto [found, is_new] = block.variable_by_name.try_emplace(name, block.variables.size());
    if (is_new) {
      block.variables.push_back(definition);
    } else {
      diagnostics_.warn({definition.name.text.data(),
                         fmt::format("parameter '{}' is defined twice; the last one holds", name),
                         ""});
      block.variables[found->second] = definition;
    }
  }

  void read_parameters() {
    do {
      const Token name = line_.expect_word("a parameter's name");
      if (line_.peek().is('(')) fail(line_.peek(), "functions in .param are not supported");
      line_.expect('=');
      add_variable(block(), {name, line_.expect_expression("the value of the parameter")});
      line_.accept_comma();
    } while (!line_.done());
  }

  void read_model() {
    const Token& name = line_.expect_word("the model's name");
    if (!block().models.try_emplace(to_lower(name.text), text_).second) {
      fail(name, fmt::format("there is already a model '{}'", name.text));
    }
  }

  void read_globals() {
    do {
      const Token& node = line_.expect_word("a node");
      deck_.globals.try_emplace(to_lower(node.text), node);
    } while (!line_.done());
  }

  Sources& sources_;
  Diagnostics& diagnostics_;
  Deck deck_;
  std::vector<Block*> open_;          // sub-circuits not yet closed
  std::vector<OpenFile> open_files_;  // being read, the netlist first
  std::size_t includes_ = 0;
  Libraries libraries_;                                           // that have been opened
  std::set<std::pair<const Block*, const char*>> sections_read_;  // where, and their text
  LogicalLines* lines_ = nullptr;                                 // those after the line being read
  std::string_view text_;                                         // the line being read
  Line line_;
};

}  // namespace

Deck read_deck(std::string_view text, Sources& sources, Diagnostics& diagnostics) {
  return DeckReader(sources, diagnostics).run(text);
}

}  // namespace wordline
