#include "wordline/crossbar/nonidealities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

constexpr int kMostRedraws = 100;

// Random numbers of one entry of the list: its kind and place are purpose and event.
class Draws {
 public:
  Draws(const Devices& devices, std::size_t kind, std::size_t place)
      : seed_(devices.seed),
        first_(stream_of("array of devices", devices.array)),
        kind_(kind),
        place_(place) {}

  // `occasion`: of what happens to a device more than once.
  RandomStream of(std::size_t cell, std::uint64_t occasion = 0) const {
    constexpr unsigned kOccasionShift = 32;
    return {seed_, first_ + cell, kind_, occasion << kOccasionShift | place_};
  }

 private:
  std::uint64_t seed_, first_, kind_, place_;
};

// change(k, g) is the new conductance of every device that is not stuck.
template <class NewConductance>
void for_each_free(Devices& d, const NewConductance& change) {
  for (std::size_t k = 0; k < d.is_stuck.size(); ++k) {
    if (d.is_stuck[k] == 0) d.conductance.values[k] = change(k, d.conductance.values[k]);
  }
}

double clamped(const Devices& d, std::size_t k, double siemens) {
  return std::clamp(siemens, d.lowest.values[k], d.highest.values[k]);
}

void stick(Devices& d, std::size_t k, double siemens) {
  if (d.is_stuck[k] != 0) return;
  d.conductance.values[k] = siemens;
  d.is_stuck[k] = 1;
}

void check_distribution(const Distribution& distribution, const char* what) {
  const std::string fault = distribution.fault();
  if (!fault.empty()) throw Error(fmt::format("the distribution of {}: {}", what, fault));
}

// A pair of resistances that can be one device's.
ConductanceRange draw_range(const Spread& spread, RandomStream& random) {
  for (int redraws = 0; redraws <= kMostRedraws; ++redraws) {
    const double low = spread.lowest_resistance.draw(random);
    const double high = spread.highest_resistance.draw(random);
    if (low > 0 && high >= spread.least_ratio * low) return {1 / high, 1 / low};
  }
  throw Error(
      fmt::format("drawn {} times, the lowest resistance of a device is not below the "
                  "highest",
                  kMostRedraws + 1));
}

void apply_one(Devices& d, const Spread& spread, const Draws& draws) {
  check_distribution(spread.lowest_resistance, "lowest resistances");
  check_distribution(spread.highest_resistance, "highest resistances");
  for (std::size_t k = 0; k < d.is_stuck.size(); ++k) {
    RandomStream random = draws.of(k);
    const ConductanceRange range = draw_range(spread, random);
    d.lowest.values[k] = range.low;
    d.highest.values[k] = range.high;
  }
  for_each_free(d, [&](std::size_t k, double g) { return clamped(d, k, g); });
}

void apply_one(Devices& d, const ProgrammingError& error, const Draws& draws) {
  if (!(error.deviation >= 0)) {
    throw Error(fmt::format("conductances cannot deviate by {}", error.deviation));
  }
  for_each_free(d, [&](std::size_t k, double g) {
    return clamped(d, k, g * std::exp(error.deviation * draws.of(k).normal()));
  });
}

void apply_one(Devices& d, const FiniteStates& states, const Draws& /*draws*/) {
  if (states.count < 2) throw Error(fmt::format("a device of {} states cannot be", states.count));
  for_each_free(d, [&](std::size_t k, double g) {
    const double low = d.lowest.values[k];
    const double step = (d.highest.values[k] - low) / (states.count - 1);
    if (step == 0) return low;
    const double state = std::floor((g - low) / step + 0.5);
    return clamped(d, k, low + step * state);
  });
}

double fault_conductance(const Devices& d, std::size_t k, Fault fault,
                         const std::optional<double>& unformed) {
  if (fault == Fault::kLowResistance) return d.highest.values[k];
  return fault == Fault::kUnformed && unformed ? *unformed : d.lowest.values[k];
}

void check_unformed(const std::optional<double>& siemens) {
  if (siemens && !(*siemens >= 0 && std::isfinite(*siemens))) {
    throw Error(fmt::format("devices that are not formed cannot have {:g} S", *siemens));
  }
}

