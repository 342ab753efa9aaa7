#include "wordline/netlist/ngspice_elements.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <variant>

#include "wordline/devices/switch_cards.hpp"

namespace wordline {

namespace {

const TemperatureLaw* find_law(const std::map<std::int32_t, TemperatureLaw>& laws, std::size_t k) {
  const auto found = laws.find(static_cast<std::int32_t>(k));
  return found == laws.end() ? nullptr : &found->second;
}

std::string initial(double value) {
  return std::isnan(value) ? std::string() : fmt::format(" ic={}", value);
}

}  // namespace

bool is_model_of_ngspice(const ModelCard& card) {
  constexpr std::array<std::string_view, 9> kOthers = {
      "memristor", "r", "c", "l", "sw", "csw", "vswitch", "iswitch", "ekv"};
  return std::none_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) {
    return card.type->kind == other || card.type->name == other;
  });
}

void NgspiceElements::write_value(const std::string& element, const std::string& ends, char letter,
                                  double value, const TemperatureLaw* law,
                                  const std::string& more) const {
  if (law == nullptr) {
    fmt::print(out_, "{} {} {}{}\n", element, ends, value, more);
    return;
  }
  // Only a model has a nominal temperature.
  fmt::print(out_, ".model law_{} {} (tc1={} tc2={} tnom={}", element, letter, law->tc1, law->tc2,
             law->nominal);
  if (law->exponential != 0) fmt::print(out_, " tce={}", law->exponential);
  // ngspice reads the model of a capacitor before its value alone.
  fmt::print(out_, ")\n{} {} law_{} {}{}", element, ends, element, value, more);
  if (law->temperature) fmt::print(out_, " temp={}", *law->temperature);
  if (law->warmer_by != 0) fmt::print(out_, " dtemp={}", law->warmer_by);
  fmt::print(out_, "\n");
}

void NgspiceElements::write_passives() const {
  const auto ends = [this](const auto& row) {
    return fmt::format("{} {}", names_.node(row.p), names_.node(row.n));
  };
  for (std::size_t k = 0; k < circuit_.resistors.size(); ++k) {
    const Resistor& r = circuit_.resistors.rows[k];
    const auto ac = circuit_.ac_resistances.find(static_cast<std::int32_t>(k));
    write_value(names_.element(circuit_.resistors.names, k), ends(r), 'r', r.ohms,
                find_law(circuit_.resistor_laws, k),
                ac == circuit_.ac_resistances.end() ? "" : fmt::format(" ac={}", ac->second));
  }
  for (std::size_t k = 0; k < circuit_.capacitors.size(); ++k) {
    const Capacitor& c = circuit_.capacitors.rows[k];
    write_value(names_.element(circuit_.capacitors.names, k), ends(c), 'c', c.farads,
                find_law(circuit_.capacitor_laws, k), initial(c.initial));
  }
  for (std::size_t k = 0; k < circuit_.inductors.size(); ++k) {
    const Inductor& l = circuit_.inductors.rows[k];
    write_value(names_.element(circuit_.inductors.names, k), ends(l), 'l', l.henries,
                find_law(circuit_.inductor_laws, k), initial(l.initial));
  }
}

// Each has a model of its own, since instances in parallel change all resistances.
void NgspiceElements::write_switches() const {
  for (std::size_t k = 0; k < circuit_.switches.size(); ++k) write_switch(k);
}

