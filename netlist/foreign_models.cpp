#include "wordline/netlist/foreign_models.hpp"

#include <algorithm>
#include <array>

namespace wordline {

namespace {

struct Kind {
  std::string_view kind, what;
};

constexpr std::array<Kind, 12> kKinds = {{{"vdmos", "power MOSFETs"},
                                          {"nmf", "MESFETs"},
                                          {"pmf", "MESFETs"},
                                          {"nmesfet", "MESFETs"},
                                          {"nhfet", "heterostructure transistors"},
                                          {"phfet", "heterostructure transistors"},
                                          {"nigbt", "IGBTs"},
                                          {"ltra", "lossy transmission lines"},
                                          {"txl", "lossy transmission lines"},
                                          {"cpl", "coupled transmission lines"},
                                          {"urc", "uniform RC lines"},
                                          {"core", "magnetic cores"}}};

struct Level {
  double level;
  std::string_view name;
};

constexpr std::array<Level, 25> kMosLevels = {{{2, "MOS2"},
                                               {4, "BSIM1"},
                                               {5, "BSIM2"},
                                               {6, "MOS6"},
                                               {7, "MOS7"},
                                               {8, "BSIM3"},
                                               {9, "MOS9, BSIM3 in Xyce"},
                                               {10, "BSIMSOI"},
                                               {12, "EKV in LTspice"},
                                               {14, "BSIM4"},
                                               {18, "VDMOS"},
                                               {49, "BSIM3"},
                                               {53, "BSIM3"},
                                               {54, "BSIM4"},
                                               {57, "BSIMSOI"},
                                               {58, "UFSOI"},
                                               {60, "STAG"},
                                               {66, "HiSIM_HV"},
                                               {68, "HiSIM2"},
                                               {69, "PSP"},
                                               {70, "BSIMSOI"},
                                               {72, "BSIM-CMG"},
                                               {73, "HiSIM_HV"},
                                               {77, "BSIM6"},
                                               {103, "PSP"}}};

constexpr std::array<Level, 5> kBipolarLevels = {
    {{4, "VBIC"}, {6, "Mextram"}, {8, "HICUM"}, {9, "VBIC"}, {11, "VBIC"}}};

constexpr std::array<ForeignElement, 5> kElements = {
    {{'a', "code models of XSPICE", "write a behavioural source: Bname n+ n- V={expression}"},
     {'o', "lossy transmission lines", "T is one without losses; or write a ladder of R, L and C"},
     {'p', "coupled transmission lines", "write a ladder of R, L, K and C"},
     {'u', "uniform RC lines and digital gates",
      "write a ladder of R and C, or behavioural sources"},
     {'z', "MESFETs", "J is a junction FET; .osdi loads models compiled from Verilog-A"}}};

template <class Table>
std::string_view name_of_level(const Table& table, double level) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [level](const Level& known) { return known.level == level; });
  return found == table.end() ? std::string_view() : found->name;
}

}  // namespace

std::string_view foreign_kind(std::string_view kind) {
  if (kind.starts_with("d_")) return "code models of XSPICE";
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [kind](const Kind& known) { return known.kind == kind; });
  return found == kKinds.end() ? std::string_view() : found->what;
}

std::string_view foreign_level(std::string_view kind, double level) {
  if (kind == "nmos" || kind == "pmos") return name_of_level(kMosLevels, level);
  if (kind == "npn" || kind == "pnp") return name_of_level(kBipolarLevels, level);
  return {};
}

ForeignElement foreign_element(char letter) {
  const auto found =
      std::find_if(kElements.begin(), kElements.end(),
                   [letter](const ForeignElement& known) { return known.letter == letter; });
  return found == kElements.end() ? ForeignElement{} : *found;
}

}  // namespace wordline
