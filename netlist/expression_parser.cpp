// Text to expression program, by recursive descent. From the loosest binding to the tightest:
//   ?:   ||   &&   == != =   < > <= >=   + -   * / %   unary - + !   ** ^
// Powers group from the left, and bind tighter than a minus before them: -2^2 = -4, 2**3**2 = 64.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <numbers>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/lexer.hpp"

namespace wordline::expression {

namespace {

constexpr int kDeepest = 200;  // nested parentheses
constexpr std::size_t kDeepestCall = 50;
constexpr std::size_t kMostInstructions = 1 << 20;  // that calls expand to

using Level = std::array<std::string_view, 4>;
constexpr std::array<Level, 6> kLevels = {{
    {"||", "|"},
    {"&&", "&"},
    {"==", "!="},
    {"<=", ">=", "<", ">"},
    {"+", "-"},
    {"*", "/", "%"},
}};

bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == '#';
}
bool in_name(char c) { return begins_name(c) || is_digit(c) || c == '.' || c == '$'; }

// What an argument of a function stands for.
using Code = std::vector<Instruction>;
using Arguments = std::map<std::string_view, Code>;

// What the texts of one expression share: its own and those of the functions that it calls.
struct Expansion {
  const Language& language;
  std::vector<const UserFunction*> calls = {};  // being expanded, outermost first
  std::size_t written = 0;                      // instructions, in all texts
};

std::size_t stack_size(const Code& code) {
  std::size_t height = 0;
  std::size_t largest = 0;
  for (const Instruction& instruction : code) {
    if (instruction.kind == Instruction::Kind::kApply) height -= instruction.index;
    largest = std::max(largest, ++height);
  }
  return largest;
}

class Parser {
 public:
  // The text belongs to a scope; of a function's body, names may be arguments.
  Parser(std::string_view text, Expansion& expansion, const Scope* scope,
         const Arguments* arguments)
      : at_(text.data()),
        end_(at_ + text.size()),
        expansion_(expansion),
        scope_(scope),
        arguments_(arguments) {}

  Code run() {
    skip();
    if (at_ == end_) fail("an expression is expected here");
    parse_conditional();
    if (at_ != end_) fail(fmt::format("'{}' is not expected here", *at_));
    return std::move(code_);
  }

