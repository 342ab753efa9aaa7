#include "wordline/netlist/elements/elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace wordline {

void read_resistor(Line& line, Scope& scope);
void read_capacitor(Line& line, Scope& scope);
void read_inductor(Line& line, Scope& scope);
void read_coupling(Line& line, Scope& scope);
void read_voltage_source(Line& line, Scope& scope);
void read_current_source(Line& line, Scope& scope);
void read_vcvs(Line& line, Scope& scope);
void read_vccs(Line& line, Scope& scope);
void read_ccvs(Line& line, Scope& scope);
void read_cccs(Line& line, Scope& scope);
void read_behavioural(Line& line, Scope& scope);
void read_diode(Line& line, Scope& scope);
void read_bipolar(Line& line, Scope& scope);
void read_jfet(Line& line, Scope& scope);
void read_compiled_device(Line& line, Scope& scope);
void read_mosfet(Line& line, Scope& scope);
void read_voltage_switch(Line& line, Scope& scope);
void read_current_switch(Line& line, Scope& scope);
void read_transmission_line(Line& line, Scope& scope);
void read_instance(Line& line, Scope& scope);
void read_memristor(Line& line, Scope& scope);

std::span<const Element> elements() {
  static constexpr std::array<Element, 21> kElements = {{
      {'r', false, read_resistor, "Rname n+ n- value [model] [tc1= tc2= ...]"},
      {'c', false, read_capacitor, "Cname n+ n- value [model] [ic=volts]"},
      {'l', false, read_inductor, "Lname n+ n- value [model] [ic=amperes]"},
      {'k', true, read_coupling, "Kname L1 L2 [L3 ...] coupling"},
      {'v', false, read_voltage_source, "Vname n+ n- [dc] value [PULSE(...)|SIN(...)|...]"},
      {'i', false, read_current_source, "Iname n+ n- [dc] value [PULSE(...)|SIN(...)|...]"},
      {'e', true, read_vcvs, "Ename n+ n- nc+ nc- gain"},
      {'g', true, read_vccs, "Gname n+ n- nc+ nc- transconductance"},
      {'h', true, read_ccvs, "Hname n+ n- Vname transresistance"},
      {'f', true, read_cccs, "Fname n+ n- Vname gain"},
      {'b', true, read_behavioural, "Bname n+ n- V={expression} or I={expression}"},
      {'d', false, read_diode, "Dname n+ n- model [area]"},
      {'q', false, read_bipolar, "Qname collector base emitter [substrate] model [area]"},
      {'j', false, read_jfet, "Jname drain gate source model [area]"},
      {'m', false, read_mosfet, "Mname drain gate source bulk model [L= W= ...]"},
      {'n', false, read_compiled_device, "Nname nodes... model [parameter=value ...]"},
      {'s', false, read_voltage_switch, "Sname n+ n- nc+ nc- model [on|off]"},
      {'w', true, read_current_switch, "Wname n+ n- Vname model [on|off]"},
      {'t', false, read_transmission_line, "Tname p1 n1 p2 n2 z0=ohm td=seconds"},
      {'x', false, read_instance, "Xname nodes... subcircuit [parameter=value ...]"},
      {'y', true, read_memristor, "YMEMRISTOR name n+ n- model [x0=|g=|rinit=]"},
  }};
  return kElements;
}

const Element* find_element(char letter) {
  const char lower =
      letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  const auto table = elements();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [lower](const Element& e) { return e.letter == lower; });
  return found == table.end() ? nullptr : &*found;
}

void note_factor(const Token& name, double factor, const Scope& scope) {
  if (factor != 1) scope.circuit().factors.emplace(scope.full_name(name.text), factor);
}

double read_multiplicity(const Token& value, const Scope& scope) {
  const double m = scope.value(value);
  if (m <= 0) fail(value, fmt::format("m = {} is no number of parallel devices", m));
  return m;
}

void fail_unknown(const Assignment& assignment, std::initializer_list<std::string_view> known) {
  fail(assignment.name, fmt::format("'{}' is no parameter of this element", assignment.name.text),
       did_you_mean(assignment.name.text, {known.begin(), known.end()}));
}

}  // namespace wordline
