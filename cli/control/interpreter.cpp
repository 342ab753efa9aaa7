#include "wordline/cli/control/interpreter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/control/commands.hpp"
#include "wordline/cli/control/expression.hpp"

namespace wordline::cli::control {

namespace {

// Replaces $name, $name[2], $?name, $#name and $&vector by their values; braces around one, as in
// {$name}p, only part it from what follows.
class Substitution {
 public:
  Substitution(std::string_view text, Session& session) : text_(text), session_(session) {}

  std::string run() {
    std::string result;
    while (at_ < text_.size()) {
      const bool braced = text_[at_] == '{' && at_ + 1 < text_.size() && text_[at_ + 1] == '$';
      const std::size_t dollar = braced ? at_ + 1 : at_;
      if (text_[dollar] != '$' || dollar + 1 >= text_.size()) {
        result += text_[at_++];
        continue;
      }
      at_ = dollar + 1;
      result += value();
      if (braced && at_ < text_.size() && text_[at_] == '}') ++at_;
    }
    return result;
  }

 private:
  bool accept(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string take_name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '_' || text_[at_] == '#' || text_[at_] == '.')) {
      ++at_;
    }
    return to_lower(text_.substr(begin, at_ - begin));
  }

  // What stands in brackets or parentheses right here, with them.
  std::string take_enclosed(char open, char close) {
    if (at_ >= text_.size() || text_[at_] != open) return {};
    const std::size_t begin = at_;
    const std::size_t end = text_.find(close, at_);
    if (end == std::string_view::npos) return {};
    at_ = end + 1;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string value() {
    if (accept('&')) {
      std::string name = take_name();
      name += take_enclosed('(', ')');
      name += take_enclosed('[', ']');
      const Vector vector = evaluate(name, session_.plots);
      return fmt::format("{}", vector.values.empty() ? 0.0 : vector.values.front().real());
    }
    const bool asks = accept('?');
    const bool counts = !asks && accept('#');
    const std::string name = take_name();
    if (name == "curplot") return session_.plots.current().id;
    const auto found = session_.variables.find(name);
    if (asks) return found == session_.variables.end() ? "0" : "1";
    if (found == session_.variables.end()) {
      throw Error(fmt::format("there is no variable '{}'; of a vector write $&{}", name, name));
    }
    if (counts) return fmt::format("{}", found->second.size());
    const std::string index = take_enclosed('[', ']');
    if (index.empty()) return fmt::format("{}", fmt::join(found->second, " "));
    const std::string inside = Substitution(index.substr(1, index.size() - 2), session_).run();
    const auto number = parse_spice_number(inside);
    if (!number || !(*number >= 1 && *number <= static_cast<double>(found->second.size()))) {
      throw Error(fmt::format("'{}' has {} values, numbered from 1", name, found->second.size()));
    }
    return found->second[static_cast<std::size_t>(*number) - 1];
  }

  std::string_view text_;
  Session& session_;
  std::size_t at_ = 0;
};

class Interpreter {
 public:
  explicit Interpreter(Session& session) : session_(session) {}

  void run(const std::vector<Command>& block) {
    for (const Command& command : block) {
      if (over() || leaving_ != Leaving::kNothing) return;
      placed(command, [&] { run(command); });
    }
  }

 private:
  // What `break` and `continue` leave: the loop around them, or its body.
  enum class Leaving { kNothing, kBody, kLoop };

  bool over() const { return session_.quit || session_.host.interrupted(); }

  // Runs the body of a loop once; false where the loop ends with that.
  bool run_body(const Command& loop) {
    ++loops_;
    run(loop.body);
    --loops_;
    return std::exchange(leaving_, Leaving::kNothing) != Leaving::kLoop && !over();
  }

  // Errors of a command get its place.
  static void placed(const Command& command, const std::function<void()>& action) {
    try {
      action();
    } catch (const NetlistError& error) {
      if (!error.diagnostics().front().where.file.empty()) throw;
      Diagnostic located = error.diagnostics().front();
      located.where = command.where;
      throw NetlistError(std::move(located));
    } catch (const Error& error) {
      throw NetlistError(Diagnostic{Severity::kError, command.where,
                                    fmt::format("{}: {}", command.name, error.what()), ""});
    }
  }

  std::string arguments(const Command& command) {
    return Substitution(command.arguments, session_).run();
  }
  bool holds(const Command& command) { return control::holds(arguments(command), session_.plots); }

  void run(const Command& command) {
    switch (command.kind) {
      case Command::Kind::kPlain:
        run_plain(command);
        break;
      case Command::Kind::kIf:
        run(holds(command) ? command.body : command.otherwise);
        break;
      case Command::Kind::kWhile:
        while (holds(command) && run_body(command)) {
        }
        break;
      case Command::Kind::kDoWhile:
        while (run_body(command) && holds(command)) {
        }
        break;
      case Command::Kind::kRepeat:
        repeat(command);
        break;
      case Command::Kind::kForeach:
        run_for_each(command);
        break;
    }
  }

  void run_plain(const Command& command) {
    if (command.name == "break" || command.name == "continue") {
      if (loops_ == 0) throw Error("there is no loop around it");
      leaving_ = command.name == "break" ? Leaving::kLoop : Leaving::kBody;
      return;
    }
    const CommandFunction function = find_command(command.name);
    if (function == nullptr) {
      session_.skipped.insert(command.name);
    } else {
      function(session_, arguments(command));
    }
  }

  void repeat(const Command& command) {
    const Vector times = evaluate(arguments(command), session_.plots);
    for (double k = 0; k < times.values.at(0).real() && run_body(command);) ++k;
  }

  void run_for_each(const Command& command) {
    std::string words = arguments(command);
    const std::string variable = to_lower(take_word(words));
    if (variable.empty()) throw Error("foreach is written: foreach name values");
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '(' || c == ')'; }, ' ');
    std::vector<std::string> values;
    while (!words.empty()) values.push_back(take_word(words));
    for (const std::string& value : values) {
      session_.variables[variable] = {value};
      if (!run_body(command)) return;
    }
  }

  Session& session_;
  Leaving leaving_ = Leaving::kNothing;
  int loops_ = 0;  // around the command
};

}  // namespace

void execute(const std::vector<Command>& script, Session& session) {
  Interpreter(session).run(script);
}

}  // namespace wordline::cli::control
