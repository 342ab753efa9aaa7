#include "wordline/netlist/deck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/deck_reader.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/foreign_models.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

DeckReader::DeckReader(Dialect dialect, Sources& sources, Diagnostics& diagnostics)
    : sources_(sources), diagnostics_(diagnostics), line_(dialect) {
  deck_.dialect = dialect;
}

Deck DeckReader::run(std::string_view text) {
  LogicalLines lines(text, deck_.dialect);
  read_title(lines.title());
  std::error_code status;
  open_files_.push_back(
      {std::filesystem::weakly_canonical(sources_.file_of(text.data()), status), {}});
  read_lines(lines);
  for (const Open& open : std::exchange(open_, {})) {
    const bool is_branch = open.conditional != nullptr;
    const std::string_view name = open.where.text;
    report({name.data(),
            is_branch ? "'.if' is not closed" : fmt::format("'.subckt {}' is not closed", name),
            is_branch ? "close it with .endif" : "close it with .ends"});
  }
  for (const Assignment& stepped : stepped_) {
    if (!deck_.top.variable_by_name.contains(to_lower(stepped.name.text))) {
      try {
        add_variable(deck_.top, stepped);
      } catch (const Fault& fault) {
        report(fault);
      }
    }
  }
  return std::move(deck_);
}

std::span<const DeckReader::Structural> DeckReader::structural() {
  static constexpr std::array<Structural, 31> kStructural = {{
      {".include", &DeckReader::read_include},
      {".inc", &DeckReader::read_include},
      {".lib", &DeckReader::read_library},
      {".endl", &DeckReader::refuse_end_of_section},
      {".subckt", &DeckReader::open_subcircuit},
      {".ends", &DeckReader::close_subcircuit},
      {".if", &DeckReader::open_conditional},
      {".elseif", &DeckReader::open_branch},
      {".elif", &DeckReader::open_branch},
      {".else", &DeckReader::open_branch},
      {".endif", &DeckReader::close_conditional},
      {".param", &DeckReader::read_parameters},
      {".params", &DeckReader::read_parameters},
      {".parameter", &DeckReader::read_parameters},
      {".global_param", &DeckReader::read_parameters},
      {".func", &DeckReader::read_function},
      {".model", &DeckReader::read_model},
      {".global", &DeckReader::read_globals},
      {".data", &DeckReader::read_data},
      {".step", &DeckReader::read_step},
      {".title", &DeckReader::replace_title},
      {".control", &DeckReader::read_control},
      {".endc", &DeckReader::refuse_end_of_control},
      // They say how something is shown, or who may read it.
      {".csparam", &DeckReader::ignore},
      {".backanno", &DeckReader::ignore},
      {".width", &DeckReader::ignore},
      {".preprocess", &DeckReader::read_preprocessing},
      {".protect", &DeckReader::ignore},
      {".unprotect", &DeckReader::ignore},
      {".prot", &DeckReader::ignore},
      {".unprot", &DeckReader::ignore},
  }};
  return kStructural;
}

bool DeckReader::in_subcircuit() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const Open& open) { return open.conditional == nullptr; });
}

// What is wrong in a branch matters only where it is taken.
void DeckReader::report(const Fault& fault) {
  const auto branch = std::find_if(open_.rbegin(), open_.rend(),
                                   [](const Open& open) { return open.conditional != nullptr; });
  if (branch == open_.rend()) {
    diagnostics_.error(fault);
  } else {
    branch->conditional->branches.back().faults.push_back(fault);
  }
}

void DeckReader::read_lines(LogicalLines& lines) {
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
bool DeckReader::read_line(std::string_view text) {
  const char first = text.front();
  if (first == '.') return read_statement(text);
  const Element* const element = find_element(first);
  if (element != nullptr) {
    block().elements.push_back({element, text});
  } else if (first == '+') {
    throw Fault{text.data(), "there is no line that this one continues"};
  } else if (std::isalpha(static_cast<unsigned char>(first)) != 0) {
    refuse_element(text);
  } else {
    throw Fault{text.data(), "a line begins with the letter of an element, a dot, or '*'"};
  }
  return true;
}

void DeckReader::refuse_element(std::string_view text) {
  const ForeignElement foreign = foreign_element(to_lower(text.substr(0, 1)).front());
  std::string message =
      fmt::format("elements that begin with '{}' are not supported", text.front());
  if (foreign.letter != 0) message += fmt::format(": {}", foreign.what);
  throw Fault{text.data(), std::move(message), std::string(foreign.instead)};
}

bool DeckReader::read_statement(std::string_view text) {
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
  if (in_subcircuit() && !statement->in_subcircuits) {
    fail(line_.head(), fmt::format("{} belongs outside of sub-circuits", statement->name));
  }
  block().statements.push_back({statement, text});
  return true;
}

// Keeps the commands up to `.endc`, which are no part of the circuit.
void DeckReader::read_control() {
  line_.expect_end();
  const Token opening = line_.head();
  if (!open_.empty()) fail(opening, ".control belongs outside of sub-circuits");
  for (std::string_view text = lines_->next(); !text.empty(); text = lines_->next()) {
    if (is_statement(text, ".endc")) return;
    deck_.control.push_back(text);
  }
  fail(opening, "the commands are not closed", "close them with .endc");
}

void DeckReader::refuse_end_of_control() {
  fail(line_.head(), "there is no .control that this closes");
}

bool DeckReader::is_statement(std::string_view text, std::string_view name) {
  return equal_ignoring_case(text.substr(0, name.size()), name) &&
         (text.size() == name.size() ||
          std::isspace(static_cast<unsigned char>(text[name.size()])) != 0);
}

void DeckReader::fail_unsupported() const {
  std::vector<std::string> known = {".end"};
  for (const Structural& statement : structural()) known.emplace_back(statement.name);
  for (const Statement& statement : statements()) known.emplace_back(statement.name);
  const std::string_view name = line_.head().text;
  fail(line_.head(), fmt::format("'{}' is not supported", name), did_you_mean(name, known));
}

// Xyce's: gnd is ground in any case, and nothing else is done.
void DeckReader::read_preprocessing() {
  const Token what = line_.expect_word("what is done before the simulation");
  if (!equal_ignoring_case(what.text, "replaceground")) {
    diagnostics_.warn(
        {what.text.data(), fmt::format(".preprocess {} has no effect here", what.text), ""});
  }
}

// ---- title ----

void DeckReader::read_title(std::string_view text) {
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
bool DeckReader::looks_like_a_line(std::string_view text) {
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

void DeckReader::replace_title() {
  deck_.title =
      line_.done() ? std::string_view() : text_.substr(line_.peek().text.data() - text_.data());
}

Deck read_deck(std::string_view text, Dialect dialect, Sources& sources, Diagnostics& diagnostics) {
  return DeckReader(dialect, sources, diagnostics).run(text);
}

}  // namespace wordline
