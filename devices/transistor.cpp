#include "wordline/devices/transistor.hpp"

#include "wordline/devices/registry.hpp"

namespace wordline {

Transistor make_transistor(const ModelType& type, std::span<const double> values,
                           const MosGeometry& geometry, double temperature_kelvin,
                           double nominal_kelvin) {
  const int polarity = type.kind == "pmos" ? -1 : 1;
  if (type.name == "mos3") {
    return Mos3(from_values<Mos3Card>(values), geometry, polarity, temperature_kelvin,
                nominal_kelvin);
  }
  const Mos1Card card = from_values<Mos1Card>(values);
  if (type.name == "ekv") {
    return Ekv(card, geometry, polarity, temperature_kelvin, nominal_kelvin);
  }
  return Mos1(card, geometry, polarity, temperature_kelvin, nominal_kelvin);
}

}  // namespace wordline
