#include "wordline/cli/control/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/control/vector_functions.hpp"

namespace wordline::cli::control {

namespace {

constexpr int kDeepest = 200;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_#.:@$").find(c) != std::string_view::npos;
}

Vector constant(double value) {
  return {.name = "", .type = "notype", .unit = "", .values = {value}, .complex = false};
}

using Operation = Complex (*)(Complex a, Complex b);

struct Operator {
  std::string_view symbol;
  int binding;  // the higher, the tighter
  Operation apply;
};

double truth(bool holds) { return holds ? 1 : 0; }
bool is_true(Complex z) { return z != Complex(0); }
// Real powers of real numbers are real, also whole powers of negative ones.
Complex power(Complex a, Complex b) {
  if (a.imag() != 0 || b.imag() != 0) return std::pow(a, b);
  return std::pow(a.real(), b.real());
}

const std::vector<Operator> kOperators = {
    {"or", 1, [](Complex a, Complex b) -> Complex { return truth(is_true(a) || is_true(b)); }},
    {"|", 1, [](Complex a, Complex b) -> Complex { return truth(is_true(a) || is_true(b)); }},
    {"and", 2, [](Complex a, Complex b) -> Complex { return truth(is_true(a) && is_true(b)); }},
    {"&", 2, [](Complex a, Complex b) -> Complex { return truth(is_true(a) && is_true(b)); }},
    {"<>", 3, [](Complex a, Complex b) -> Complex { return truth(a != b); }},
    {"!=", 3, [](Complex a, Complex b) -> Complex { return truth(a != b); }},
    {"ne", 3, [](Complex a, Complex b) -> Complex { return truth(a != b); }},
    {"<=", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() <= b.real()); }},
    {"le", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() <= b.real()); }},
    {">=", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() >= b.real()); }},
    {"ge", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() >= b.real()); }},
    {"<", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() < b.real()); }},
    {"lt", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() < b.real()); }},
    {">", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() > b.real()); }},
    {"gt", 3, [](Complex a, Complex b) -> Complex { return truth(a.real() > b.real()); }},
    {"==", 3, [](Complex a, Complex b) -> Complex { return truth(a == b); }},
    {"=", 3, [](Complex a, Complex b) -> Complex { return truth(a == b); }},
    {"eq", 3, [](Complex a, Complex b) -> Complex { return truth(a == b); }},
    {"+", 4, [](Complex a, Complex b) { return a + b; }},
    {"-", 4, [](Complex a, Complex b) { return a - b; }},
    {"**", 7, power},
    {"*", 5, [](Complex a, Complex b) { return a * b; }},
    {"/", 5, [](Complex a, Complex b) { return a / b; }},
    {"%", 5, [](Complex a, Complex b) -> Complex { return std::fmod(a.real(), b.real()); }},
    {"^", 7, power}};
constexpr int kSign = 6;  // of a minus before an operand

Vector combine(const Vector& a, const Vector& b, const Operator& op) {
  const std::size_t count = std::max(a.values.size(), b.values.size());
  for (const Vector* x : {&a, &b}) {
    if (x->values.size() == count || x->values.size() == 1) continue;
    throw Error(fmt::format("'{}' of vectors with {} and {} elements", op.symbol, a.values.size(),
                            b.values.size()));
  }
  Vector result = constant(0);
  result.values.resize(count);
  for (std::size_t k = 0; k < count; ++k) {
    result.values[k] =
        op.apply(a.values[a.values.size() == 1 ? 0 : k], b.values[b.values.size() == 1 ? 0 : k]);
    result.complex = result.complex || result.values[k].imag() != 0;
  }
  if (a.type == b.type && op.binding == 4)
    std::tie(result.type, result.unit) = std::tie(a.type, a.unit);
  return result;
}

using Arguments = std::map<std::string, Vector>;

class Parser {
 public:
  // `arguments` are those of the function whose body the text is; null: it is none.
  Parser(std::string_view text, Plots& plots, const Arguments* arguments = nullptr, int depth = 0)
      : text_(text), plots_(plots), arguments_(arguments), depth_(depth) {}

  bool done() {
    skip_blanks();
    return at_ >= text_.size();
  }

  Vector next() {
    skip_blanks();
    const std::size_t begin = at_;
    Vector result = parse(0);
    std::string_view written = text_.substr(begin, at_ - begin);
    while (!written.empty() && is_blank(written.back())) written.remove_suffix(1);
    result.name = written;
    return result;
  }

