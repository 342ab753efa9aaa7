// E, G, H, F and B.
#include <fmt/format.h>

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

// `m=`, where devices in parallel add up; times that of the instances.
double read_parallel(Line& line, const Scope& scope, bool adds_up) {
  double m = adds_up ? scope.multiplicity() : 1;
  while (const auto assignment = line.accept_assignment()) {
    if (!adds_up || !equal_ignoring_case(assignment->name.text, "m")) {
      fail_unknown(*assignment, {"m"});
    }
    m *= read_multiplicity(assignment->value, scope);
  }
  line.expect_end();
  return m;
}

// `keyword={expression}`, or `keyword {expression}`; the cursor stands after the nodes.
bool accept_expression(Line& line, std::initializer_list<std::string_view> keywords) {
  for (const std::string_view keyword : keywords) {
    if (line.accept_word(keyword)) {
      line.accept('=');
      return true;
    }
  }
  return false;
}

void add_behavioural(Line& line, Scope& scope, const Token& name, Terminals nodes,
                     bool is_voltage) {
  const Token expression = line.expect_expression("an expression");
  const double m = read_parallel(line, scope, !is_voltage);
  add_element(scope.circuit().behavioural, name, scope,
              BehaviouralSource{nodes.p, nodes.n, is_voltage, scope.behaviour(expression, m)});
}

void refuse_forms(Line& line) {
  for (const std::string_view form : {"poly", "table", "laplace", "freq"}) {
    if (equal_ignoring_case(line.peek().text, form)) {
      fail(line.peek(),
           fmt::format("controlled sources of the form '{}' are not supported", line.peek().text),
           "write a behavioural source: Bname n+ n- V={expression}");
    }
  }
}

void read_voltage_controlled(Line& line, Scope& scope, bool is_voltage) {
  const Token name = line.head();
  const Terminals nodes = read_terminals(line, scope);
  refuse_forms(line);
  const bool behavioural = is_voltage ? accept_expression(line, {"value", "vol"})
                                      : accept_expression(line, {"value", "cur"});
  if (behavioural) return add_behavioural(line, scope, name, nodes, is_voltage);
  const Terminals control = read_terminals(line, scope);
  const double gain = scope.value(line.expect_value("the gain"));
  const double m = read_parallel(line, scope, !is_voltage);
  Circuit& circuit = scope.circuit();
  add_element(is_voltage ? circuit.vcvs : circuit.vccs, name, scope,
              VoltageControlled{nodes.p, nodes.n, control.p, control.n, gain * m});
}

void read_current_controlled(Line& line, Scope& scope, bool is_voltage) {
  const Token name = line.head();
  const Terminals nodes = read_terminals(line, scope);
  refuse_forms(line);
  const std::int32_t control =
      scope.voltage_source(line.expect_word("the name of a voltage source"));
  const double gain = scope.value(line.expect_value("the gain"));
  const double m = read_parallel(line, scope, !is_voltage);
  Circuit& circuit = scope.circuit();
  add_element(is_voltage ? circuit.ccvs : circuit.cccs, name, scope,
              CurrentControlled{nodes.p, nodes.n, control, gain * m});
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
  add_behavioural(line, scope, name, nodes, is_voltage);
}

}  // namespace wordline
