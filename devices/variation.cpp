#include "wordline/devices/variation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {

namespace {

// Less would take too many draws.
constexpr double kLeastPart = 1e-3;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double cdf(const Distribution& d, double x) {
  switch (d.kind) {
    case Distribution::Kind::kUniform:
      return std::clamp((x - d.a) / (d.b - d.a), 0.0, 1.0);
    case Distribution::Kind::kGauss:
      return normal_cdf((x - d.a) / d.b);
    default:
      return x > 0 ? normal_cdf(std::log(x / d.a) / d.b) : 0.0;
  }
}

double draw_once(const Distribution& d, RandomStream& random) {
  switch (d.kind) {
    case Distribution::Kind::kUniform:
      return d.a + (d.b - d.a) * random.uniform();
    case Distribution::Kind::kGauss:
      return d.a + d.b * random.normal();
    default:
      return d.a * std::exp(d.b * random.normal());
  }
}

bool too_close(const ModelType& type, std::span<const double> values, const Variations& rule) {
  const int on = type.find("ron");
  const int off = type.find("roff");
  if (on < 0 || off < 0) return false;
  const double a = values[static_cast<std::size_t>(on)];
  const double b = values[static_cast<std::size_t>(off)];
  const double allowed = std::max(rule.resistance_rel_tol * std::max(std::abs(a), std::abs(b)),
                                  rule.resistance_abs_tol);
  return std::abs(a - b) < allowed;
}

}  // namespace

std::string Distribution::fault() const {
  for (const double x : {a, b}) {
    if (!std::isfinite(x)) return "its arguments must be finite";
  }
  if (kind == Kind::kUniform ? !(a <= b) : !(b >= 0)) {
    return kind == Kind::kUniform ? "its upper end is below the lower"
                                  : "its deviation is negative";
  }
  if (kind == Kind::kLognormal && !(a > 0)) return "its median must be positive";
  if (!(cycle >= 0)) return "its deviation from cycle to cycle is negative";
  if (cycle > 0 && kind == Kind::kUniform) return "it has no deviation from cycle to cycle";
  if (!(low <= high)) return "its maximum is below its minimum";
  if (part_kept() < kLeastPart) return "next to nothing of it lies within its limits";
  return "";
}

double Distribution::part_kept() const {
  if (a == b && kind == Kind::kUniform) return a >= low && a <= high ? 1 : 0;
  if (b == 0 && kind != Kind::kUniform) return a >= low && a <= high ? 1 : 0;
  return cdf(*this, high) - cdf(*this, low);
}

double Distribution::middle() const {
  return std::clamp(kind == Kind::kUniform ? 0.5 * (a + b) : a, low, high);
}

double Distribution::draw(RandomStream& random) const {
  double x = draw_once(*this, random);
  while (!(x >= low && x <= high)) x = draw_once(*this, random);
  return x;
}

double Distribution::draw_cycle(double value, RandomStream& random) const {
  if (cycle == 0) return value;
  const Distribution around{kind, value, cycle, low, high};
  return around.draw(random);
}

bool Variations::has_cycles() const {
  return std::any_of(rows.begin(), rows.end(),
                     [](const Row& row) { return row.distribution.cycle > 0; });
}

namespace {

// Draws what varies by `draw`, again and again until it fits together.
template <class Draw>
std::vector<double> draw_fitting(const ModelType& type, std::span<const double> values,
                                 const Variations& variations, const Draw& draw) {
  std::vector<double> drawn(values.begin(), values.end());
  std::string fault;
  for (int redraws = 0; redraws <= variations.most_redraws; ++redraws) {
    for (std::size_t k = 0; k < variations.rows.size(); ++k) {
      drawn[variations.rows[k].parameter] = draw(k);
    }
    fault = type.check == nullptr ? "" : type.check(drawn);
    if (fault.empty() && too_close(type, drawn, variations)) fault = "ron and roff are too close";
    if (fault.empty()) return drawn;
  }
  throw Error(fmt::format("drawn {} times, parameters of a {} do not fit together: {}",
                          variations.most_redraws + 1, type.name, fault));
}

std::vector<RandomStream> streams_of(const ModelType& type, const Variations& variations,
                                     std::uint64_t seed, std::uint64_t stream,
                                     std::uint64_t event) {
  std::vector<RandomStream> streams;
  streams.reserve(variations.rows.size());
  for (const Variations::Row& row : variations.rows) {
    streams.emplace_back(seed, stream, stream_of(type.parameters[row.parameter].name), event);
  }
  return streams;
}

}  // namespace

std::vector<double> draw_parameters(const ModelType& type, std::span<const double> values,
                                    const Variations& variations, std::uint64_t seed,
                                    std::uint64_t stream) {
  std::vector<RandomStream> streams = streams_of(type, variations, seed, stream, 0);
  return draw_fitting(type, values, variations, [&](std::size_t k) {
    return variations.rows[k].distribution.draw(streams[k]);
  });
}

std::vector<double> draw_cycle(const ModelType& type, std::span<const double> own,
                               const Variations& variations, std::uint64_t seed,
                               std::uint64_t stream, std::uint64_t cycle) {
  std::vector<RandomStream> streams = streams_of(type, variations, seed, stream, cycle);
  return draw_fitting(type, own, variations, [&](std::size_t k) {
    const Variations::Row& row = variations.rows[k];
    return row.distribution.draw_cycle(own[row.parameter], streams[k]);
  });
}

}  // namespace wordline
