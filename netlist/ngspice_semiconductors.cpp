#include "wordline/netlist/ngspice_semiconductors.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cmath>
#include <string>
#include <string_view>

#include "wordline/base/error.hpp"
#include "wordline/netlist/ngspice_elements.hpp"

namespace wordline {

namespace {

// Parameters that ngspice lacks; they must have their defaults.
bool is_unknown_to_ngspice(const ModelType& type, const ParameterInfo& parameter) {
  return type.name == "jfet" && parameter.name == "n";
}

class SemiconductorWriter {
 public:
  SemiconductorWriter(const Circuit& circuit, const NgspiceNames& names, std::ostream& out)
      : circuit_(circuit), names_(names), out_(out) {}

  void write_models() {
    for (std::size_t k = 0; k < circuit_.models.size(); ++k) {
      const ModelCard& card = circuit_.models[k];
      if (is_model_of_ngspice(card)) write_model(k, card);
    }
  }

  void write_diodes() {
    for (std::size_t k = 0; k < circuit_.diodes.size(); ++k) {
      const DiodeInstance& d = circuit_.diodes.rows[k];
      print("{} {} {} {}", names_.element(circuit_.diodes.names, k), node(d.p), node(d.n),
            model(d.model));
      // By its name: ngspice 39 takes a bare number after the model for the model.
      write_if_not(1, "area", d.area);
      write_if_not(0, "pj", d.perimeter);
      write_common(d);
    }
  }

  void write_bipolars() {
    for (std::size_t k = 0; k < circuit_.bipolars.size(); ++k) {
      const BipolarInstance& q = circuit_.bipolars.rows[k];
      print("{} {} {} {} {} {}", names_.element(circuit_.bipolars.names, k), node(q.collector),
            node(q.base), node(q.emitter), node(q.substrate), model(q.model));
      write_if_not(1, "area", q.area);
      write_if_not(q.area, "areab", q.base_area);
      write_if_not(q.area, "areac", q.collector_area);
      write_common(q);
    }
  }

  void write_jfets() {
    for (std::size_t k = 0; k < circuit_.jfets.size(); ++k) {
      const JfetInstance& j = circuit_.jfets.rows[k];
      print("{} {} {} {} {}", names_.element(circuit_.jfets.names, k), node(j.drain), node(j.gate),
            node(j.source), model(j.model));
      write_if_not(1, "area", j.area);
      write_common(j);
    }
  }

  void write_mosfets() {
    for (std::size_t k = 0; k < circuit_.mosfets.size(); ++k) {
      const MosfetInstance& m = circuit_.mosfets.rows[k];
      const ModelCard& card = circuit_.models[static_cast<std::size_t>(m.model)];
      if (!is_model_of_ngspice(card)) {
        throw Error(fmt::format("ngspice has no transistor like {}, of type {}", card.name,
                                card.type->name));
      }
      print("{} {} {} {} {} {} w={} l={}", names_.element(circuit_.mosfets.names, k), node(m.drain),
            node(m.gate), node(m.source), node(m.bulk), model(m.model), m.width, m.length);
      write_if_not(0, "ad", m.drain_area);
      write_if_not(0, "as", m.source_area);
      write_if_not(0, "pd", m.drain_perimeter);
      write_if_not(0, "ps", m.source_perimeter);
      write_if_not(1, "nrd", m.drain_squares);
      write_if_not(1, "nrs", m.source_squares);
      write_common(m);
    }
  }

 private:
  template <class... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    fmt::print(out_, format, std::forward<Args>(args)...);
  }
  const std::string& node(NodeId id) const { return names_.node(id); }
  const std::string& model(std::int32_t k) const {
    return names_.model(static_cast<std::size_t>(k));
  }

  void write_model(std::size_t k, const ModelCard& card) {
    print(".model {} {} (level={}", names_.model(k), card.type->kind, card.type->level);
    for (std::size_t p = 0; p < card.values.size(); ++p) {
      const ParameterInfo& parameter = card.type->parameters[p];
      const double value = card.values[p];
      if (!std::isfinite(value)) continue;  // derived, or without limit
      if (is_unknown_to_ngspice(*card.type, parameter)) {
        if (value == parameter.default_value) continue;
        throw Error(fmt::format("ngspice has no parameter {} of a {}, which {} gives",
                                parameter.name, card.type->name, card.name));
      }
      print("\n+ {}={}", parameter.name, value);
    }
    print(")\n");
  }

  void write_if_not(double usual, std::string_view name, double value) {
    if (value != usual) print(" {}={}", name, value);
  }

  // The end of a line: what all devices have.
  template <class Row>
  void write_common(const Row& row) {
    write_if_not(1, "m", row.multiplicity);
    if (row.temperature.celsius) {
      print(" temp={}", *row.temperature.celsius);
    } else {
      write_if_not(0, "dtemp", row.temperature.warmer_by);
    }
    if (row.off) print(" off");
    write_initial(row.initial);
    print("\n");
  }

  void write_initial(std::span<const double> initial) {
    std::size_t given = initial.size();
    while (given > 0 && std::isnan(initial[given - 1])) --given;
    for (std::size_t k = 0; k < given; ++k) {
      print("{}{}", k == 0 ? " ic=" : ",", initial[k]);
    }
  }

  const Circuit& circuit_;
  const NgspiceNames& names_;
  std::ostream& out_;
};

}  // namespace

void write_ngspice_models(const Circuit& circuit, const NgspiceNames& names, std::ostream& out) {
  SemiconductorWriter(circuit, names, out).write_models();
}

void write_ngspice_semiconductors(const Circuit& circuit, const NgspiceNames& names,
                                  std::ostream& out) {
  SemiconductorWriter writer(circuit, names, out);
  writer.write_diodes();
  writer.write_bipolars();
  writer.write_jfets();
  writer.write_mosfets();
}

}  // namespace wordline