  [[noreturn]] void fail_here() {
    if (done()) throw Error(fmt::format("the expression '{}' ends too early", text_));
    throw Error(fmt::format("'{}' is not expected in '{}'", text_.substr(at_, 1), text_));
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(char c) {
    skip_blanks();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail_here();
  }

  // The operator that comes next, if it binds at least so tightly.
  const Operator* next_operator(int binding) {
    skip_blanks();
    for (const Operator& op : kOperators) {
      if (to_lower(text_.substr(at_, op.symbol.size())) != op.symbol) continue;
      const bool word = std::isalpha(static_cast<unsigned char>(op.symbol.front())) != 0;
      const std::size_t end = at_ + op.symbol.size();
      if (word && end < text_.size() && !is_blank(text_[end])) continue;
      if (op.binding < binding) return nullptr;
      at_ = end;
      return &op;
    }
    return nullptr;
  }

  Vector parse(int binding) {
    if (++depth_ > kDeepest) throw Error("an expression is nested too deeply");
    Vector left = prefixed();
    // Powers group from the left, as everything else.
    while (const Operator* op = next_operator(binding)) {
      left = combine(left, parse(op->binding + 1), *op);
    }
    --depth_;
    return left;
  }

  bool accept_word(std::string_view word) {
    const std::size_t end = at_ + word.size();
    if (to_lower(text_.substr(at_, word.size())) != word || end >= text_.size()) return false;
    if (in_name(text_[end])) return false;
    at_ = end;
    return true;
  }

  Vector prefixed() {
    skip_blanks();
    if (accept('-')) {
      static const Operator kTimes = {"*", 5, [](Complex a, Complex b) { return a * b; }};
      return combine(constant(-1), parse(kSign), kTimes);
    }
    if (accept('+')) return parse(kSign);
    if (accept('!') || accept('~') || accept_word("not")) {
      static const Operator kIsZero = {
          "not", 3, [](Complex a, Complex /*b*/) -> Complex { return truth(!is_true(a)); }};
      return combine(parse(kSign), constant(0), kIsZero);
    }
    return indexed(operand());
  }

  Vector operand() {
    if (accept('(')) {
      Vector inside = parse(0);
      expect(')');
      return inside;
    }
    if (peek() == '"') return quoted();
    if (is_digit(peek()) || (peek() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      return number();
    }
    if (in_name(peek())) return named();
    fail_here();
  }

  Vector quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) throw Error("a quote is not closed");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return find_vector(plots_, name);
  }

  Vector number() {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const char before = at_ > begin ? text_[at_ - 1] : '\0';
      const bool exponent = (c == '+' || c == '-') && (before == 'e' || before == 'E');
      if (!exponent && c != '.' && std::isalnum(static_cast<unsigned char>(c)) == 0) break;
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    const auto value = parse_spice_number(word);
    if (!value) throw Error(fmt::format("'{}' is no number", word));
    return constant(*value);
  }