void apply_one(Devices& d, const FaultMap& map, const Draws& /*draws*/) {
  check_unformed(map.unformed_conductance);
  if (map.faults.size() != d.is_stuck.size()) {
    throw Error(
        fmt::format("a map of {} faults for {} devices", map.faults.size(), d.is_stuck.size()));
  }
  for (std::size_t k = 0; k < map.faults.size(); ++k) {
    if (map.faults[k] == Fault::kNone) continue;
    stick(d, k, fault_conductance(d, k, map.faults[k], map.unformed_conductance));
  }
}

// Devices in random order, of which each kind takes the next.
void apply_one(Devices& d, const Faults& faults, const Draws& draws) {
  const std::size_t n = d.is_stuck.size();
  const auto count = [n](double share) {
    if (!(share >= 0 && share <= 1)) {
      throw Error(fmt::format("a share of {} faults is not between 0 and 1", share));
    }
    // A product that should be whole may have been rounded down.
    return static_cast<std::size_t>(std::floor(share * static_cast<double>(n) * (1 + 1e-14)));
  };
  const std::size_t low = count(faults.low_resistance);
  const std::size_t high = count(faults.high_resistance);
  const std::size_t unformed = count(faults.unformed);
  if (low + high + unformed > n) throw Error("the shares of faults add up to more than 1");
  std::vector<double> keys(n);
  for (std::size_t k = 0; k < n; ++k) keys[k] = draws.of(k).uniform();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return keys[a] != keys[b] ? keys[a] < keys[b] : a < b;
  });
  FaultMap map{std::vector<Fault>(n, Fault::kNone), faults.unformed_conductance};
  for (std::size_t k = 0; k < low + high + unformed; ++k) {
    map.faults[order[k]] = k < low          ? Fault::kLowResistance
                           : k < low + high ? Fault::kHighResistance
                                            : Fault::kUnformed;
  }
  apply_one(d, map, draws);
}

void apply_one(Devices& d, const Drift& drift, const Draws& draws) {
  if (!(drift.initial_time > 0 && drift.time >= drift.initial_time && std::isfinite(drift.time))) {
    throw Error(
        fmt::format("devices cannot drift from {:g} to {:g} s", drift.initial_time, drift.time));
  }
  if (!(drift.coefficient >= 0 && drift.coefficient <= 1 && drift.deviation >= 0)) {
    throw Error(fmt::format("a drift coefficient of {} with a deviation of {} cannot be",
                            drift.coefficient, drift.deviation));
  }
  const double decades = std::log(drift.time / drift.initial_time);
  for_each_free(d, [&](std::size_t k, double g) {
    double own = drift.coefficient;
    if (drift.deviation > 0) own = std::max(0.0, own + drift.deviation * draws.of(k).normal());
    return g * std::exp(-own * decades);
  });
}

void apply_one(Devices& d, const Endurance& endurance, const Draws& /*draws*/) {
  check(endurance);
  for_each_free(d, [&](std::size_t k, double g) {
    if (g == 0) return g;
    const double own = 0.5 * (1 / d.lowest.values[k] + 1 / d.highest.values[k]);
    return 1 / endurance.worn(1 / g, endurance.split.value_or(own));
  });
}

void apply_one(Devices& d, const Change& change, const Draws& /*draws*/) {
  if (!change.law) throw Error("a change of conductances without a law");
  for_each_free(d, [&](std::size_t /*k*/, double g) {
    const double changed = change.law(g);
    if (!(changed >= 0 && std::isfinite(changed))) {
      throw Error(fmt::format("{:g} S cannot change to {:g} S", g, changed));
    }
    return changed;
  });
}

