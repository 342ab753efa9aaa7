#include "wordline/cli/control/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline::cli::control {

namespace {

struct Constant {
  const char* name;
  Complex value;
};

// Those of ngspice, with the values of CODATA 2018.
const std::vector<Constant> kConstants = {{"pi", std::numbers::pi},
                                          {"e", std::numbers::e},
                                          {"c", 299792458.0},
                                          {"i", {0, 1}},
                                          {"kelvin", -kZeroCelsius},
                                          {"echarge", 1.602176634e-19},
                                          {"boltz", 1.380649e-23},
                                          {"planck", 6.62607015e-34},
                                          {"yes", 1.0},
                                          {"true", 1.0},
                                          {"no", 0.0},
                                          {"false", 0.0}};

}  // namespace

const Vector* Plot::find(std::string_view name) const {
  const std::string wanted = to_lower(name);
  const std::string branch = "#branch";
  std::vector<std::string> names = {wanted, fmt::format("v({})", wanted)};
  if (wanted.ends_with(branch)) {
    names.push_back(fmt::format("i({})", wanted.substr(0, wanted.size() - branch.size())));
  }
  for (const std::string& candidate : names) {
    for (const Vector& vector : vectors) {
      if (to_lower(vector.name) == candidate) return &vector;
    }
  }
  const bool is_sweep = plotname.starts_with("DC") && !vectors.empty();
  return is_sweep && wanted.ends_with("-sweep") ? &vectors.front() : nullptr;
}

std::vector<std::string> Plot::names() const {
  std::vector<std::string> names;
  for (const Vector& vector : vectors) {
    const std::string name = to_lower(vector.name);
    names.push_back(name);
    const bool is_voltage = name.starts_with("v(");
    if (!is_voltage && !name.starts_with("i(")) continue;
    names.push_back(name.substr(2, name.size() - 3) + (is_voltage ? "" : "#branch"));
  }
  return names;
}

Vector& Plot::set(Vector vector) {
  for (Vector& old : vectors) {
    if (old.name == vector.name) return old = std::move(vector);
  }
  return vectors.emplace_back(std::move(vector));
}

Plots::Plots() {
  Plot& constants = plots_["const"];
  constants.id = "const";
  constants.plotname = "Constant values";
  for (const Constant& constant : kConstants) {
    constants.vectors.push_back({.name = constant.name,
                                 .type = "notype",
                                 .unit = "",
                                 .values = {constant.value},
                                 .complex = constant.value.imag() != 0});
  }
}

Plot& Plots::add_plot(const std::string& kind) {
  while (plots_.contains(fmt::format("{}{}", kind, number_))) ++number_;
  current_ = fmt::format("{}{}", kind, number_);
  order_.push_back(current_);
  Plot& plot = plots_[current_];
  plot.id = current_;
  return plot;
}

void Plots::add(const std::string& kind, const Waveforms& waveforms) {
  Plot& plot = add_plot(kind);
  plot.plotname = waveforms.header().plotname;
  const bool complex = waveforms.header().complex;
  for (std::size_t s = 0; s < waveforms.header().signals.size(); ++s) {
    const Signal& signal = waveforms.header().signals[s];
    Vector vector{signal.name, signal.type, signal.unit, {}, complex && s > 0};
    const auto real = waveforms.column(s);
    for (std::size_t k = 0; k < real.size(); ++k) {
      vector.values.emplace_back(real[k], vector.complex ? waveforms.imaginary(s)[k] : 0.0);
    }
    plot.vectors.push_back(std::move(vector));
  }
}

Plot& Plots::add_empty() {
  Plot& plot = add_plot("unknown");
  plot.plotname = "Anonymous";
  return plot;
}

Plot* Plots::find(const std::string& id) {
  const auto found = plots_.find(id);
  return found == plots_.end() ? nullptr : &found->second;
}

Plot& Plots::home_of(std::string_view vector) {
  const bool is_constant = current().find(vector) == nullptr && constants().find(vector) != nullptr;
  return is_constant ? plots_.at("const") : current();
}

void Plots::make_current(const std::string& id) {
  if (find(id) == nullptr) {
    const std::string near = nearest(id, ids());
    throw Error(fmt::format("there is no plot '{}'{}", id,
                            near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
  current_ = id;
}

void Plots::destroy(const std::string& id) {
  if (id == "const") return;
  plots_.erase(id);
  std::erase(order_, id);
  if (current_ == id) current_ = order_.empty() ? "const" : order_.back();
}

void Plots::destroy_all() {
  for (const std::string& id : ids()) destroy(id);
  number_ = 1;
}

std::vector<std::string> Plots::ids() const {
  std::vector<std::string> ids = order_;
  ids.emplace_back("const");
  return ids;
}

const Vector& find_vector(Plots& plots, std::string_view name) {
  if (const Vector* found = plots.current().find(name)) return *found;
  if (const Vector* found = plots.constants().find(name)) return *found;
  const std::size_t dot = name.find('.');
  const Plot* const other =
      dot == std::string_view::npos ? nullptr : plots.find(to_lower(name.substr(0, dot)));
  const Vector* const there = other == nullptr ? nullptr : other->find(name.substr(dot + 1));
  if (there != nullptr) return *there;
  for (const std::string& id : plots.ids()) {
    if (plots.find(id)->find(name) == nullptr) continue;
    throw Error(fmt::format("there is no vector '{0}' in the current plot, {1}; write {2}.{0}",
                            name, plots.current().id, id));
  }
  std::vector<std::string> names;
  for (const Vector& vector : plots.current().vectors) names.push_back(vector.name);
  const std::string near = nearest(to_lower(name), names);
  throw Error(fmt::format("there is no vector '{}'{}", name,
                          near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace wordline::cli::control
