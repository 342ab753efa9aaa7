// E, G, F, H and B.
#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "wordline/netlist/behaviour.hpp"
#include "wordline/netlist/elements/elements.hpp"

namespace wordline {

namespace {

struct Terminals {
  NodeId p, n;
};

Terminals read_terminals(Line& line, const Scope& scope) {
  const NodeId p = scope.node(line.expect_word("a node"));
  return {p, scope.node(line.expect_word("a node"))};
}

// `m=`, where devices in parallel add up; times that of the instances. And, where there is a law of
// the temperature, its values.
double read_parallel(Line& line, const Scope& scope, bool adds_up, TemperatureLaw* law = nullptr) {
  double m = adds_up ? scope.multiplicity() : 1;
  while (const auto assignment = line.accept_assignment()) {
    const auto is = [&](std::string_view known) {
      return equal_ignoring_case(assignment->name.text, known);
    };
    if (is("m") && !adds_up) {
      fail(assignment->name, "'m' is no parameter of this element",
           "sources of a voltage in parallel are one source");
    }
    if (is("m")) {
      m *= read_multiplicity(assignment->value, scope);
    } else if (law == nullptr) {
      fail_unknown(*assignment, {"m"});
    } else if (is("tc1") || is("tc2")) {
      (is("tc1") ? law->tc1 : law->tc2) = scope.value(assignment->value);
    } else if (is("temp")) {
      law->temperature = scope.value(assignment->value);
    } else if (is("dtemp")) {
      law->warmer_by = scope.value(assignment->value);
    } else {
      fail_unknown(*assignment, {"m", "tc1", "tc2", "temp", "dtemp"});
    }
  }
  line.expect_end();
  return m;
}

// A source that is read: its name and nodes, and whether it drives a voltage.
struct Source {
  Token name;
  Terminals nodes;
  bool is_voltage;
};

void add_behavioural(Line& line, Scope& scope, const Source& source, Behaviour behaviour) {
  TemperatureLaw law{.nominal = scope.circuit().options.nominal_temperature};
  behaviour.multiply(read_parallel(line, scope, !source.is_voltage, &law));
  if (law.tc1 != 0 || law.tc2 != 0) {
    behaviour.push_law(law);
    behaviour.apply("*");
  }
  add_element(scope.circuit().behavioural, source.name, scope,
              std::move(behaviour).make(source.nodes.p, source.nodes.n, source.is_voltage));
}

void read_expression(Line& line, Scope& scope, const Source& source) {
  Behaviour behaviour(scope);
  behaviour.push(line.expect_expression("an expression"));
  add_behavioural(line, scope, source, std::move(behaviour));
}

// ---- POLY(n) ----

std::size_t read_dimension(Line& line, const Scope& scope) {
  constexpr double kMost = 100;
  const bool parenthesised = line.accept('(');
  const Token token = line.expect_value("the number of controls");
  if (parenthesised) line.expect(')');
  const double n = scope.value(token);
  if (n < 1 || n > kMost || n != static_cast<double>(static_cast<int>(n))) {
    fail(token, fmt::format("{} is no number of controls", n));
  }
  return static_cast<std::size_t>(n);
}

// Two nodes, which may stand in parentheses and have a comma between them.
Terminals read_control_nodes(Line& line, const Scope& scope) {
  const bool parenthesised = line.accept('(');
  const NodeId p = scope.node(line.expect_word("a controlling node"));
  line.accept(',');
  const NodeId n = scope.node(line.expect_word("a controlling node"));
  if (parenthesised) line.expect(')');
  return {p, n};
}

// The controls of the next product: of degree one 0, 1, ...; of degree two 0 0, 0 1, ..., 1 1, ...
void advance(std::vector<std::size_t>& factors, std::size_t controls) {
  std::size_t k = factors.size();
  while (k > 0 && factors[k - 1] == controls - 1) --k;
  if (k == 0) {
    factors.assign(factors.size() + 1, 0);
    return;
  }
  const std::size_t next = factors[k - 1] + 1;
  for (std::size_t j = k - 1; j < factors.size(); ++j) factors[j] = next;
}

// Coefficients to the end of the line: the constant, then those of all products in their order.
template <class PushControl>
void push_polynomial(Line& line, const Scope& scope, std::size_t controls, Behaviour& behaviour,
                     PushControl push_control) {
  const bool parenthesised = line.accept('(');
  const Token& first = line.peek();
  behaviour.push(scope.value(line.expect_value("a coefficient")));
  std::vector<std::size_t> factors;
  std::size_t count = 1;
  line.accept(',');
  while (const auto coefficient = line.accept_value()) {
    advance(factors, controls);
    ++count;
    line.accept(',');
    const double value = scope.value(*coefficient);
    if (value == 0) continue;
    behaviour.push(value);
    for (const std::size_t control : factors) {
      push_control(control);
      behaviour.apply("*");
    }
    behaviour.apply("+");
  }
  if (parenthesised) line.expect(')');
  if (count == 1) {
    scope.warn(first, "a polynomial of a single coefficient is a constant", "write 0 before it");
  }
}

bool accept_poly(Line& line) {
  if (!equal_ignoring_case(line.peek().text, "poly") || !line.peek().is_word()) return false;
  line.take();
  return true;
}

void read_voltage_polynomial(Line& line, Scope& scope, const Source& source) {
  std::vector<Terminals> controls(read_dimension(line, scope));
  for (Terminals& control : controls) {
    control = read_control_nodes(line, scope);
    line.accept(',');
  }
  Behaviour behaviour(scope);
  push_polynomial(line, scope, controls.size(), behaviour,
                  [&](std::size_t k) { behaviour.push_voltage(controls[k].p, controls[k].n); });
  add_behavioural(line, scope, source, std::move(behaviour));
}

void read_current_polynomial(Line& line, Scope& scope, const Source& source) {
  std::vector<Token> controls(read_dimension(line, scope));
  const bool parenthesised = line.accept('(');
  for (Token& control : controls) {
    control = line.expect_word("the name of a voltage source");
    scope.voltage_source(control);
    line.accept(',');
  }
  if (parenthesised) line.expect(')');
  Behaviour behaviour(scope);
  push_polynomial(line, scope, controls.size(), behaviour,
                  [&](std::size_t k) { behaviour.push_current(controls[k]); });
  add_behavioural(line, scope, source, std::move(behaviour));
}

// ---- TABLE {x} = (x1, y1) (x2, y2) ... ----

void read_table(Line& line, Scope& scope, const Source& source) {
  Behaviour behaviour(scope);
  line.accept('=');
  const bool parenthesised = line.accept('(');
  behaviour.push(line.expect_value("the expression that the table is of"));
  if (parenthesised) line.expect(')');
  line.accept('=');
  std::vector<double> points;
  const Token table = line.peek();
  const auto take_number = [&] {
    points.push_back(scope.value(line.expect_value("a number of the table")));
    line.accept(',');
  };
  while (!line.done() && !line.at_assignment()) {
    // Of vendors' parentheses around several points some are never closed, or opened.
    bool in_parentheses = false;
    while (line.accept('(')) in_parentheses = true;
    const Token x = line.peek();
    take_number();
    take_number();
    if (in_parentheses) line.expect(')');
    while (line.accept(')') || line.accept(',')) {
    }
    const std::size_t n = points.size();
    if (n > 2 && points[n - 2] <= points[n - 4]) {
      fail(x, fmt::format("point {} of the table, at {}, is not after {}", n / 2, points[n - 2],
                          points[n - 4]));
    }
    if (n > expression::kMostArguments - 2) fail(x, "the table has too many points");
  }
  if (points.size() < 2) fail(table, "a table needs at least one point");
  for (const double number : points) behaviour.push(number);
  behaviour.apply("table", points.size() + 1);
  add_behavioural(line, scope, source, std::move(behaviour));
}

// ---- the elements ----

void refuse_forms(const Line& line, const Scope& scope) {
  constexpr std::array<std::string_view, 12> kForms = {
      "laplace", "freq",  // and of HSPICE:
      "opamp",   "delay", "transformer", "vcr", "vccap", "npwl", "ppwl", "nand", "nor", "foster"};
  const std::size_t count = scope.dialect() == Dialect::kHspice ? kForms.size() : 2;
  for (const std::string_view form : std::span(kForms).first(count)) {
    if (line.peek().is_word() && equal_ignoring_case(line.peek().text, form)) {
      fail(line.peek(),
           fmt::format("controlled sources of the form '{}' are not supported", line.peek().text),
           "write a behavioural source: Bname n+ n- V={expression}");
    }
  }
}

// HSPICE says what the letter says already: `E1 out 0 VCVS in 0 2`.
void accept_form(Line& line, std::string_view form) {
  if (line.peek(1).is_word() || line.peek(1).is('(')) line.accept_word(form);
}

// `gain`, or `gain=value`.
double read_gain(Line& line, const Scope& scope) {
  if (line.at_assignment() && line.accept_word("gain")) line.expect('=');
  return scope.value(line.expect_value("the gain"));
}

// `value={expression}`, `vol=`, `cur=`, or `value {expression}`.
bool accept_value_of(Line& line, bool is_voltage) {
  if (!line.accept_word("value") && !line.accept_word(is_voltage ? "vol" : "cur")) return false;
  line.accept('=');
  return true;
}

void read_voltage_controlled(Line& line, Scope& scope, bool is_voltage) {
  const Token name = line.head();
  const Source source{name, read_terminals(line, scope), is_voltage};
  accept_form(line, is_voltage ? "vcvs" : "vccs");
  refuse_forms(line, scope);
  if (accept_value_of(line, is_voltage)) return read_expression(line, scope, source);
  if (accept_poly(line)) return read_voltage_polynomial(line, scope, source);
  if (line.accept_word("table")) return read_table(line, scope, source);
  const Terminals control = read_control_nodes(line, scope);
  const double gain = read_gain(line, scope);
  const double m = read_parallel(line, scope, !is_voltage);
  Circuit& circuit = scope.circuit();
  add_element(is_voltage ? circuit.vcvs : circuit.vccs, name, scope,
              VoltageControlled{source.nodes.p, source.nodes.n, control.p, control.n, gain * m});
  note_factor(name, m, scope);
}

void read_current_controlled(Line& line, Scope& scope, bool is_voltage) {
  const Token name = line.head();
  const Source source{name, read_terminals(line, scope), is_voltage};
  accept_form(line, is_voltage ? "ccvs" : "cccs");
  refuse_forms(line, scope);
  if (accept_value_of(line, is_voltage)) return read_expression(line, scope, source);
  if (accept_poly(line)) return read_current_polynomial(line, scope, source);
  const std::int32_t control =
      scope.voltage_source(line.expect_word("the name of a voltage source"));
  const double gain = read_gain(line, scope);
  const double factor = read_parallel(line, scope, !is_voltage) * scope.share_of_current(control);
  Circuit& circuit = scope.circuit();
  add_element(is_voltage ? circuit.ccvs : circuit.cccs, name, scope,
              CurrentControlled{source.nodes.p, source.nodes.n, control, gain * factor});
  note_factor(name, factor, scope);
}

}  // namespace

void read_vcvs(Line& line, Scope& scope) { read_voltage_controlled(line, scope, true); }
void read_vccs(Line& line, Scope& scope) { read_voltage_controlled(line, scope, false); }
void read_ccvs(Line& line, Scope& scope) { read_current_controlled(line, scope, true); }
void read_cccs(Line& line, Scope& scope) { read_current_controlled(line, scope, false); }

void read_behavioural(Line& line, Scope& scope) {
  const Token name = line.head();
  const Terminals nodes = read_terminals(line, scope);
  const Token kind = line.expect_word("V= or I=");
  const bool is_voltage = equal_ignoring_case(kind.text, "v");
  if (!is_voltage && !equal_ignoring_case(kind.text, "i")) {
    fail(kind, fmt::format("V= or I= is expected here, not '{}'", kind.text));
  }
  line.expect('=');
  read_expression(line, scope, {name, nodes, is_voltage});
}

}  // namespace wordline