void apply_one(Devices& d, const OpenLine& open, const Draws& /*draws*/) {
  const bool is_word = open.line == Lines::kWord;
  if (open.line == Lines::kSource) throw Error("cells without transistors have no source lines");
  const std::int64_t lines = is_word ? d.conductance.rows : d.conductance.cols;
  const std::int64_t cells = is_word ? d.conductance.cols : d.conductance.rows;
  if (open.index < 0 || open.index >= lines || open.position < 0 || open.position > cells) {
    throw Error(fmt::format("there is no place {} on line {}", open.position, open.index));
  }
  if (open.driven == DrivenEnds::kBoth) return;  // both parts are driven
  const bool is_first = open.driven == DrivenEnds::kFirst;
  const std::int64_t first = is_first ? open.position : 0;
  const std::int64_t last = is_first ? cells : open.position;
  for (std::int64_t k = first; k < last; ++k) {
    const std::int64_t at =
        is_word ? open.index * d.conductance.cols + k : k * d.conductance.cols + open.index;
    // Whatever the device, nothing reaches it.
    d.conductance.values[static_cast<std::size_t>(at)] = 0;
    d.is_stuck[static_cast<std::size_t>(at)] = 1;
  }
}

void apply_one(Devices& d, const ShortedCell& cell, const Draws& /*draws*/) {
  if (cell.row < 0 || cell.row >= d.conductance.rows || cell.col < 0 ||
      cell.col >= d.conductance.cols) {
    throw Error(fmt::format("there is no cell ({}, {})", cell.row, cell.col));
  }
  if (!(cell.resistance > 0)) {
    throw Error(
        fmt::format("a short of {} ohm cannot be; it must be more than 0", cell.resistance));
  }
  stick(d, static_cast<std::size_t>(cell.row * d.conductance.cols + cell.col), 1 / cell.resistance);
}

void apply_one(Devices& d, const NoisyRead& noise, const Draws& draws) {
  if (!(noise.deviation >= 0)) {
    throw Error(fmt::format("reads cannot deviate by {}", noise.deviation));
  }
  for (std::size_t k = 0; k < d.is_stuck.size(); ++k) {
    const double factor = 1 + noise.deviation * draws.of(k, noise.read).normal();
    d.conductance.values[k] *= std::max(0.0, factor);
  }
}

}  // namespace

Devices make_devices(Matrix conductances, const ConductanceRange& range, std::uint64_t seed,
                     std::uint64_t array) {
  if (!(range.low >= 0 && range.low < range.high && std::isfinite(range.high))) {
    throw Error(
        fmt::format("conductances cannot range from {:g} to {:g} S", range.low, range.high));
  }
  const std::size_t n = conductances.values.size();
  if (conductances.rows < 1 || conductances.cols < 1 ||
      std::ssize(conductances.values) != conductances.rows * conductances.cols) {
    throw Error(
        fmt::format("{} x {} conductances make no array", conductances.rows, conductances.cols));
  }
  Devices d{std::move(conductances), {}, {}, std::vector<std::uint8_t>(n), seed, array};
  d.lowest = {d.conductance.rows, d.conductance.cols, std::vector<double>(n, range.low)};
  d.highest = {d.conductance.rows, d.conductance.cols, std::vector<double>(n, range.high)};
  write(d, Matrix(d.conductance));
  return d;
}

void write(Devices& d, const Matrix& conductances) {
  if (conductances.values.size() != d.is_stuck.size()) {
    throw Error(fmt::format("{} conductances for {} devices", conductances.values.size(),
                            d.is_stuck.size()));
  }
  for (const double g : conductances.values) {
    if (!std::isfinite(g)) throw Error(fmt::format("a conductance of {} S cannot be", g));
  }
  for_each_free(d,
                [&](std::size_t k, double /*g*/) { return clamped(d, k, conductances.values[k]); });
}

void apply(Devices& devices, const std::vector<Nonideality>& list) {
  for (std::size_t place = 0; place < list.size(); ++place) {
    const Draws draws(devices, list[place].index(), place);
    std::visit([&](const auto& one) { apply_one(devices, one, draws); }, list[place]);
  }
}

void apply(MappedWeights& mapped, const ConductanceRange& range, std::uint64_t seed,
           const std::vector<Nonideality>& list) {
  std::uint64_t number = 0;
  for (Matrix* cells : {&mapped.positive, &mapped.negative}) {
    if (cells->values.empty()) continue;
    Devices devices = make_devices(std::move(*cells), range, seed, number++);
    apply(devices, list);
    *cells = std::move(devices.conductance);
  }
}

}  // namespace wordline::crossbar
