// Text to expression program, by recursive descent. From the loosest binding to the tightest:
//   ?:   ||   &&   == !=   < > <= >=   + -   * / %   unary - + !   ** ^
// Powers group from the left, and bind tighter than a minus before them: -2^2 = -4, 2**3**2 = 64.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "wordline/base/units.hpp"
#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/lexer.hpp"

namespace wordline::expression {

namespace {

constexpr int kDeepest = 200;  // nested parentheses

using Level = std::array<std::string_view, 4>;
constexpr std::array<Level, 6> kLevels = {{
    {"||"},
    {"&&"},
    {"==", "!="},
    {"<=", ">=", "<", ">"},
    {"+", "-"},
    {"*", "/", "%"},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == '#';
}
bool in_name(char c) { return begins_name(c) || is_digit(c) || c == '.' || c == '$'; }

class Parser {
 public:
  Parser(std::string_view text, IsQuantity is_quantity)
      : at_(text.data()), end_(at_ + text.size()), is_quantity_(is_quantity) {}

  Program run() {
    skip();
    if (at_ == end_) fail("an expression is expected here");
    parse_conditional();
    if (at_ != end_) fail(fmt::format("'{}' is not expected here", *at_));
    return std::move(program_);
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

  void skip() { at_ = skip_blanks(at_, end_); }

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
    program_.code.push_back(instruction);
    program_.stack_size = std::max(program_.stack_size, ++height_);
  }

  void apply(const Function& function, std::size_t arguments, std::string_view text) {
    height_ -= arguments;
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
    return {};
  }

  void parse_unary() {
    const Nesting nesting(*this);
    const std::string_view where(at_, 1);
    if (accept("-")) {
      parse_unary();
      apply(operator_function("neg"), 1, where);
    } else if (accept("!")) {
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
      if (!accept("**") && !accept("^")) return;
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
    const auto value = parse_spice_number(text);
    if (!value) {
      at_ = begin;
      fail(fmt::format("'{}' is no number", text), number_hint(text));
    }
    push({.kind = Instruction::Kind::kNumber, .number = *value, .text = text});
    skip();
  }

  void parse_name() {
    const char* const begin = at_;
    while (at_ != end_ && in_name(*at_)) ++at_;
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    skip();
    if (is_quantity_ != nullptr && at_quantity(text)) {
      parse_quantity(begin);
    } else if (!accept("(")) {
      push({.kind = Instruction::Kind::kName, .text = text});
    } else if (equal_ignoring_case(text, "v")) {
      parse_voltage();
    } else if (equal_ignoring_case(text, "i")) {
      const std::string_view source = parse_raw_name("the name of a voltage source");
      expect(')');
      push({.kind = Instruction::Kind::kCurrent, .text = source});
    } else {
      parse_call(text);
    }
  }

  bool at_quantity(std::string_view name) const {
    if (name.starts_with('@')) return true;
    return at_ != end_ && *at_ == '(' && is_quantity_(to_lower(name));
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
          .text = {begin, static_cast<std::size_t>(at_ - begin)}});
    skip();
  }

  void parse_voltage() {
    const std::string_view first = parse_raw_name("a node");
    std::string_view second;
    if (accept(",")) second = parse_raw_name("a node");
    expect(')');
    push({.kind = Instruction::Kind::kVoltage, .text = first, .second = second});
  }

  // A node or device name: anything up to a blank, a comma outside brackets or a parenthesis.
  std::string_view parse_raw_name(std::string_view what) {
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

  void parse_call(std::string_view name) {
    const Function* const function = find_function(to_lower(name));
    if (function == nullptr) {
      at_ = name.data();
      std::vector<std::string> known;
      for (const Function& f : functions()) known.emplace_back(f.name);
      fail(fmt::format("the function '{}' is not supported", name), did_you_mean(name, known));
    }
    std::size_t arguments = 0;
    if (!accept(")")) {
      do {
        parse_conditional();
        ++arguments;
      } while (accept(","));
      expect(')');
    }
    check_arguments(*function, arguments, name);
    apply(*function, arguments, name);
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
  IsQuantity is_quantity_;
  int depth_ = 0;
  std::size_t height_ = 0;
  Program program_;
};

}  // namespace

std::string number_hint(std::string_view text) {
  // 4k7 is how resistors are marked, not how SPICE writes numbers.
  const auto letter = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c); });
  const bool marked = letter != text.begin() && letter != text.end() && *letter != '.' &&
                      letter + 1 != text.end() && std::all_of(letter + 1, text.end(), is_digit);
  if (!marked) return "a number is digits, a point, an exponent, then a scale factor: 4.7k, 1e-9";
  const auto whole = static_cast<std::size_t>(letter - text.begin());
  if (*letter == 'd' || *letter == 'D') {
    return fmt::format("write {}e{}", text.substr(0, whole), text.substr(whole + 1));
  }
  return fmt::format("write {}.{}{}", text.substr(0, whole), text.substr(whole + 1), *letter);
}

Program parse(std::string_view text, IsQuantity is_quantity) {
  return Parser(text, is_quantity).run();
}

}  // namespace wordline::expression
