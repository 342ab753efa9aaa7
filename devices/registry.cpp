#include "wordline/devices/registry.hpp"

#include <algorithm>
#include <array>

#include "wordline/devices/diode.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"
#include "wordline/devices/mos1.hpp"

namespace wordline {

namespace {

template <Memristor M>
ModelType memristor() {
  return {
      .kind = "memristor",
      .name = M::kName,
      .level = M::kLevel,
      .title = M::kTitle,
      .reference = M::kReference,
      .parameters = describe_parameters<M>(),
      .state_unit = M::kStateUnit,
      .make_bank = []() -> std::unique_ptr<MemristorBank> {
        return std::make_unique<MemristorBankOf<M>>();
      },
      .check = [](std::span<const double> values) { return from_values<M>(values).check(); },
      .spice_equations =
          [](std::span<const double> values) { return from_values<M>(values).spice_equations(); },
      .bounds = [](std::span<const double> values) { return from_values<M>(values).bounds(); },
      .initial_state =
          [](std::span<const double> values) { return from_values<M>(values).initial_state(); }};
}

ModelType diode() {
  return {.kind = "d",
          .name = "diode",
          .title = "junction diode",
          .reference = "SPICE",
          .parameters = describe_parameters<DiodeCard>()};
}

ModelType mos1(std::string_view kind) {
  return {.kind = kind,
          .name = "mos1",
          .title = "MOS transistor, square law",
          .reference = "H. Shichman, D. A. Hodges, IEEE J. Solid-State Circuits 3 (1968) 285",
          .parameters = describe_parameters<Mos1Card>(),
          .check = [](std::span<const double> values) {
            return from_values<Mos1Card>(values).check();
          }};
}

const std::vector<ModelType>& table() {
  static const std::vector<ModelType> types = [] {
    std::vector<ModelType> t;
    t.push_back(memristor<StaticResistance>());
    t.push_back(memristor<Yakopcic>());
    t.push_back(memristor<Vteam>());
    t.push_back(diode());
    t.push_back(mos1("nmos"));
    t.push_back(mos1("pmos"));
    return t;
  }();
  return types;
}

template <class Predicate>
const ModelType* find_if(Predicate matches) {
  const auto found = std::find_if(table().begin(), table().end(), matches);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace

std::vector<double> ModelType::defaults() const {
  std::vector<double> values;
  for (const ParameterInfo& p : parameters) values.push_back(p.default_value);
  return values;
}

int ModelType::find(std::string_view parameter) const {
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    if (parameters[k].name == parameter ||
        (!parameter.empty() && parameters[k].alias == parameter)) {
      return static_cast<int>(k);
    }
  }
  return -1;
}

std::span<const ModelType> model_types() { return table(); }

const ModelType* find_model_type(std::string_view kind, int level) {
  return find_if([&](const ModelType& t) { return t.kind == kind && t.level == level; });
}

const ModelType* find_model_type(std::string_view kind, std::string_view name) {
  return find_if([&](const ModelType& t) { return t.kind == kind && t.name == name; });
}

}  // namespace wordline
