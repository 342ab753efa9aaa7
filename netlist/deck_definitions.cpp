#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/deck_reader.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr std::size_t kDeepestBlock = 50;

}  // namespace

// ---- sub-circuits ----

void DeckReader::open_subcircuit() {
  if (open_.size() >= kDeepestBlock) {
    fail(line_.head(), fmt::format("sub-circuits are nested more than {} deep", kDeepestBlock));
  }
  // Opened even if the line is faulty, so that its body and `.ends` are read as such.
  const Token name = line_.peek();
  std::shared_ptr<Block>& place = block().subcircuits[to_lower(name.text)];
  const bool is_new = place == nullptr;
  place = std::make_shared<Block>();
  Block* const opened = place.get();
  opened->name = name;
  open_.push_back({opened, nullptr, name});
  line_.expect_word("the name of the sub-circuit");
  if (!is_new) fail(name, fmt::format("there is already a sub-circuit '{}'", name.text));
  read_ports(*opened);
  while (const auto formal = line_.accept_assignment()) add_variable(*opened, *formal);
  opened->formals = opened->variables.size();
  line_.expect_end();
}

void DeckReader::read_ports(Block& block) {
  while (!line_.done() && !line_.at_assignment()) {
    const Token& port = line_.expect_word("a node");
    if (equal_ignoring_case(port.text, "params:")) break;
    if (!block.ports.try_emplace(to_lower(port.text), block.ports.size()).second) {
      fail(port, fmt::format("the node '{}' is listed twice", port.text));
    }
  }
}

void DeckReader::close_subcircuit() {
  if (!in_subcircuit()) fail(line_.head(), "there is no .subckt that this closes");
  while (open_.back().conditional != nullptr) {
    const Token where = open_.back().where;
    open_.pop_back();
    report({where.text.data(), "the .if is not closed in its sub-circuit", "close it with .endif"});
  }
  const Token name = open_.back().where;
  open_.pop_back();
  if (line_.done()) return;
  const Token& given = line_.take();
  if (!equal_ignoring_case(given.text, to_lower(name.text))) {
    diagnostics_.warn(
        {given.text.data(), fmt::format("this closes '{}', not '{}'", name.text, given.text)});
  }
  line_.expect_end();
}

// ---- conditionals ----

void DeckReader::open_conditional() {
  if (open_.size() >= kDeepestBlock) {
    fail(line_.head(), fmt::format(".if is nested more than {} deep", kDeepestBlock));
  }
  const Token where = line_.head();
  Block& around = block();
  around.conditionals.push_back({{}, around.elements.size(), around.statements.size()});
  begin_branch(around.conditionals.back(), read_condition(), where);
}

Token DeckReader::read_condition() {
  try {
    return line_.expect_expression("a condition");
  } catch (const Fault& fault) {  // the lines up to .endif belong to it all the same
    report(fault);
    return {"0", Token::Kind::kWord};
  }
}

void DeckReader::open_branch() {
  Conditional& conditional = require_conditional();
  const Token where = open_.back().where;
  if (!conditional.branches.back().condition) {
    // Not a matter of the branch that it would end.
    diagnostics_.error(
        {line_.head().text.data(), fmt::format("{} follows .else", line_.head().text)});
  }
  open_.pop_back();
  std::optional<Token> condition;
  // `.else if (c)` is written too
  if (!equal_ignoring_case(line_.head().text, ".else") || line_.accept_word("if")) {
    condition = read_condition();
  } else {
    line_.expect_end();
  }
  begin_branch(conditional, condition, where);
}

void DeckReader::begin_branch(Conditional& conditional, std::optional<Token> condition,
                              const Token& where) {
  conditional.branches.push_back({condition, std::make_shared<Block>(), {}});
  open_.push_back({conditional.branches.back().body.get(), &conditional, where});
}

void DeckReader::close_conditional() {
  require_conditional();
  open_.pop_back();
  line_.expect_end();
}

Conditional& DeckReader::require_conditional() {
  if (!open_.empty() && open_.back().conditional != nullptr) return *open_.back().conditional;
  fail(line_.head(), fmt::format("there is no .if that {} belongs to", line_.head().text),
       open_.empty() ? std::string()
                     : fmt::format("the sub-circuit '{}' is open", open_.back().where.text));
}

// ---- what blocks define ----

