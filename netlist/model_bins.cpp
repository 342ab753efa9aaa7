#include "wordline/netlist/model_bins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/model_card.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

namespace {

constexpr double kSlack = 1e-9;  // of a limit, for rounding

struct Limit {
  std::string_view name;
  double ModelBin::*field;
};

constexpr std::array<Limit, 4> kLimits = {{{"lmin", &ModelBin::lmin},
                                           {"lmax", &ModelBin::lmax},
                                           {"wmin", &ModelBin::wmin},
                                           {"wmax", &ModelBin::wmax}}};

ModelBin read_bin(std::string_view text, const Scope& scope) {
  Line line(scope.dialect());
  line.reset(text);
  ModelBin bin{line.expect_word("the model's name")};
  line.take();
  for (const auto& [name, value] : read_assignments(line)) {
    for (const Limit& limit : kLimits) {
      if (equal_ignoring_case(name.text, limit.name)) bin.*limit.field = scope.value(value);
    }
  }
  return bin;
}

double size_on(const Line& line, std::string_view name, double size, const Scope& scope) {
  Line rest = line;
  while (!rest.done()) {
    const auto assignment = rest.accept_assignment();
    if (!assignment) {
      rest.take();
    } else if (equal_ignoring_case(assignment->name.text, name)) {
      size = scope.value(assignment->value) * scope.circuit().options.scale;
    }
  }
  return size;
}

// A bin reaches up to the begin of the next; the last one holds its end.
bool fits(double value, double low, double high, bool with_end) {
  return value >= low * (1 - kSlack) &&
         (value < high * (1 - kSlack) || (with_end && value <= high * (1 + kSlack)));
}

}  // namespace

bool is_bin_limit(std::string_view key) {
  return std::any_of(kLimits.begin(), kLimits.end(),
                     [key](const Limit& limit) { return limit.name == key; });
}

const std::vector<ModelBin>& Scope::bins(const std::string& model) const {
  const auto [place, is_new] = bins_.try_emplace(model);
  if (!is_new) return place->second;
  const std::string prefix = model + '.';
  for (const auto& [name, text] : block().models) {
    const std::string_view number =
        std::string_view(name).substr(std::min(prefix.size(), name.size()));
    const bool is_bin =
        name.starts_with(prefix) && !number.empty() &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (is_bin) place->second.push_back(read_bin(text, *this));
  }
  std::sort(place->second.begin(), place->second.end(), [](const ModelBin& a, const ModelBin& b) {
    return std::pair(a.lmin, a.wmin) < std::pair(b.lmin, b.wmin);
  });
  return place->second;
}

Token find_bin(const Token& name, const Line& line, const Scope& scope) {
  const std::string key = to_lower(name.text);
  const Scope* home = &scope;
  while (home != nullptr && !home->block().models.contains(key) && home->bins(key).empty()) {
    home = home->enclosing();
  }
  if (home == nullptr || home->block().models.contains(key)) return name;
  const Options& options = scope.circuit().options;
  const double length = size_on(line, "l", options.channel_length, scope);
  const double width = size_on(line, "w", options.channel_width, scope);
  for (const bool with_end : {false, true}) {
    for (const ModelBin& bin : home->bins(key)) {
      if (fits(length, bin.lmin, bin.lmax, with_end) && fits(width, bin.wmin, bin.wmax, with_end)) {
        return bin.name;
      }
    }
  }
  std::string known;
  for (const ModelBin& bin : home->bins(key)) {
    known += fmt::format("{}{}: L {:g} to {:g}, W {:g} to {:g}", known.empty() ? "" : "; ",
                         bin.name.text, bin.lmin, bin.lmax, bin.wmin, bin.wmax);
  }
  fail(name,
       fmt::format("no bin of model '{}' holds L = {:g} m, W = {:g} m", name.text, length, width),
       known);
}

}  // namespace wordline
