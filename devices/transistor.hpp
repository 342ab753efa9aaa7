// Transistors of all levels, where one does not know which.
#pragma once

#include <span>
#include <variant>

#include "wordline/devices/ekv.hpp"
#include "wordline/devices/mos1.hpp"
#include "wordline/devices/mos3.hpp"

namespace wordline {

struct ModelType;

using Transistor = std::variant<Mos1, Mos3, Ekv>;

// The transistor of a card: its type, of kind nmos or pmos, and its values in table order. Throws
// Error as the models do.
Transistor make_transistor(const ModelType& type, std::span<const double> values,
                           const MosGeometry& geometry, double temperature_kelvin,
                           double nominal_kelvin);

// What all levels share.
inline const Mosfet& common(const Transistor& transistor) {
  return std::visit([](const Mosfet& model) -> const Mosfet& { return model; }, transistor);
}

inline Mosfet::Channel channel(const Transistor& transistor, const Mosfet::Voltages& v) {
  return std::visit([&](const auto& model) { return model.channel(v.vgs, v.vds, v.vbs); },
                    transistor);
}

inline Mosfet::MeyerHalf gate_capacitances(const Transistor& transistor, double vgs, double vgd,
                                           const Mosfet::Channel& channel) {
  return std::visit([&](const auto& model) { return model.meyer(vgs, vgd, channel); }, transistor);
}

}  // namespace wordline
