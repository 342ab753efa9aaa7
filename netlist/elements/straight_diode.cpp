#include "wordline/netlist/elements/straight_diode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/model_card.hpp"

namespace wordline {

namespace {

constexpr std::array<std::string_view, 5> kKeys = {"ron", "roff", "vfwd", "vrev", "rrev"};
// They round the corners, which are sharp here.
constexpr std::array<std::string_view, 2> kRoundings = {"epsilon", "revepsilon"};
constexpr std::array<std::string_view, 2> kLimits = {"ilimit", "revilimit"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& keys, std::string_view word) {
  return std::any_of(keys.begin(), keys.end(),
                     [word](std::string_view key) { return equal_ignoring_case(word, key); });
}

double positive(const Assignment& assignment, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (value > 0) return value;
  fail(assignment.value, fmt::format("{} = {} must be positive", assignment.name.text, value));
}

void read_parameter(const Assignment& assignment, const Scope& scope, StraightDiode& diode) {
  const auto is = [&](std::string_view key) {
    return equal_ignoring_case(assignment.name.text, key);
  };
  if (is("ron")) {
    diode.ron = positive(assignment, scope);
  } else if (is("roff")) {
    diode.roff = positive(assignment, scope);
  } else if (is("rrev")) {
    diode.rrev = positive(assignment, scope);
  } else if (is("vfwd")) {
    diode.vfwd = scope.value(assignment.value);
  } else if (is("vrev")) {
    diode.vrev = scope.value(assignment.value);
  } else if (is_one_of(kLimits, assignment.name.text)) {
    fail(assignment.name,
         fmt::format("'{}' of a diode of straight lines is not supported", assignment.name.text));
  } else {
    const bool rounds = is_one_of(kRoundings, assignment.name.text);
    scope.warn(assignment.name,
               fmt::format("'{}' has no effect: {}", assignment.name.text,
                           rounds ? "the corners are sharp" : "this diode is of straight lines"));
  }
}

}  // namespace

void StraightDiode::push_current(Behaviour& behaviour, NodeId p, NodeId n) const {
  const auto push_line = [&](double zero, double ohms) {
    behaviour.push_voltage(p, n);
    behaviour.push(zero);
    behaviour.apply("-");
    behaviour.multiply(1 / ohms);
  };
  push_line(0, roff);
  push_line(vfwd, ron);
  behaviour.apply("max");
  if (!vrev) return;
  push_line(-*vrev, rrev);
  behaviour.apply("min");
}

bool is_of_straight_diode(std::string_view key) {
  return is_one_of(kKeys, key) || is_one_of(kRoundings, key) || is_one_of(kLimits, key);
}

std::optional<StraightDiode> find_straight_diode(const Token& model, const Scope& scope) {
  if (scope.dialect() != Dialect::kLtspice) return std::nullopt;
  Line line(scope.dialect());
  line.reset(scope.text_of_model(model));
  line.take();  // the name
  if (!line.accept_word("d")) return std::nullopt;
  const std::vector<Assignment> assignments = read_assignments(line);
  const bool is_straight =
      std::any_of(assignments.begin(), assignments.end(),
                  [](const Assignment& a) { return is_one_of(kKeys, a.name.text); });
  if (!is_straight) return std::nullopt;
  StraightDiode diode;
  const Scope& home = scope.scope_of_model(model);
  for (const Assignment& assignment : assignments) read_parameter(assignment, home, diode);
  if (diode.roff == 0) diode.roff = 1 / scope.circuit().options.gmin;
  if (diode.rrev == 0) diode.rrev = diode.ron;
  return diode;
}

}  // namespace wordline