void NgspiceElements::write_switch(std::size_t k) const {
  const Switch& row = circuit_.switches.rows[k];
  const ModelCard& model = circuit_.models[static_cast<std::size_t>(row.model)];
  const std::string& name = names_.element(circuit_.switches.names, k);
  const bool is_voltage = row.control < 0;
  const std::string source = is_voltage ? ""
                                        : names_.element(circuit_.voltage_sources.names,
                                                         static_cast<std::size_t>(row.control));
  const SwitchCard either = switch_card(model.type->kind, model.values);
  if (std::holds_alternative<SmoothSwitchCard>(either)) {
    const auto& card = std::get<SmoothSwitchCard>(either);
    const std::string control =
        is_voltage ? fmt::format("(v({})-v({}))", names_.node(row.cp), names_.node(row.cn))
                   : fmt::format("{}*i({})", row.control_scale, source);
    const std::string u = fmt::format("max(-0.5,min(0.5,({}-({}))/({})))", control,
                                      (card.on + card.off) / 2, card.on - card.off);
    fmt::print(out_, "b_{} {} {} i=(v({})-v({}))*{}*exp({}*(1.5*{u}-2*{u}*{u}*{u}))\n", name,
               names_.node(row.p), names_.node(row.n), names_.node(row.p), names_.node(row.n),
               row.multiplicity / std::sqrt(card.ron * card.roff), std::log(card.roff / card.ron),
               fmt::arg("u", u));
    return;
  }
  const auto& card = std::get<HystereticSwitchCard>(either);
  const std::string_view letter = is_voltage ? "v" : "i";
  fmt::print(out_, ".model law_{} {} ({}t={} {}h={} ron={} roff={})\n", name,
             is_voltage ? "sw" : "csw", letter, card.threshold / row.control_scale, letter,
             card.hysteresis / row.control_scale, card.ron / row.multiplicity,
             card.roff / row.multiplicity);
  fmt::print(out_, "{} {} {} {} law_{} {}\n", name, names_.node(row.p), names_.node(row.n),
             is_voltage ? fmt::format("{} {}", names_.node(row.cp), names_.node(row.cn)) : source,
             name, row.on ? "on" : "off");
}

void NgspiceElements::write_lines() const {
  for (std::size_t k = 0; k < circuit_.lines.size(); ++k) {
    const TransmissionLine& line = circuit_.lines.rows[k];
    fmt::print(out_, "{} {} {} {} {} z0={} td={} ic={},{},{},{}\n",
               names_.element(circuit_.lines.names, k), names_.node(line.p1), names_.node(line.n1),
               names_.node(line.p2), names_.node(line.n2), line.impedance, line.delay, line.v1,
               line.i1, line.v2, line.i2);
  }
}

std::string NgspiceElements::quantity(const BehaviouralSource& source, std::size_t k) const {
  const ExpressionInput& input = source.value.inputs()[k];
  switch (input.kind) {
    case ExpressionInput::Kind::kCurrent: {
      const std::string& name =
          names_.element(circuit_.voltage_sources.names, static_cast<std::size_t>(input.p));
      return input.scale == 1 ? fmt::format("i({})", name)
                              : fmt::format("({}*i({}))", input.scale, name);
    }
    case ExpressionInput::Kind::kRate:
      throw Error(
          "a deck for ngspice cannot hold ddt(), nor a capacitance or charge that is an "
          "expression: "
          "ngspice's own ddt() is far off");
    case ExpressionInput::Kind::kFrequency:
      return "hertz";
    case ExpressionInput::Kind::kIntegral:
      throw Error("ngspice has no idt() in expressions");
    case ExpressionInput::Kind::kOwnCurrent:
      throw Error("a deck for ngspice cannot hold an inductance that is an expression");
    default:
      break;
  }
  if (input.n == 0) return fmt::format("v({})", names_.node(input.p));
  if (input.p == 0) return fmt::format("(-v({}))", names_.node(input.n));
  return fmt::format("v({},{})", names_.node(input.p), names_.node(input.n));
}

void NgspiceElements::write_behavioural() const {
  for (std::size_t k = 0; k < circuit_.behavioural.size(); ++k) {
    const BehaviouralSource& row = circuit_.behavioural.rows[k];
    const std::string text =
        row.value.text([&](std::size_t input) { return quantity(row, input); });
    fmt::print(out_, "{} {} {} {}={}\n", names_.element(circuit_.behavioural.names, k),
               names_.node(row.p), names_.node(row.n), row.is_voltage ? 'v' : 'i', text);
  }
}

}  // namespace wordline
