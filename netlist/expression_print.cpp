// An expression as ngspice's B sources take it.
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline::expression {

namespace {

constexpr std::size_t kLongest = 1 << 20;

// How tightly a piece of text binds; an operand that binds looser gets parentheses.
enum Binding { kLoose, kOr, kAnd, kEqual, kCompare, kSum, kProduct, kSign, kAtom };

struct Piece {
  std::string text;
  Binding binding = kAtom;
  std::optional<double> number = {};
};

using Arguments = std::span<Piece>;

Binding binding_of(std::string_view name) {
  if (name == "||") return kOr;
  if (name == "&&") return kAnd;
  if (name == "==" || name == "!=") return kEqual;
  if (name == "<" || name == ">" || name == "<=" || name == ">=") return kCompare;
  if (name == "+" || name == "-") return kSum;
  if (name == "*" || name == "/") return kProduct;
  return kAtom;
}

std::string within(Piece& piece, Binding at_least) {
  return piece.binding >= at_least ? piece.text : fmt::format("({})", piece.text);
}

Piece number(double value) {
  return {value < 0 ? fmt::format("({})", value) : fmt::format("{}", value), kAtom, value};
}

Piece call(std::string_view name, Arguments a) {
  std::string text(name);
  for (std::size_t k = 0; k < a.size(); ++k) {
    text += k == 0 ? '(' : ',';
    text += a[k].text;
  }
  return {text + ")"};
}

// A long sum grows at its end, without copying what is there.
Piece binary(std::string_view symbol, Arguments a) {
  const Binding binding = binding_of(symbol);
  std::string text = a[0].binding >= binding ? std::move(a[0].text) : within(a[0], kAtom);
  text += symbol;
  text += within(a[1], static_cast<Binding>(binding + 1));
  return {std::move(text), binding};
}

// ngspice's min and max take two arguments.
Piece pairwise(std::string_view name, Arguments a) {
  std::string text;
  for (std::size_t k = 1; k < a.size(); ++k) text += fmt::format("{}(", name);
  text += a[0].text;
  for (std::size_t k = 1; k < a.size(); ++k) text += "," + a[k].text + ")";
  return {std::move(text)};
}

// ngspice's pow(x, y) is |x|^y; its pwr keeps the sign, as an odd power does.
Piece power(Arguments a) {
  const bool odd = a[1].number && std::abs(std::fmod(*a[1].number, 2)) == 1;
  return call(odd ? "pwr" : "pow", a);
}

Piece modulo(Arguments a) {
  const std::string x = within(a[0], kAtom);
  const std::string y = within(a[1], kAtom);
  const std::string ratio = fmt::format("{}/{}", x, y);
  return {fmt::format("{}-{}*sgn({})*floor(abs({}))", x, y, ratio, ratio), kSum};
}

Piece arc_tangent(Arguments a) {
  const std::string y = within(a[0], kAtom);
  const std::string x = within(a[1], kAtom);
  return {fmt::format("({}>0 ? atan({}/{}) : ({}<0 ? -{} : {})-atan({}/{}))", x, y, x, y,
                      std::numbers::pi / 2, std::numbers::pi / 2, x, y)};
}

// ngspice's pwl goes on along its outermost lines, ours ends at the outermost points.
Piece table(Arguments a) {
  a[0].text = fmt::format("min(max({},{}),{})", a[0].text, a[1].text, a[a.size() - 2].text);
  return call("pwl", a);
}

Piece apply(std::string_view name, Arguments a) {
  if (binding_of(name) != kAtom) return binary(name, a);
  if (name == "neg") return {"-" + within(a[0], kAtom), kSign};
  if (name == "!") return {"(!" + within(a[0], kAtom) + ")"};
  if (name == "xor") {
    return {fmt::format("(({}!=0)!=({}!=0))", within(a[0], kAtom), within(a[1], kAtom))};
  }
  if (name == "?:" || name == "if" || name == "ternary_fcn") {
    return {fmt::format("({} ? {} : {})", within(a[0], kOr), a[1].text, a[2].text)};
  }
  if (name == "**" || name == "pow") return power(a);
  if (name == "pwrs") return call("pwr", a);
  if (name == "log") return call("ln", a);
  if (name == "min" || name == "max") return pairwise(name, a);
  if (name == "sign") return {fmt::format("abs({})*sgn({})", a[0].text, a[1].text), kProduct};
  if (name == "int") return {fmt::format("sgn({0})*floor(abs({0}))", a[0].text), kProduct};
  if (name == "fmod") return modulo(a);
  if (name == "atan2") return arc_tangent(a);
  if (name == "hypot") return {fmt::format("sqrt(pow({},2)+pow({},2))", a[0].text, a[1].text)};
  if (name == "limit") {
    return {fmt::format("min(max({},{}),{})", a[0].text, a[1].text, a[2].text)};
  }
  if (name == "sqr") return {fmt::format("pow({},2)", a[0].text)};
  if (name == "buf") return {fmt::format("({} > 0.5 ? 1 : 0)", within(a[0], kSum))};
  if (name == "inv") return {fmt::format("({} > 0.5 ? 0 : 1)", within(a[0], kSum))};
  if (name == "round") return {fmt::format("sgn({0})*floor(abs({0})+0.5)", a[0].text), kProduct};
  if (name == "db") return {fmt::format("20*log10(abs({}))", a[0].text), kProduct};
  if (name == "stp") return call("u", a);
  if (name == "table" || name == "pwl") return table(a);
  return call(name, a);
}

}  // namespace

std::string print(const Program& program,
                  const std::function<std::string(std::size_t input)>& input_name) {
  std::vector<Piece> stack;
  for (const Instruction& instruction : program.code) {
    switch (instruction.kind) {
      case Instruction::Kind::kNumber:
        stack.push_back(number(instruction.number));
        break;
      case Instruction::Kind::kInput:
        stack.push_back({input_name(instruction.index)});
        break;
      case Instruction::Kind::kTime:
        stack.push_back({"time"});
        break;
      case Instruction::Kind::kTemperature:
        stack.push_back({"temper"});
        break;
      case Instruction::Kind::kApply: {
        const std::size_t first = stack.size() - instruction.index;
        Piece piece = apply(instruction.function->name, Arguments(stack).subspan(first));
        if (piece.text.size() > kLongest) throw Error("an expression is too long to be written");
        stack.resize(first);
        stack.push_back(std::move(piece));
        break;
      }
      default:
        throw Error("an expression with unresolved names cannot be written");
    }
  }
  return std::move(stack.front().text);
}

}  // namespace wordline::expression
