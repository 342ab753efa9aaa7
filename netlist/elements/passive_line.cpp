#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "wordline/base/units.hpp"
#include "wordline/netlist/behaviour.hpp"
#include "wordline/netlist/elements/passive.hpp"

namespace wordline {

namespace {

// What follows the digits of a number.
std::string_view suffix(const Token& token) {
  std::string_view text = token.text;
  const std::size_t end = text.find_last_of("0123456789.");
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

// SPICE reads 1F as a femtofarad and 1M as a thousandth: what they say is seldom what was meant.
void warn_of_suffix(const Token& value, char kind, const Scope& scope) {
  if (!value.is_word()) return;
  const std::string_view letters = suffix(value);
  if (kind == 'c' && (letters == "F" || to_lower(letters) == "farad")) {
    scope.warn(value,
               fmt::format("'{}' is {} F: the letter f is femto", value.text, scope.value(value)),
               "leave the unit away");
  } else if (kind == 'r' && (letters == "M" || letters == "MOhm")) {
    scope.warn(value,
               fmt::format("'{}' is {} ohm: the letter m is milli", value.text, scope.value(value)),
               "write meg for a million");
  }
}

double positive(const Assignment& assignment, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (value > 0) return value;
  fail(assignment.value, fmt::format("{} = {} must be positive", assignment.name.text, value));
}

// One parameter of a line, and the letters it belongs to.
struct Parameter {
  std::string_view name;
  std::string_view letters;
  void (*read)(const Assignment& assignment, Line& line, const Scope& scope, PassiveLine& passive);
};

template <std::optional<double> PassiveLine::*field>
void read_number(const Assignment& assignment, Line& /*line*/, const Scope& scope,
                 PassiveLine& passive) {
  passive.*field = scope.value(assignment.value);
}

template <std::optional<double> PassiveLine::*field>
void read_positive(const Assignment& assignment, Line& /*line*/, const Scope& scope,
                   PassiveLine& passive) {
  passive.*field = positive(assignment, scope);
}

template <std::optional<double> PassiveLine::*field>
void read_size(const Assignment& assignment, Line& /*line*/, const Scope& scope,
               PassiveLine& passive) {
  passive.*field = positive(assignment, scope) * scope.circuit().options.scale;
}

template <double PassiveLine::*field>
void read_plain(const Assignment& assignment, Line& /*line*/, const Scope& scope,
                PassiveLine& passive) {
  passive.*field = scope.value(assignment.value);
}

// tc=a or tc=a,b
void read_coefficients(const Assignment& assignment, Line& line, const Scope& scope,
                       PassiveLine& passive) {
  passive.tc1 = scope.value(assignment.value);
  if (line.peek().is(',') && !(line.peek(1).is_word() && line.peek(2).is('='))) line.take();
  if (const auto second = line.accept_value()) passive.tc2 = scope.value(*second);
}

template <double PassiveLine::*field>
void read_parasitic(const Assignment& assignment, Line& /*line*/, const Scope& scope,
                    PassiveLine& passive) {
  passive.*field = scope.value(assignment.value);
  if (passive.*field < 0) {
    fail(assignment.value, fmt::format("{} is negative", to_lower(assignment.name.text)));
  }
}

// What is said of a part, not of its circuit.
void ignore(const Assignment& assignment, Line& /*line*/, const Scope& scope,
            PassiveLine& /*passive*/) {
  scope.warn(assignment.name, fmt::format("'{}' has no effect here", assignment.name.text));
}

constexpr std::array<Parameter, 28> kParameters = {{
    {"m", "rcl",
     [](const Assignment& assignment, Line& /*line*/, const Scope& scope, PassiveLine& passive) {
       passive.multiplicity *= read_multiplicity(assignment.value, scope);
     }},
    {"ic", "cl", read_plain<&PassiveLine::initial>},
    {"tc1", "rcl", read_number<&PassiveLine::tc1>},
    {"tc2", "rcl", read_number<&PassiveLine::tc2>},
    {"tc", "rcl", read_coefficients},
    {"tce", "r", read_number<&PassiveLine::tce>},
    {"temp", "rcl", read_number<&PassiveLine::temperature>},
    {"dtemp", "rcl", read_plain<&PassiveLine::warmer_by>},
    {"scale", "rcl", read_plain<&PassiveLine::scale>},
    {"ac", "r", read_number<&PassiveLine::ac>},
    {"l", "rc", read_size<&PassiveLine::length>},
    {"w", "rc", read_size<&PassiveLine::width>},
    {"nt", "l", read_positive<&PassiveLine::turns>},
    {"q", "c",
     [](const Assignment& assignment, Line& /*line*/, const Scope& /*scope*/,
        PassiveLine& passive) { passive.charge = assignment.value; }},
    {"flux", "l",
     [](const Assignment& assignment, Line& /*line*/, const Scope& /*scope*/,
        PassiveLine& passive) { passive.charge = assignment.value; }},
    {"noisy", "r",
     [](const Assignment& assignment, Line& /*line*/, const Scope& scope,
        PassiveLine& /*passive*/) { scope.value(assignment.value); }},
    {"rser", "cl", read_parasitic<&PassiveLine::series_resistance>},
    {"lser", "c", read_parasitic<&PassiveLine::series_inductance>},
    {"rpar", "cl", read_parasitic<&PassiveLine::parallel_resistance>},
    {"cpar", "cl", read_parasitic<&PassiveLine::parallel_capacitance>},
    {"tol", "rcl", ignore},
    {"pwr", "r", ignore},
    {"v", "c", ignore},
    {"irms", "cl", ignore},
    {"ipk", "l", ignore},
    {"mfg", "rcl", ignore},
    {"pn", "rcl", ignore},
    {"type", "rcl", ignore},
}};

// Names of models that begin as numbers do are taken for numbers.
bool may_be_model(const Token& word, const Scope& scope) {
  constexpr std::string_view kNumeric = "0123456789+-.";
  return word.is_word() && kNumeric.find(word.text.front()) == std::string_view::npos &&
         scope.has_model(word.text);
}

// Whether the names of an element's value are these: r= or resistance=.
bool names_value(std::string_view name, char letter) {
  const std::string_view word = letter == 'r'   ? "resistance"
                                : letter == 'c' ? "capacitance"
                                                : "inductance";
  return equal_ignoring_case(name, std::string_view(&letter, 1)) || equal_ignoring_case(name, word);
}

[[noreturn]] void fail_unknown_parameter(const Assignment& assignment, char letter) {
  std::vector<std::string> known = {std::string(1, letter)};
  for (const Parameter& parameter : kParameters) {
    if (parameter.letters.find(letter) != std::string_view::npos)
      known.emplace_back(parameter.name);
  }
  fail(assignment.name, fmt::format("'{}' is no parameter of this element", assignment.name.text),
       did_you_mean(assignment.name.text, known));
}

void read_assignment(const Assignment& assignment, Line& line, const Scope& scope, char letter,
                     PassiveLine& passive) {
  const auto found =
      std::find_if(kParameters.begin(), kParameters.end(), [&](const Parameter& parameter) {
        return parameter.letters.find(letter) != std::string_view::npos &&
               equal_ignoring_case(assignment.name.text, parameter.name);
      });
  if (found == kParameters.end()) fail_unknown_parameter(assignment, letter);
  found->read(assignment, line, scope, passive);
}

}  // namespace

PassiveLine read_passive_line(Line& line, const Scope& scope, char letter) {
  PassiveLine passive{};
  passive.name = line.head();
  passive.p = scope.node(line.expect_word("a node"));
  passive.n = scope.node(line.expect_word("a node"));
  passive.multiplicity = scope.multiplicity();
  const auto take_value = [&](const Token& token) {
    if (passive.value) fail(token, "the element has two values");
    warn_of_suffix(token, letter, scope);
    passive.value = token;
  };
  const std::string_view kind(&letter, 1);
  while (!line.done()) {
    line.accept_comma();
    if (const auto assignment = line.accept_assignment()) {
      const bool is_value = !passive.value && names_value(assignment->name.text, letter);
      if (is_value) {
        take_value(assignment->value);
      } else {
        read_assignment(*assignment, line, scope, letter, passive);
      }
    } else if (passive.model == nullptr && may_be_model(line.peek(), scope)) {
      const auto model = static_cast<std::size_t>(scope.model(line.take(), {kind}));
      passive.model = &scope.circuit().models[model];
    } else if (!passive.value) {
      take_value(line.expect_value("a value"));
    } else {
      line.expect_end();
    }
  }
  if (passive.value && passive.charge) {
    fail(*passive.charge, letter == 'c' ? "the element has both a capacitance and a charge"
                                        : "the element has both an inductance and a flux");
  }
  if (passive.value || passive.charge || passive.model != nullptr) return passive;
  line.expect_value("a value");
  return passive;
}

}  // namespace wordline