void DeckReader::add_variable(Block& block, const Assignment& definition) {
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

void DeckReader::read_parameters() {
  if (in_subcircuit() && equal_ignoring_case(line_.head().text, ".global_param")) {
    fail(line_.head(), ".global_param belongs outside of sub-circuits");
  }
  do {
    const Token name = line_.expect_word("a parameter's name");
    if (line_.peek().is('(')) {
      add_function(name);
    } else {
      line_.expect('=');
      add_variable(block(), {name, line_.expect_expression("the value of the parameter")});
    }
    line_.accept_comma();
  } while (!line_.done());
}

void DeckReader::read_function() {
  add_function(line_.expect_word("the name of a function"));
  line_.expect_end();
}

// name(arguments) {body}, name(arguments) = {body}
void DeckReader::add_function(const Token& name) {
  FunctionDefinition definition{name, {name.text, {}, {}}};
  auto& arguments = definition.function.arguments;
  line_.expect('(');
  while (!line_.accept(')')) {
    if (!arguments.empty()) line_.expect(',');
    const Token argument = line_.expect_word("the name of an argument");
    const bool known = std::any_of(arguments.begin(), arguments.end(), [&](std::string_view other) {
      return to_lower(other) == to_lower(argument.text);
    });
    if (known) fail(argument, fmt::format("the argument '{}' is listed twice", argument.text));
    arguments.push_back(argument.text);
  }
  line_.accept('=');
  definition.function.body = line_.expect_expression("what the function is").text;
  const std::string lower = to_lower(name.text);
  if (lower == "v" || lower == "i") {
    fail(name, fmt::format("'{}' is a word of the language", name.text));
  }
  if (!block().functions.emplace(lower, std::move(definition)).second) {
    fail(name, fmt::format("there is already a function '{}'", name.text));
  }
}

void DeckReader::read_model() {
  const Token& name = line_.expect_word("the model's name");
  if (!block().models.try_emplace(to_lower(name.text), text_).second) {
    fail(name, fmt::format("there is already a model '{}'", name.text));
  }
}

void DeckReader::read_globals() {
  // What a sub-circuit declares holds everywhere, unless a condition decides.
  Block& home = open_.empty() || open_.back().conditional == nullptr ? deck_.top : block();
  do {
    const Token& node = line_.expect_word("a node");
    home.globals.try_emplace(to_lower(node.text), node);
  } while (!line_.done());
}

// `.data name parameter... value...`, in as many lines as one likes, then `.enddata`.
void DeckReader::read_data() {
  DataTable table{line_.expect_word("the name of the table"), {}, {}};
  bool is_closed = false;
  for (bool more = true; more && !is_closed;) {
    while (!line_.done()) {
      const bool is_name = table.values.empty() && line_.peek().is_word() &&
                           !read_number(line_.peek().text, deck_.dialect) &&
                           line_.peek().text.front() != '-';
      (is_name ? table.columns : table.values).push_back(line_.expect_value("a value"));
      line_.accept(',');
    }
    const std::string_view text = lines_->next();
    more = !text.empty();
    if (more) line_.reset(text);
    is_closed = more && equal_ignoring_case(line_.head().text, ".enddata");
    if (more && !is_closed) line_.rewind();
  }
  const Token& name = table.name;
  if (!is_closed) fail(name, "the table is not closed", "close it with .enddata");
  if (table.columns.empty()) fail(name, "the table names no parameter");
  if (table.values.empty() || table.values.size() % table.columns.size() != 0) {
    fail(name, fmt::format("the table has {} values for rows of {}", table.values.size(),
                           table.columns.size()));
  }
  if (!block().tables.emplace(to_lower(name.text), table).second) {
    fail(name, fmt::format("there is already a table '{}'", name.text));
  }
}

// A parameter that only `.step` mentions has its first value.
void DeckReader::read_step() {
  const Statement* const statement = find_statement(".step");
  if (in_subcircuit()) fail(line_.head(), ".step belongs outside of sub-circuits");
  block().statements.push_back({statement, text_});
  for (bool after_param = false; !line_.done(); after_param = false) {
    while (line_.accept_word("param")) after_param = true;
    const Token name = line_.take();
    if (!after_param || !name.is_word()) continue;
    for (const std::string_view word : {"lin", "dec", "oct", "list"}) line_.accept_word(word);
    const auto first = line_.at_assignment() ? first_value_in_file() : line_.accept_value();
    if (first) stepped_.push_back({name, *first});
  }
}

// Of `file=name`; nothing where the handler of `.step` will find fault with it.
std::optional<Token> DeckReader::first_value_in_file() {
  const Assignment assignment = *line_.accept_assignment();
  const auto path = find_file(assignment.value, sources_);
  if (!equal_ignoring_case(assignment.name.text, "file") || !path) return std::nullopt;
  Line values(deck_.dialect);
  values.reset(LogicalLines(open(assignment.value, *path), deck_.dialect).next());
  values.rewind();
  return values.accept_value();
}

}  // namespace wordline
