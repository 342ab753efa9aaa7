#include "wordline/devices/registry.hpp"

#include <algorithm>

#include "wordline/devices/bipolar.hpp"
#include "wordline/devices/diode.hpp"
#include "wordline/devices/jfet.hpp"
#include "wordline/devices/memristor/models.hpp"
#include "wordline/devices/passive_cards.hpp"
#include "wordline/devices/switch_cards.hpp"
#include "wordline/devices/transistor.hpp"

namespace wordline {

namespace {

using Values = std::span<const double>;

template <Memristor M>
ModelType memristor_type() {
  return {.kind = "memristor",
          .name = M::kName,
          .level = M::kLevel,
          .title = M::kTitle,
          .reference = M::kReference,
          .equations = M::kEquations,
          .parameters = describe_parameters<M>(),
          .check = [](Values v) { return from_values<M>(v).check(); },
          .state_unit = M::kStateUnit,
          .make_bank = []() -> std::unique_ptr<MemristorBank> {
            return std::make_unique<MemristorBankOf<M>>();
          },
          .spice_equations = [](Values v) { return from_values<M>(v).spice_equations(); },
          .bounds =
              [](Values v) {
                const auto [low, high] = from_values<M>(v).bounds();
                return Bounds{shown_state<M>(low).value, shown_state<M>(high).value};
              },
          .initial_state =
              [](Values v) { return shown_state<M>(from_values<M>(v).initial_state()).value; }};
}

template <class... M>
std::vector<ModelType> memristor_types(MemristorList<M...> /*models*/) {
  return {memristor_type<M>()...};
}

ModelType diode_type() {
  return {.kind = "d",
          .name = "diode",
          .title = "junction diode",
          .reference = "P. Antognetti, G. Massobrio, Semiconductor Device Modeling with SPICE",
          .equations = DiodeCard::kEquations,
          .parameters = describe_parameters<DiodeCard>()};
}

template <class Model, class Card>
ModelType transistor_type(std::string_view kind, std::string_view name, int level,
                          std::string_view title, std::string_view reference) {
  return {.kind = kind,
          .name = name,
          .level = level,
          .title = title,
          .reference = reference,
          .equations = Model::kEquations,
          .parameters = describe_parameters<Card>(),
          .check = [](Values v) { return from_values<Card>(v).check(); }};
}

ModelType bipolar_type(std::string_view kind) {
  return transistor_type<BipolarCard, BipolarCard>(
      kind, "bipolar", 1, "bipolar transistor of Gummel and Poon",
      "H. K. Gummel, H. C. Poon, Bell Syst. Tech. J. 49 (1970) 827");
}

ModelType jfet_type(std::string_view kind) {
  return transistor_type<JfetCard, JfetCard>(
      kind, "jfet", 1, "junction field effect transistor of Shichman and Hodges",
      "H. Shichman, D. A. Hodges, IEEE J. Solid-State Circuits 3 (1968) 285");
}

ModelType mos1_type(std::string_view kind) {
  return transistor_type<Mos1, Mos1Card>(
      kind, "mos1", 1, "Shichman-Hodges transistor with Meyer's gate capacitances",
      "H. Shichman, D. A. Hodges, IEEE J. Solid-State Circuits 3 (1968) 285");
}

ModelType mos3_type(std::string_view kind) {
  return transistor_type<Mos3, Mos3Card>(kind, "mos3", 3,
                                         "semi-empirical transistor of short and narrow channels",
                                         "A. Vladimirescu, S. Liu, UCB/ERL M80/7 (1980)");
}

ModelType ekv_type(std::string_view kind) {
  return transistor_type<Ekv, Mos1Card>(
      kind, "ekv", 44, "EKV transistor of a long channel, smooth in all regions",
      "C. C. Enz, F. Krummenacher, E. A. Vittoz, Analog Integr. Circ. Sig. Proc. 8 (1995) 83");
}

constexpr std::string_view kNagel =
    "L. W. Nagel, D. O. Pederson, UCB/ERL M382 (1973); parameters as in ngspice";

template <class Card>
ModelType plain_type(std::string_view kind, std::string_view name, std::string_view title,
                     std::string_view reference) {
  return {.kind = kind,
          .name = name,
          .title = title,
          .reference = reference,
          .equations = Card::kEquations,
          .parameters = describe_parameters<Card>()};
}

ModelType hysteretic_switch_type(std::string_view kind) {
  return plain_type<HystereticSwitchCard>(kind, kind == "sw" ? "switch" : "cswitch",
                                          "switch with hysteresis", kNagel);
}

ModelType smooth_switch_type(std::string_view kind) {
  ModelType type = plain_type<SmoothSwitchCard>(kind, kind, "switch with a smooth transition",
                                                "PSpice and Xyce reference guides, S and W");
  type.check = [](Values v) { return from_values<SmoothSwitchCard>(v).check(); };
  return type;
}

std::vector<ModelType> make_types() {
  std::vector<ModelType> types = memristor_types(MemristorModels{});
  types.insert(types.end(),
               {
                   diode_type(),
                   bipolar_type("npn"),
                   bipolar_type("pnp"),
                   jfet_type("njf"),
                   jfet_type("pjf"),
                   mos1_type("nmos"),
                   mos1_type("pmos"),
                   mos3_type("nmos"),
                   mos3_type("pmos"),
                   ekv_type("nmos"),
                   ekv_type("pmos"),
                   plain_type<ResistorCard>("r", "resistor", "resistor of a sheet", kNagel),
                   plain_type<CapacitorCard>("c", "capacitor", "capacitor of a plate", kNagel),
                   plain_type<InductorCard>(
                       "l", "inductor", "coil",
                       "R. Lundin, Proc. IEEE 73 (1985) 1428; parameters as in ngspice"),
                   hysteretic_switch_type("sw"),
                   hysteretic_switch_type("csw"),
                   smooth_switch_type("vswitch"),
                   smooth_switch_type("iswitch"),
               });
  return types;
}

}  // namespace

std::span<const ModelType> model_types() {
  static const std::vector<ModelType> kTypes = make_types();
  return kTypes;
}

std::vector<double> ModelType::defaults() const {
  std::vector<double> values;
  values.reserve(parameters.size());
  for (const ParameterInfo& p : parameters) values.push_back(p.default_value);
  return values;
}

int ModelType::find(std::string_view parameter) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const ParameterInfo& p) {
        return p.name == parameter || (!p.alias.empty() && p.alias == parameter);
      });
  return found == parameters.end() ? -1 : static_cast<int>(found - parameters.begin());
}

const ModelType* find_model_type(std::string_view kind, int level) {
  for (const ModelType& type : model_types()) {
    if (type.kind == kind && type.level == level) return &type;
  }
  return nullptr;
}

const ModelType* find_model_type(std::string_view kind, std::string_view name) {
  for (const ModelType& type : model_types()) {
    if (type.kind == kind && type.name == name) return &type;
  }
  return nullptr;
}

}  // namespace wordline
