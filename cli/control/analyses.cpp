// run, op, dc, tran, ac, noise, tf, sens; alter, altermod, alterparam, reset.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/control/commands.hpp"
#include "wordline/cli/control/expression.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/netlist/analysis_name.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli::control {

namespace {

void run_one(Session& session, const Analysis& analysis) {
  session.has_run = true;
  Waveforms results;
  std::vector<Waveforms> tables;
  const Report report = session.host.run(session.circuit, analysis, results, tables);
  const std::string name(name_of(analysis));
  if (results.points() > 0) session.plots.add(name, results);
  if (std::holds_alternative<NoiseAnalysis>(analysis.what)) {  // its integrals
    for (const Waveforms& table : tables) session.plots.add(name, table);
  }
  if (report.outcome == Outcome::kInterrupted) session.quit = true;
}

// What may be altered of an element: where its number is, and by which names.
struct Quantity {
  double* value;
  std::vector<std::string_view> names;  // "" where a bare value means it
};

template <class Row, class List>
bool find_quantities(Table<Row>& table, const std::string& device, const List& list,
                     std::vector<Quantity>& found) {
  const auto index = table.names.find(device);
  if (!index) return false;
  found = list(table.rows[static_cast<std::size_t>(*index)]);
  return true;
}

std::vector<Quantity> quantities_of(Circuit& circuit, const std::string& device) {
  std::vector<Quantity> found;
  const auto source = [](IndependentSource& s) {
    return std::vector<Quantity>{{&s.function.dc, {"", "dc"}}};
  };
  const auto gain = [](auto& e) { return std::vector<Quantity>{{&e.gain, {"", "gain"}}}; };
  const auto resistor = [](Resistor& r) {
    return std::vector<Quantity>{{&r.ohms, {"", "resistance", "r"}}};
  };
  const auto capacitor = [](Capacitor& c) {
    return std::vector<Quantity>{{&c.farads, {"", "capacitance", "c"}}, {&c.initial, {"ic"}}};
  };
  const auto inductor = [](Inductor& l) {
    return std::vector<Quantity>{{&l.henries, {"", "inductance", "l"}}, {&l.initial, {"ic"}}};
  };
  const auto diode = [](DiodeInstance& d) {
    return std::vector<Quantity>{{&d.area, {"", "area"}}};
  };
  const auto mosfet = [](MosfetInstance& m) {
    return std::vector<Quantity>{{&m.width, {"w"}}, {&m.length, {"l"}}, {&m.multiplicity, {"m"}}};
  };
  const bool known = find_quantities(circuit.resistors, device, resistor, found) ||
                     find_quantities(circuit.capacitors, device, capacitor, found) ||
                     find_quantities(circuit.inductors, device, inductor, found) ||
                     find_quantities(circuit.voltage_sources, device, source, found) ||
                     find_quantities(circuit.current_sources, device, source, found) ||
                     find_quantities(circuit.vcvs, device, gain, found) ||
                     find_quantities(circuit.vccs, device, gain, found) ||
                     find_quantities(circuit.ccvs, device, gain, found) ||
                     find_quantities(circuit.cccs, device, gain, found) ||
                     find_quantities(circuit.diodes, device, diode, found) ||
                     find_quantities(circuit.mosfets, device, mosfet, found);
  if (!known) throw Error(fmt::format("there is no '{}' that could be altered", device));
  return found;
}

// "r1 = 2k", "r1 resistance = 2k", "@r1[resistance] = 2k", each also without its equals sign.
struct Alteration {
  std::string device, parameter, value;
};

Alteration read_alteration(const std::string& text) {
  const std::size_t equals = text.find('=');
  std::string left = text.substr(0, equals);
  Alteration a{.device = to_lower(take_word(left)), .parameter = {}, .value = {}};
  const std::string_view word = a.device;
  const std::size_t open = word.find('[');
  if (word.starts_with('@') && open != std::string_view::npos && word.back() == ']') {
    a.parameter = word.substr(open + 1, word.size() - open - 2);
    a.device = std::string(word.substr(1, open - 1));
  }
  if (equals == std::string::npos) {
    std::string rest = left;
    const std::string first = take_word(rest);
    if (rest.empty()) {
      a.value = first;
    } else {
      a.parameter = to_lower(first);
      a.value = rest;
    }
    return a;
  }
  if (!left.empty()) a.parameter = to_lower(take_word(left));
  a.value = text.substr(equals + 1);
  return a;
}

double number_of(const Alteration& a, Session& session) {
  const Vector value = evaluate(a.value, session.plots);
  if (value.values.size() != 1) throw Error("this takes one number, not a vector");
  const double number = value.values[0].real();
  if (!std::isfinite(number)) throw Error(fmt::format("{} cannot be a value", number));
  return number;
}

void set_parameter(ModelCard& card, const std::string& name, double value) {
  const std::vector<ParameterInfo>& parameters = card.type->parameters;
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const ParameterInfo& parameter) {
        return parameter.name == name || (!name.empty() && parameter.alias == name);
      });
  if (found == parameters.end() || !found->choices.empty() || found->is_curve) {
    throw Error(
        fmt::format("a {} has no parameter '{}' that could be altered", card.type->name, name));
  }
  if (!found->range.contains(value)) {
    throw Error(fmt::format("{} = {} is outside of {}", name, value, found->range.format()));
  }
  card.values[static_cast<std::size_t>(found - parameters.begin())] = value;
  const std::string misfit = card.type->check != nullptr ? card.type->check(card.values) : "";
  if (!misfit.empty()) throw Error(misfit);
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void run_all(Session& session, std::string /*arguments*/) {
  if (session.circuit.analyses.empty()) throw Error("the deck asks for no analysis to run");
  const std::vector<Analysis> analyses = session.circuit.analyses;
  for (const Analysis& analysis : analyses) {
    if (!session.quit) run_one(session, analysis);
  }
}

