// An expression as a program for a stack machine: operands first, then what is applied to them.
// No tree, so that neither evaluation nor printing recurses however long the expression is.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/dialect.hpp"

namespace wordline {
class Scope;
}

namespace wordline::expression {

// Results beyond this are cut, and slopes too: as large as a double allows the product of three.
inline constexpr double kLargest = 1e99;
// Arguments this near to a pole or to a vertical tangent are moved away from it.
inline constexpr double kTiny = 1e-30;

// A random number that a function takes after its arguments, once for each place it is written.
enum class Draw : std::uint8_t {
  kNone,
  kNormal,   // mean 0, variance 1
  kUniform,  // in (-1, 1)
};

// An operator or a function of the language.
struct Function {
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  // NaN outside the domain.
  double (*value)(std::span<const double> arguments);
  // The partial derivatives, at any arguments; they need not be finite.
  void (*partials)(std::span<const double> arguments, double value, std::span<double> partials);
  // Moves arguments into the domain, for use inside Newton's iteration; null if it is everywhere.
  void (*guard)(std::span<double> arguments) = nullptr;
  bool takes_points = false;  // (x, x1, y1, x2, y2, ...) with ascending x1, x2, ...
  bool has_memory = false;    // ddt, idt: of the course of its argument, not of its value
  Draw draw = Draw::kNone;    // after `min_arguments` to `max_arguments` that are written
  bool of_results = false;    // part of the language in expressions of results alone: mag, ph
};

inline constexpr std::size_t kMostArguments = 4096;

std::span<const Function> functions();  // called by name
// By lower-case name, and the number of arguments where a name has two meanings; null if there is
// none.
const Function* find_function(std::string_view name, std::size_t arguments = 1);
const Function& operator_function(std::string_view symbol);  // "+", "neg", "?:" ...

struct Instruction {
  enum class Kind : std::uint8_t {
    kNumber,
    kApply,
    // before binding
    kName,      // text
    kVoltage,   // v(text) or v(text,second)
    kCurrent,   // i(text)
    kQuantity,  // a result: text is vdb(out) or @m1[id]
    kDraw,      // the random number of `function`
    // after binding
    kInput,
    kTime,
    kTemperature,
  };
  Kind kind = Kind::kNumber;
  std::uint32_t index = 0;  // arguments of kApply, input of kInput
  double number = 0;
  const Function* function = nullptr;  // of kApply; of a NaN, the function that has no value
  std::string_view text = {};          // where it was written; empty after binding
  std::string_view second = {};
  const Scope* scope = nullptr;  // that a name belongs to: where it was written
};

struct Program {
  std::vector<Instruction> code;
  std::size_t stack_size = 0;
};

// A function of the netlist: `.func name(arguments) {body}`.
struct UserFunction {
  std::string_view name, body;
  std::vector<std::string_view> arguments;
};

// Where one was found: the scope that its body's own names belong to.
struct FoundFunction {
  const UserFunction* function = nullptr;
  const Scope* scope = nullptr;
};

// Whether name(...) is a result of an analysis, not a function; lower case.
using IsQuantity = bool (*)(std::string_view name);

// What a text means beside its own words.
struct Language {
  Dialect dialect = {};
  const Scope* scope = nullptr;  // where the expression stands
  // The function that a lower-case name means in a scope; empty: there are none.
  std::function<FoundFunction(const std::string& name, const Scope* from)> find = {};
  // Of an expression of results: these, and @device[parameter], are read as kQuantity.
  IsQuantity is_quantity = nullptr;
};

// Reads an expression. A call of a function of the netlist is replaced by its body. Throws Fault.
Program parse(std::string_view text, const Language& language = {});
// Reads the body of a function as a call would. Throws Fault.
void check(const FoundFunction& function, const Language& language);

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
// What to write in place of a word that looks like a number but is none: 4k7, 1d3.
std::string number_hint(std::string_view text);

// Replaces a kName, kVoltage, kCurrent or kQuantity by what it stands for, or throws Fault.
using Resolve = std::function<Instruction(const Instruction& name)>;

// Replaces a function with memory by an input, or throws Fault. `operand` is its argument, bound;
// `initial` the second one.
using Remember =
    std::function<Instruction(const Instruction& function, Program operand, double initial)>;

// The program with its names resolved and its constant parts computed. Throws Fault where a
// constant part has no value that matters (1/0, sqrt(-1), overflow), and at functions with memory
// where there is no `remember`.
Program bind(const Program& program, const Resolve& resolve, const Remember& remember = {});

// As ngspice writes it; see BoundExpression::text.
std::string print(const Program& program,
                  const std::function<std::string(std::size_t input)>& input_name);

}  // namespace wordline::expression
