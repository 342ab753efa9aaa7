#include "wordline/netlist/deck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
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
    files_.push_back(std::filesystem::weakly_canonical(sources_.file_of(text.data()), status));
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
  static constexpr std::array<Structural, 8> structural() {
    return {{{".include", &DeckReader::read_include},
             {".inc", &DeckReader::read_include},
             {".subckt", &DeckReader::open_subcircuit},
             {".ends", &DeckReader::close_subcircuit},
             {".param", &DeckReader::read_parameters},
             {".model", &DeckReader::read_model},
             {".global", &DeckReader::read_globals},
             {".title", &DeckReader::replace_title}}};
  }

  Block& block() { return open_.empty() ? deck_.top : *open_.back(); }
  void report(const Fault& fault) { diagnostics_.error(fault); }

  // ---- lines ----

  void read_lines(LogicalLines& lines) {
    for (std::string_view text = lines.next(); !text.empty(); text = lines.next()) {
      try {
        if (!read_line(text, lines)) return;
      } catch (const Fault& fault) {
        report(fault);
      }
    }
  }

  // False after `.end`.
  bool read_line(std::string_view text, LogicalLines& lines) {
    const char first = text.front();
    if (first == '.') return read_statement(text, lines);
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

  bool read_statement(std::string_view text, LogicalLines& lines) {
    text_ = text;
    line_.reset(text);
    const std::string_view name = line_.head().text;
    if (equal_ignoring_case(name, ".end")) {
      if (!lines.next().empty() && files_.size() == 1) {
        diagnostics_.warn({name.data(), "what follows .end is ignored", ""});
      }
      return false;
    }
    if (equal_ignoring_case(name, ".control")) skip_control(lines);
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

  // The commands of a script are no part of the circuit: one error for all of them.
  void skip_control(LogicalLines& lines) {
    std::string_view text = lines.next();
    while (!text.empty() && !equal_ignoring_case(text.substr(0, 5), ".endc")) text = lines.next();
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

  // ---- includes ----

  void read_include() {
    const Token name = line_.expect_expression("a file name");
    line_.expect_end();
    const std::filesystem::path path = find_file(name, sources_);
    const auto open = std::find(files_.begin(), files_.end(), path);
    if (open != files_.end()) {
      std::string chain;
      for (auto file = open; file != files_.end(); ++file) chain += file->string() + " -> ";
      fail(name, fmt::format("the file includes itself: {}{}", chain, path.string()));
    }
    if (files_.size() >= kDeepestInclude || ++includes_ > kMostIncludes) {
      fail(name, fmt::format("files are included more than {} deep or {} times", kDeepestInclude,
                             kMostIncludes));
    }
    std::string_view text;
    try {
      text = sources_.open(path);
    } catch (const Error& error) {
      fail(name, error.what());
    }
    files_.push_back(path);
    LogicalLines lines(text);
    read_lines(lines);
    files_.pop_back();
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
  std::vector<Block*> open_;                  // sub-circuits not yet closed
  std::vector<std::filesystem::path> files_;  // being read, the netlist first
  std::size_t includes_ = 0;
  std::string_view text_;  // the line being read
  Line line_;
};

}  // namespace

Deck read_deck(std::string_view text, Sources& sources, Diagnostics& diagnostics) {
  return DeckReader(sources, diagnostics).run(text);
}

}  // namespace wordline