 private:
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepest) {
        parser_.fail(fmt::format("the expression is nested more than {} deep", kDeepest));
      }
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] void fail(std::string message, std::string hint = {}) const {
    throw Fault{at_, std::move(message), std::move(hint)};
  }

  Dialect dialect() const { return expansion_.language.dialect; }

  void skip() { at_ = skip_blanks(at_, end_, dialect()); }

  bool accept(std::string_view symbol) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(symbol)) {
      return false;
    }
    at_ += symbol.size();
    skip();
    return true;
  }

  void expect(char closing) {
    if (accept({&closing, 1})) return;
    fail(at_ == end_ ? fmt::format("the expression ends where '{}' is expected", closing)
                     : fmt::format("'{}' is expected here, not '{}'", closing, *at_));
  }

  // ---- emission ----

  void push(const Instruction& instruction) {
    if (++expansion_.written > kMostInstructions) {
      fail(fmt::format("the functions expand to more than {} terms", kMostInstructions));
    }
    code_.push_back(instruction);
  }

  void push_all(const Code& code) {
    for (const Instruction& instruction : code) push(instruction);
  }

  void apply(const Function& function, std::size_t arguments, std::string_view text) {
    push({.kind = Instruction::Kind::kApply,
          .index = static_cast<std::uint32_t>(arguments),
          .function = &function,
          .text = text});
  }

  // ---- grammar ----

  void parse_conditional() {
    const Nesting nesting(*this);
    parse_binary(0);
    const std::string_view where(at_, 1);
    if (!accept("?")) return;
    parse_conditional();
    expect(':');
    parse_conditional();
    apply(operator_function("?:"), 3, where);
  }

  void parse_binary(std::size_t level) {
    if (level == kLevels.size()) return parse_unary();
    parse_binary(level + 1);
    for (;;) {
      const char* const where = at_;
      const std::string_view symbol = accept_operator(kLevels[level]);
      if (symbol.empty()) return;
      parse_binary(level + 1);
      apply(operator_function(symbol), 2, {where, symbol.size()});
    }
  }

  std::string_view accept_operator(const Level& level) {
    if (at_ != end_ && at_ + 1 != end_ && at_[0] == '*' && at_[1] == '*') return {};
    for (const std::string_view symbol : level) {
      if (!symbol.empty() && accept(symbol)) return symbol;
    }
    if (level[0] == "==" && accept("=")) return "==";
    // The exclusive or stands beside the and.
    if (level[0] == "&&" && caret_is_xor(dialect()) && accept("^")) return "xor";
    return {};
  }

  void parse_unary() {
    const Nesting nesting(*this);
    const std::string_view where(at_, 1);
    if (accept("-")) {
      parse_unary();
      apply(operator_function("neg"), 1, where);
    } else if (accept("!") || accept("~")) {
      parse_unary();
      apply(operator_function("!"), 1, where);
    } else if (accept("+")) {
      parse_unary();
    } else {
      parse_power();
    }
  }

  void parse_power() {
    parse_operand();
    for (;;) {
      const std::string_view where(at_, 1);
      if (!accept("**") && (caret_is_xor(dialect()) || !accept("^"))) return;
      parse_exponent();
      apply(operator_function("**"), 2, where);
    }
  }

  void parse_exponent() {
    const Nesting nesting(*this);
    const std::string_view where(at_, 1);
    if (accept("-")) {
      parse_exponent();
      apply(operator_function("neg"), 1, where);
    } else if (accept("+")) {
      parse_exponent();
    } else {
      parse_operand();
    }
  }

  void parse_operand() {
    if (at_ == end_) fail("the expression ends where a value is expected");
    if (is_digit(*at_) || *at_ == '.') return parse_number();
    if (begins_name(*at_)) return parse_name();
    const bool brace = *at_ == '{';
    if (!accept("(") && !accept("{")) fail(fmt::format("'{}' is not expected here", *at_));
    parse_conditional();
    expect(brace ? '}' : ')');
  }

  void parse_number() {
    const char* const begin = at_;
    while (at_ != end_ && (is_digit(*at_) || *at_ == '.')) ++at_;
    if (end_ - at_ > 1 && (*at_ == 'e' || *at_ == 'E')) {
      const char* exponent = at_ + 1;
      if (*exponent == '+' || *exponent == '-') ++exponent;
      if (exponent != end_ && is_digit(*exponent)) at_ = exponent;
    }
    while (at_ != end_ && in_name(*at_)) ++at_;
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    const auto value = read_number(text, dialect());
    if (!value) {
      at_ = begin;
      fail(fmt::format("'{}' is no number", text), number_hint(text));
    }
    push({.kind = Instruction::Kind::kNumber, .number = *value, .text = text, .scope = scope_});
    skip();
  }

  void parse_name() {
    const char* const begin = at_;
    while (at_ != end_ && in_name(*at_)) ++at_;
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    skip();
    if (expansion_.language.is_quantity != nullptr && at_quantity(text)) {
      parse_quantity(begin);
    } else if (!accept("(")) {
      push_name(text);
    } else if (equal_ignoring_case(text, "v")) {
      parse_voltage();
    } else if (equal_ignoring_case(text, "i")) {
      const auto [source, scope] = parse_raw_name("the name of a voltage source");
      expect(')');
      push({.kind = Instruction::Kind::kCurrent, .text = source, .scope = scope});
    } else {
      parse_call(text);
    }
  }

  bool at_quantity(std::string_view name) const {
    if (name.starts_with('@')) return true;
    if (at_ == end_ || *at_ != '(' || !expansion_.language.is_quantity(to_lower(name)))
      return false;
    // im(v1) is a part of a current, im(v(a)) a function of a voltage.
    const std::string_view rest(at_ + 1, static_cast<std::size_t>(end_ - at_ - 1));
    const std::size_t parenthesis = rest.find_first_of("()");
    return parenthesis == std::string_view::npos || rest[parenthesis] == ')';
  }

  // name(...) or @device[parameter], as it stands.
  void parse_quantity(const char* begin) {
    const char closing = *begin == '@' ? ']' : ')';
    at_ = begin;
    int brackets = 0;
    for (; at_ != end_; ++at_) {
      if (*at_ == '[') ++brackets;
      if (*at_ == ']') --brackets;
      const bool more = *begin == '@' && at_ + 1 != end_ && at_[1] == '[';  // @xb.m[3,7][x]
      if (*at_ == closing && brackets == 0 && !more) break;
    }
    if (at_ == end_) fail(fmt::format("the expression ends where '{}' is expected", closing));
    ++at_;
    push({.kind = Instruction::Kind::kQuantity,
          .text = {begin, static_cast<std::size_t>(at_ - begin)},
          .scope = scope_});
    skip();
  }

  // An argument is as if it stood in parentheses: its code is complete in itself.
  void push_name(std::string_view name) {
    if (const Code* const argument = find_argument(name)) {
      push_all(*argument);
    } else {
      push({.kind = Instruction::Kind::kName, .text = name, .scope = scope_});
    }
  }

  const Code* find_argument(std::string_view name) const {
    if (arguments_ == nullptr) return nullptr;
    for (const auto& [argument, code] : *arguments_) {
      if (to_lower(argument) == to_lower(name)) return &code;
    }
    return nullptr;
  }

  void parse_voltage() {
    const RawName first = parse_raw_name("a node");
    RawName second{{}, first.scope};
    if (accept(",")) second = parse_raw_name("a node");
    expect(')');
    const auto push_voltage = [this](const RawName& p, std::string_view n) {
      push({.kind = Instruction::Kind::kVoltage, .text = p.text, .second = n, .scope = p.scope});
    };
    if (first.scope == second.scope) return push_voltage(first, second.text);
    push_voltage(first, {});
    push_voltage(second, {});
    apply(operator_function("-"), 2, first.text);
  }

  // The name of a node or device, and the scope that it belongs to: not that of the text if it was
  // an argument.
  struct RawName {
    std::string_view text;
    const Scope* scope;
  };

  RawName parse_raw_name(std::string_view what) {
    const std::string_view text = read_raw_name(what);
    const Code* const argument = find_argument(text);
    if (argument == nullptr) return {text, scope_};
    if (argument->size() == 1 && argument->front().kind != Instruction::Kind::kVoltage &&
        argument->front().kind != Instruction::Kind::kCurrent) {
      return {argument->front().text, argument->front().scope};
    }
    at_ = text.data();
    fail(fmt::format("the argument '{}' is no name here", text));
  }

  // A node or device name: anything up to a blank, a comma outside brackets or a parenthesis.
  std::string_view read_raw_name(std::string_view what) {
    const char* const begin = at_;
    bool bracket = false;
    for (; at_ != end_ && std::isspace(static_cast<unsigned char>(*at_)) == 0; ++at_) {
      if (*at_ == '[') bracket = true;
      if (*at_ == ']') bracket = false;
      if (*at_ == ')' || *at_ == '(' || (*at_ == ',' && !bracket)) break;
    }
    if (at_ == begin) fail(fmt::format("{} is expected here", what));
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    skip();
    return text;
  }

  std::vector<Code> parse_arguments() {
    std::vector<Code> arguments;
    if (accept(")")) return arguments;
    Code before = std::exchange(code_, {});
    do {
      parse_conditional();
      arguments.push_back(std::exchange(code_, {}));
    } while (accept(","));
    code_ = std::move(before);
    expect(')');
    return arguments;
  }

  void parse_call(std::string_view name) {
    const std::string lower = to_lower(name);
    if (expansion_.language.find) {
      const FoundFunction found = expansion_.language.find(lower, scope_);
      if (found.function != nullptr) return expand(found, name);
    }
    const std::vector<Code> arguments = parse_arguments();
    const bool is_decadic = lower == "log" && log_is_decadic(dialect());
    const std::string meant = is_decadic ? "log10" : lower;
    const Function* const function = find_function(meant, arguments.size());
    if (function == nullptr) fail_unknown(name, lower);
    if (function->of_results && expansion_.language.is_quantity == nullptr) {
      at_ = name.data();
      fail(fmt::format("'{}' is a function of results alone, in .print and .measure", name));
    }
    check_arguments(*function, arguments.size(), name);
    for (const Code& argument : arguments) push_all(argument);
    std::size_t operands = arguments.size();
    if (function->draw != Draw::kNone) {
      push({.kind = Instruction::Kind::kDraw, .function = function, .text = name, .scope = scope_});
      ++operands;
    }
    apply(*function, operands, name);
    if (function->name == "ph" && has_phases_in_degrees(dialect())) {
      push({.kind = Instruction::Kind::kNumber, .number = 180 / std::numbers::pi, .text = name});
      apply(operator_function("*"), 2, name);
    }
  }

  // Puts the body of a function in the place of its call.
  void expand(const FoundFunction& found, std::string_view name) {
    const UserFunction& function = *found.function;
    std::vector<Code> given = parse_arguments();
    const char* const after = std::exchange(at_, name.data());
    const std::size_t wanted = function.arguments.size();
    if (given.size() != wanted) {
      fail(fmt::format("{} takes {} argument{}, not {}", function.name, wanted,
                       wanted == 1 ? "" : "s", given.size()));
    }
    refuse_recursion(function);
    Arguments arguments;
    for (std::size_t k = 0; k < wanted; ++k) {
      arguments.emplace(function.arguments[k], std::move(given[k]));
    }
    expansion_.calls.push_back(&function);
    push_all(Parser(function.body, expansion_, found.scope, &arguments).run());
    expansion_.calls.pop_back();
    at_ = after;
  }

  void refuse_recursion(const UserFunction& function) const {
    const auto& calls = expansion_.calls;
    if (calls.size() >= kDeepestCall) {
      fail(fmt::format("functions call each other more than {} deep", kDeepestCall));
    }
    const auto open = std::find(calls.begin(), calls.end(), &function);
    if (open == calls.end()) return;
    std::string path;
    for (auto call = open; call != calls.end(); ++call)
      path += fmt::format("{} -> ", (*call)->name);
    fail(fmt::format("function '{}' calls itself: {}{}", function.name, path, function.name));
  }

  [[noreturn]] void fail_unknown(std::string_view name, const std::string& lower) {
    at_ = name.data();
    std::vector<std::string> known;
    for (const Function& f : functions()) known.emplace_back(f.name);
    fail(fmt::format("the function '{}' is not supported", name), did_you_mean(lower, known));
  }

  void check_arguments(const Function& function, std::size_t given, std::string_view name) {
    if (given >= function.min_arguments && given <= function.max_arguments) {
      if (!function.takes_points || given % 2 == 1) return;
      at_ = name.data();
      fail(fmt::format("{} takes a value and pairs of points", function.name),
           fmt::format("write {}(x, x1, y1, x2, y2, ...)", function.name));
    }
    at_ = name.data();
    const bool fixed = function.min_arguments == function.max_arguments;
    fail(fmt::format("{} takes {}{} argument{}, not {}", function.name, fixed ? "" : "at least ",
                     function.min_arguments, function.min_arguments == 1 ? "" : "s", given));
  }

  const char* at_;
  const char* end_;
  Expansion& expansion_;
  const Scope* scope_;
  const Arguments* arguments_;
  int depth_ = 0;
  Code code_;
};

}  // namespace

Program parse(std::string_view text, const Language& language) {
  Expansion expansion{language};
  Code code = Parser(text, expansion, language.scope, nullptr).run();
  const std::size_t size = stack_size(code);
  return {std::move(code), size};
}

void check(const FoundFunction& found, const Language& language) {
  const UserFunction& function = *found.function;
  Arguments arguments;
  for (const std::string_view argument : function.arguments) {
    arguments[argument] = {{.kind = Instruction::Kind::kName, .text = argument}};
  }
  Expansion expansion{language};
  expansion.calls.push_back(&function);
  Parser(function.body, expansion, found.scope, &arguments).run();
}

}  // namespace wordline::expression