void run_line(Session& session, const std::string& line) {
  run_one(session, read_analysis(session.circuit, line));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void alter(Session& session, std::string arguments) {
  const Alteration a = read_alteration(arguments);
  const double number = number_of(a, session);
  const double factor = session.circuit.factor_of(a.device);
  for (const Quantity& quantity : quantities_of(session.circuit, a.device)) {
    for (const std::string_view name : quantity.names) {
      if (name != a.parameter) continue;
      const bool is_resistance = quantity.names.back() == "r";
      if (is_resistance && number == 0) throw Error("a resistance of 0 cannot be altered to");
      *quantity.value = number * (quantity.names.front().empty() ? factor : 1);
      return;
    }
  }
  throw Error(fmt::format("'{}' has no '{}' that could be altered", a.device, a.parameter));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void alter_model(Session& session, std::string arguments) {
  const Alteration a = read_alteration(arguments);
  const double number = number_of(a, session);
  bool found = false;
  for (ModelCard& card : session.circuit.models) {
    if (card.name != a.device) continue;
    found = true;
    const std::string_view kind = card.type->kind;
    if (kind == "r" || kind == "c" || kind == "l") {
      throw Error(
          fmt::format("elements took their values from '{}' when they were read: use a parameter "
                      "of the netlist "
                      "there, alterparam and reset",
                      a.device));
    }
    set_parameter(card, a.parameter, number);
  }
  if (!found) throw Error(fmt::format("there is no model '{}' that could be altered", a.device));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void alter_parameter(Session& session, std::string arguments) {
  const std::size_t equals = arguments.find('=');
  std::string left = arguments.substr(0, equals);
  const std::string name = to_lower(take_word(left));
  if (name.empty() || !left.empty() || equals == std::string::npos) {
    throw Error("alterparam is written: alterparam name = value, of a parameter of the top level");
  }
  const Vector value = evaluate(arguments.substr(equals + 1), session.plots);
  if (value.values.size() != 1) throw Error("a parameter takes one number, not a vector");
  const StepTarget target{.kind = StepTarget::Kind::kParameter, .name = name};
  std::erase_if(session.overrides, [&](const Override& o) { return o.target == target; });
  session.overrides.push_back({target, value.values[0].real()});
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): as all commands.
void reset(Session& session, std::string /*arguments*/) {
  const std::shared_ptr<const CircuitSource> source = session.circuit.source;
  session.circuit = source->make({session.overrides, ++session.resets});
  session.circuit.source = source;
}

}  // namespace wordline::cli::control