  // A name, a call of a function, or what simulators call a signal: v(a), @r1[i].
  Vector named() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    if (text_[begin] == '@' && peek() == '[')
      at_ = std::min(text_.find(']', at_), text_.size() - 1) + 1;
    std::string name = to_lower(text_.substr(begin, at_ - begin));
    if (peek() != '(') {
      if (arguments_ != nullptr) {
        if (const auto given = arguments_->find(name); given != arguments_->end()) {
          return given->second;
        }
      }
      return find_vector(plots_, whole_name(begin));
    }
    const auto defined = plots_.functions.find(name);
    if (defined != plots_.functions.end()) return call(name, defined->second);
    const std::size_t close = closing();
    const std::string inside(text_.substr(at_ + 1, close - at_ - 1));
    if (const Vector* found = plots_.current().find(fmt::format("{}({})", name, inside))) {
      at_ = close + 1;
      return *found;
    }
    if (is_signal(name)) {
      at_ = close + 1;
      return signal(name, inside);
    }
    const VectorFunction function = find_vector_function(name);
    if (function == nullptr) {
      const std::string near = nearest(name, vector_function_names());
      throw Error(fmt::format("there is no function '{}'{}", name,
                              near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    }
    ++at_;
    const Vector argument = parse(0);
    expect(')');
    if (argument.values.empty())
      throw Error(fmt::format("'{}' of a vector without elements", name));
    return function(argument, scale());
  }

  // The body of a defined function for the arguments that follow.
  Vector call(const std::string& name, const DefinedFunction& function) {
    expect('(');
    Arguments arguments;
    std::size_t count = 0;
    while (!accept(')')) {
      if (count > 0) expect(',');
      Vector value = parse(0);
      if (count < function.arguments.size()) {
        arguments[function.arguments[count]] = std::move(value);
      }
      ++count;
    }
    if (count != function.arguments.size()) {
      throw Error(
          fmt::format("'{}' takes {} arguments, not {}", name, function.arguments.size(), count));
    }
    Parser body(function.body, plots_, &arguments, depth_);
    Vector result = body.next();
    if (!body.done()) body.fail_here();
    return result;
  }

  // A name may hold brackets: wl[3]. It does where there is such a vector.
  std::string whole_name(std::size_t begin) {
    if (peek() == '[') {
      const std::size_t close = text_.find(']', at_);
      std::string with_brackets(text_.substr(begin, close - begin + 1));
      if (close != std::string_view::npos && plots_.current().find(with_brackets) != nullptr) {
        at_ = close + 1;
        return with_brackets;
      }
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::size_t closing() const {
    int depth = 0;
    for (std::size_t k = at_; k < text_.size(); ++k) {
      if (text_[k] == '(') ++depth;
      if (text_[k] == ')' && --depth == 0) return k;
    }
    throw Error(fmt::format("a parenthesis is not closed in '{}'", text_));
  }

  static std::string_view last_part(std::string_view name) {
    return name.substr(name.rfind('.') + 1);  // of tran1.v
  }

  static bool is_signal(std::string_view name) {
    const std::string_view kind = last_part(name);
    return kind == "v" || kind == "i" ||
           (kind.size() > 1 && (kind[0] == 'v' || kind[0] == 'i') &&
            (kind.substr(1) == "m" || kind.substr(1) == "p" || kind.substr(1) == "r" ||
             kind.substr(1) == "i" || kind.substr(1) == "db"));
  }

  Vector signal(const std::string& name, std::string inside) {
    std::erase_if(inside, is_blank);
    const std::string prefix = name.substr(0, name.size() - last_part(name).size());
    const std::string kind(last_part(name));
    const auto get = [&](const std::string& what) {
      return find_vector(plots_, fmt::format("{}{}({})", prefix, kind[0], what));
    };
    const Plot& plot = plots_.current();
    const std::size_t comma = inside.find(',');
    const bool difference = kind[0] == 'v' && comma != std::string::npos &&
                            plot.find(fmt::format("v({})", inside)) == nullptr;
    Vector result =
        difference ? combine(get(inside.substr(0, comma)), get(inside.substr(comma + 1)), minus())
                   : get(inside);
    const std::string form = kind.substr(1);
    if (form.empty()) return result;
    const std::string function = form == "m"   ? "mag"
                                 : form == "p" ? "ph"
                                 : form == "r" ? "real"
                                 : form == "i" ? "imag"
                                               : "db";
    return find_vector_function(function)(result, nullptr);
  }

  static const Operator& minus() {
    return *std::find_if(kOperators.begin(), kOperators.end(),
                         [](const Operator& op) { return op.symbol == "-"; });
  }

  const Vector* scale() {
    const std::vector<Vector>& vectors = plots_.current().vectors;
    return vectors.empty() ? nullptr : &vectors.front();
  }

  // x[3] is an element, x[2,5] four of them.
  Vector indexed(Vector vector) {
    if (peek() != '[') return vector;
    ++at_;
    const std::size_t first = index(vector);
    const std::size_t last = accept(',') ? index(vector) : first;
    expect(']');
    if (last < first) throw Error("the last index is below the first");
    Vector part = vector;
    part.values.assign(vector.values.begin() + static_cast<std::ptrdiff_t>(first),
                       vector.values.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    return part;
  }

  std::size_t index(const Vector& vector) {
    const Vector value = parse(0);
    const double k = value.values.empty() ? NAN : value.values.front().real();
    if (!(k >= 0 && k < static_cast<double>(vector.values.size()))) {
      throw Error(fmt::format("there is no element {:g} of {}", k, vector.values.size()));
    }
    return static_cast<std::size_t>(k);
  }

  std::string_view text_;
  Plots& plots_;
  const Arguments* arguments_;
  int depth_;
  std::size_t at_ = 0;
};

}  // namespace

Vector evaluate(std::string_view text, Plots& plots) {
  Parser parser(text, plots);
  Vector result = parser.next();
  if (!parser.done()) parser.fail_here();
  return result;
}

std::vector<Vector> evaluate_list(std::string_view text, Plots& plots) {
  Parser parser(text, plots);
  std::vector<Vector> vectors;
  while (!parser.done()) vectors.push_back(parser.next());
  return vectors;
}

bool holds(std::string_view text, Plots& plots) {
  const Vector value = evaluate(text, plots);
  return !value.values.empty() && value.values.front() != Complex(0);
}

}  // namespace wordline::cli::control
