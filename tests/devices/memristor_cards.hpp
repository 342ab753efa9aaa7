// Cards of all memristor models, for tests that hold for every one of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/devices/registry.hpp"

namespace wordline::testing {

struct MemristorCard {
  std::string name;
  const ModelType* model;
  std::vector<double> values;
};

// Gives a card the curve of these points x1, y1, x2, y2 ...
inline void append_curve(std::vector<double>& values, const ModelType& model,
                         std::string_view parameter, const std::vector<double>& points) {
  values.at(static_cast<std::size_t>(model.find(parameter))) = static_cast<double>(values.size());
  values.push_back(static_cast<double>(points.size() / 2));
  values.insert(values.end(), points.begin(), points.end());
}

// Every model with its defaults, and the branches of those that have some.
inline std::vector<MemristorCard> memristor_cards() {
  std::vector<MemristorCard> cards;
  for (const ModelType& type : model_types()) {
    if (type.kind != "memristor") continue;
    cards.push_back({std::string(type.name), &type, type.defaults()});
  }
  const auto add = [&](const std::string& name, std::string_view model,
                       const std::vector<std::pair<std::string_view, double>>& parameters) {
    const ModelType* type = find_model_type("memristor", model);
    MemristorCard card{name, type, type->defaults()};
    for (const auto& [parameter, value] : parameters) {
      card.values.at(static_cast<std::size_t>(type->find(parameter))) = value;
    }
    cards.push_back(card);
  };
  add("static_sinh", "static", {{"iv", 1}, {"gmin", 1e-6}, {"gmax", 1e-3}});
  add("static_poly", "static", {{"iv", 2}, {"c2", 0.7}, {"c3", 0.4}, {"gmin", 1e-6}, {"gmax", 1}});
  add("hp_strukov", "hp", {{"window", 1}});
  add("hp_joglekar", "hp", {{"window", 2}, {"p", 2}});
  add("hp_biolek", "hp", {{"window", 3}, {"p", 3}});
  add("hp_prodromakis", "hp", {{"window", 4}, {"p", 4}, {"j", 1.2}});
  add("hp_zha", "hp", {{"window", 5}, {"p", 4}, {"j", 1.2}});
  add("team_joglekar", "team", {{"window", 1}, {"p", 2}});
  add("team_biolek", "team", {{"window", 2}, {"p", 3}});
  add("team_prodromakis", "team", {{"window", 3}, {"p", 2.5}, {"j", 1.3}, {"d", 4e-9}});
  add("team_kvatinsky", "team",
      {{"iv", 1}, {"window", 4}, {"aon", 0.3e-9}, {"aoff", 2.7e-9}, {"wc", 107e-12}});
  add("team_runaway", "team", {{"alphaon", 10}, {"kon", -4.68e-22}});
  add("mms_generalised", "mms", {{"phi", 0.8}, {"ar", 5e-4}, {"br", 3}});
  add("pershin_smooth", "pershin", {{"alpha", 1e11}, {"smooth", 0.1}});
  add("data_driven_rising", "data_driven", {{"sp", 0.3}, {"tp", 0.3}, {"rp0", 2800}, {"rp1", 90}});
  add("memdiode_bare", "memdiode", {{"rsmin", 0}, {"rsmax", 0}});
  add("simmons_bare", "simmons", {{"rs", 0}});
  add("reram_quasistatic", "reram", {{"thermal", 1}});
  add("stanford_without_threshold", "stanford", {{"fmin", 0}});
  add("stanford_two_fields", "stanford", {{"fmin", 0}, {"gamma0n", 12}, {"gmax", 3e-9}});
  add("pcm_drifted", "pcm", {{"age", 1e5}});
  add("pem_curves", "pem", {{"c2", 2000}});
  append_curve(cards.back().values, *cards.back().model, "fxpdata", {0, 0.8, 0.5, 0.6, 1, 0});
  append_curve(cards.back().values, *cards.back().model, "fxmdata", {0, 0, 0.4, -0.3, 1, -0.5});
  add("vteam_windowed", "vteam",
      {{"iv", 1}, {"window", 1}, {"a_on", 0.3e-9}, {"a_off", 2.7e-9}, {"aoff", 2.5}});
  add("vteam_smooth", "vteam", {{"smooth", 0.1}});
  add("yakopcic_reversed", "yakopcic", {{"eta", -1}, {"a2", 0.1}, {"b", 0.7}});
  add("yakopcic_steep", "yakopcic", {{"alphap", 20}, {"alphan", 30}, {"xp", 0.1}, {"xn", 0.1}});
  return cards;
}

}  // namespace wordline::testing
