// S, W and T.
#include <fmt/format.h>

#include <initializer_list>
#include <string_view>

#include "wordline/netlist/elements/elements.hpp"

namespace wordline {

namespace {

void read_ends(Line& line, const Scope& scope, NodeId& p, NodeId& n) {
  p = scope.node(line.expect_word("a node"));
  n = scope.node(line.expect_word("a node"));
}

// The model, `on` or `off`, and m=; then the row goes into its table.
void finish_switch(Line& line, Scope& scope, const Token& name, Switch row,
                   std::initializer_list<std::string_view> kinds) {
  row.model = scope.model(line.expect_word("the model"), kinds);
  row.multiplicity = scope.multiplicity();
  while (!line.done()) {
    if (line.accept_word("on")) {
      row.on = true;
    } else if (line.accept_word("off")) {
      row.on = false;
    } else if (const auto assignment = line.accept_assignment()) {
      if (!equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {"m"});
      row.multiplicity *= read_multiplicity(assignment->value, scope);
    } else {
      line.expect_end();
    }
  }
  add_element(scope.circuit().switches, name, scope, row);
}

// ---- transmission lines ----

struct LineTimes {
  double delay = 0;
  double frequency = 0;
  double wavelengths = 0.25;
};

double positive(const Assignment& assignment, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (value > 0) return value;
  fail(assignment.value, fmt::format("{} = {} must be positive", assignment.name.text, value));
}

void read_initial(const Assignment& assignment, Line& line, const Scope& scope,
                  TransmissionLine& row) {
  row.v1 = scope.value(assignment.value);
  for (double* number : {&row.i1, &row.v2, &row.i2}) {
    line.accept(',');
    *number = scope.value(line.expect_value("v1, i1, v2 and i2"));
  }
}

void read_line_parameter(const Assignment& assignment, Line& line, const Scope& scope,
                         TransmissionLine& row, LineTimes& times) {
  const auto is = [&](std::string_view known) {
    return equal_ignoring_case(assignment.name.text, known);
  };
  if (is("z0") || is("zo")) {
    row.impedance = positive(assignment, scope);
  } else if (is("td")) {
    times.delay = positive(assignment, scope);
  } else if (is("f")) {
    times.frequency = positive(assignment, scope);
  } else if (is("nl")) {
    times.wavelengths = positive(assignment, scope);
  } else if (is("ic")) {
    read_initial(assignment, line, scope, row);
  } else {
    fail_unknown(assignment, {"z0", "td", "f", "nl", "ic", "m"});
  }
}

}  // namespace

void read_voltage_switch(Line& line, Scope& scope) {
  const Token name = line.head();
  Switch row{};
  read_ends(line, scope, row.p, row.n);
  read_ends(line, scope, row.cp, row.cn);
  finish_switch(line, scope, name, row, {"sw", "vswitch"});
}

void read_current_switch(Line& line, Scope& scope) {
  const Token name = line.head();
  Switch row{};
  read_ends(line, scope, row.p, row.n);
  row.control = scope.voltage_source(line.expect_word("the name of a voltage source"));
  row.control_scale = scope.share_of_current(row.control);
  finish_switch(line, scope, name, row, {"csw", "iswitch"});
}

void read_transmission_line(Line& line, Scope& scope) {
  const Token name = line.head();
  TransmissionLine row{};
  read_ends(line, scope, row.p1, row.n1);
  read_ends(line, scope, row.p2, row.n2);
  LineTimes times;
  row.impedance = 0;
  double parallel = scope.multiplicity();
  while (const auto assignment = line.accept_assignment()) {
    if (equal_ignoring_case(assignment->name.text, "m")) {
      parallel *= read_multiplicity(assignment->value, scope);
    } else {
      read_line_parameter(*assignment, line, scope, row, times);
    }
  }
  line.expect_end();
  if (row.impedance == 0) fail(name, "a transmission line needs its impedance z0=");
  if (times.delay == 0 && times.frequency == 0) {
    fail(name, "a transmission line needs its delay td=, or f= and nl=");
  }
  row.impedance /= parallel;
  row.i1 *= parallel;
  row.i2 *= parallel;
  row.delay = times.delay > 0 ? times.delay : times.wavelengths / times.frequency;
  add_element(scope.circuit().lines, name, scope, row);
}

}  // namespace wordline
