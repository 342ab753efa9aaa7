#include "wordline/cli/control/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "wordline/base/units.hpp"

namespace wordline::cli::control {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr int kDeepest = 50;

// Commands that reach beyond the circuit and its results.
constexpr std::array<std::string_view, 12> kRefused = {
    "shell", "system", "source", "cd",   "rm",        "cp",
    "mv",    "bug",    "exec",   "load", "codemodel", "pre_codemodel"};

const std::map<std::string, Command::Kind> kBlocks = {{"if", Command::Kind::kIf},
                                                      {"while", Command::Kind::kWhile},
                                                      {"dowhile", Command::Kind::kDoWhile},
                                                      {"repeat", Command::Kind::kRepeat},
                                                      {"foreach", Command::Kind::kForeach}};

[[noreturn]] void fail(const SourceLocation& where, std::string message, std::string hint = {}) {
  throw NetlistError(Diagnostic{Severity::kError, where, std::move(message), std::move(hint)});
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The line without its comment: `$` between blanks or at the begin, and `//`.
std::string_view without_comment(std::string_view line) {
  for (std::size_t k = 0; k < line.size(); ++k) {
    const bool after_blank = k == 0 || kBlanks.find(line[k - 1]) != std::string_view::npos;
    const bool before_blank =
        k + 1 == line.size() || kBlanks.find(line[k + 1]) != std::string_view::npos;
    if (line[k] == '$' && after_blank && before_blank) return line.substr(0, k);
    if (line.substr(k, 2) == "//" && after_blank) return line.substr(0, k);
  }
  return line;
}

// A line may hold several commands, parted by semicolons outside of quotes.
std::vector<std::string_view> split_commands(std::string_view line) {
  std::vector<std::string_view> commands;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t k = 0; k <= line.size(); ++k) {
    if (k < line.size() && line[k] == '"') quoted = !quoted;
    if (k < line.size() && (line[k] != ';' || quoted)) continue;
    const std::string_view command = trim(line.substr(begin, k - begin));
    if (!command.empty()) commands.push_back(command);
    begin = k + 1;
  }
  return commands;
}

void refuse_what_is_dangerous(const Command& command) {
  const bool refused = std::find(kRefused.begin(), kRefused.end(), command.name) != kRefused.end();
  if (refused || command.name.front() == '!') {
    fail(command.where, fmt::format("'{}' is refused: it reaches beyond the circuit", command.name),
         "a script may not start programs, change other files or read other scripts");
  }
  if (command.arguments.find('`') != std::string::npos) {
    fail(command.where, "a command in backquotes is refused: it would start a program");
  }
}

class Reader {
 public:
  explicit Reader(const std::vector<ControlLine>& lines) {
    for (const ControlLine& line : lines) {
      for (const std::string_view text : split_commands(without_comment(line.text))) {
        Command command;
        const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
        command.name = to_lower(text.substr(0, end));
        command.arguments = trim(text.substr(end));
        command.where = line.where;
        refuse_what_is_dangerous(command);
        commands_.push_back(std::move(command));
      }
    }
  }

  std::vector<Command> run() { return read_block(nullptr); }

 private:
  // The commands up to the end of the block that `opening` begins, or of the script. Leaves what
  // ended it in hand.
  std::vector<Command> read_block(const Command* opening) {
    if (++depth_ > kDeepest) fail(opening->where, "blocks are nested too deeply");
    std::vector<Command> block;
    for (; next_ < commands_.size(); ++next_) {
      const std::string& name = commands_[next_].name;
      const bool ends = name == "end" || name == "else";
      if (ends && opening != nullptr) break;
      if (ends) fail(commands_[next_].where, fmt::format("'{}' belongs to no block", name));
      const auto kind = kBlocks.find(name);
      if (kind == kBlocks.end()) {
        block.push_back(commands_[next_]);
      } else {
        block.push_back(read_compound(kind->second));
      }
    }
    if (opening != nullptr && next_ == commands_.size()) {
      fail(opening->where, fmt::format("'{}' is not closed", opening->name), "close it with end");
    }
    --depth_;
    return block;
  }

  Command read_compound(Command::Kind kind) {
    Command command = commands_[next_++];
    command.kind = kind;
    command.body = read_block(&command);
    if (commands_[next_].name == "else") {
      if (kind != Command::Kind::kIf) {
        fail(commands_[next_].where, fmt::format("a '{}' has no else", command.name));
      }
      ++next_;
      command.otherwise = read_block(&command);
      if (commands_[next_].name == "else") fail(commands_[next_].where, "an if has one else");
    }
    return command;
  }

  std::vector<Command> commands_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace

std::vector<Command> read_script(const std::vector<ControlLine>& lines) {
  return Reader(lines).run();
}

}  // namespace wordline::cli::control
