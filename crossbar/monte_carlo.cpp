#include "wordline/crossbar/monte_carlo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>

#include "wordline/base/random.hpp"
#include "wordline/base/units.hpp"
#include "wordline/crossbar/parallel.hpp"

namespace wordline::crossbar {

namespace {

using Names = std::vector<std::string>;

std::size_t place_of(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string near = nearest(std::string(name), names);
  throw UnknownResultError(
      fmt::format("no result is called '{}'{}", name,
                  near.empty() ? fmt::format("; there are {}", fmt::join(names, ", "))
                               : fmt::format("; did you mean '{}'?", near)),
      name);
}

// What the samples gave, by their numbers, whoever took them.
class Collection {
 public:
  explicit Collection(const Sampling& sampling)
      : sampling_(sampling), outcomes_(static_cast<std::size_t>(sampling.samples)) {}

  void add(std::int64_t number, const Results& results) {
    Outcome& outcome = outcomes_[static_cast<std::size_t>(number)];
    outcome.values.emplace();
    Names names;
    for (const auto& [name, value] : results) {
      names.push_back(name);
      outcome.values->push_back(value);
    }
    const std::lock_guard lock(mutex_);
    const auto known = std::find(names_.begin(), names_.end(), names);
    outcome.names = known - names_.begin();
    if (known != names_.end()) return;
    for (const ResultLimit& limit : sampling_.limits) place_of(names, limit.name);
    names_.push_back(std::move(names));
  }

  void add_failure(std::int64_t number, const char* message) {
    outcomes_[static_cast<std::size_t>(number)].failure = message;
  }

  void count() {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (!sampling_.progress) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    const double others = static_cast<double>(sampling_.samples - done_);
    sampling_.progress(
        {done_, sampling_.samples, seconds, others * seconds / static_cast<double>(done_)});
  }

  Samples samples() {
    Samples all;
    std::optional<std::ptrdiff_t> names;  // of the first sample, which the others must have
    for (std::int64_t k = 0; k < sampling_.samples; ++k) {
      Outcome& outcome = outcomes_[static_cast<std::size_t>(k)];
      const Sample sample{k, sample_seed(sampling_.seed, k)};
      if (outcome.values && !names) names = outcome.names;
      if (outcome.failure) {
        all.failed.push_back({sample, std::move(*outcome.failure)});
      } else if (!outcome.values) {
        ++all.left_out;
      } else if (outcome.names != *names) {
        all.failed.push_back({sample, "it has other results than the first sample"});
      } else {
        all.samples.push_back(sample);
        auto& rows = all.values.values;
        rows.insert(rows.end(), outcome.values->begin(), outcome.values->end());
      }
      outcome = {};
    }
    if (names) all.names = names_.at(static_cast<std::size_t>(*names));
    all.values.rows = std::ssize(all.samples);
    all.values.cols = std::ssize(all.names);
    return all;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Outcome {
    std::optional<std::vector<double>> values;
    std::ptrdiff_t names = 0;  // which of names_
    std::optional<std::string> failure;
  };

  const Sampling& sampling_;
  std::vector<Outcome> outcomes_;
  std::mutex mutex_;
  std::vector<Names> names_;  // all that samples had: one, unless something is wrong
  std::int64_t done_ = 0;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace

std::uint64_t sample_seed(std::uint64_t master, std::int64_t number) {
  constexpr std::uint64_t kPurpose = 0x73616d70;  // none that a device's parameter has
  RandomStream random(master, stream_of("sample", static_cast<std::uint64_t>(number)), kPurpose);
  return static_cast<std::uint64_t>(random.uniform() * 0x1p53);
}

Samples draw_samples(const std::function<Results(const Sample&)>& take, const Sampling& sampling) {
  if (sampling.samples < 1) throw Error(fmt::format("{} samples cannot be", sampling.samples));
  Collection collection(sampling);
  std::atomic<bool> broken = false;
  const auto interrupted = [&] {
    return sampling.interrupt != nullptr && sampling.interrupt->load();
  };
  for_each_index(sampling.samples, thread_count(sampling.threads), [&](std::int64_t k) {
    if (broken || interrupted()) return;
    std::optional<Results> results;
    try {
      results = take({k, sample_seed(sampling.seed, k)});
    } catch (const Error& error) {
      if (interrupted()) return;
      collection.add_failure(k, error.what());
    } catch (...) {
      broken = true;
      throw;
    }
    try {
      if (results) collection.add(k, *results);
    } catch (...) {
      broken = true;
      throw;
    }
    collection.count();
  });
  return collection.samples();
}

std::vector<double> Samples::column(std::string_view name) const {
  const std::size_t place = place_of(names, name);
  std::vector<double> column;
  column.reserve(samples.size());
  for (std::size_t k = place; k < values.values.size(); k += names.size()) {
    column.push_back(values.values[k]);
  }
  return column;
}

Yield Samples::yield(std::span<const ResultLimit> limits, double confidence) const {
  if (samples.empty()) return yield_of(0, std::ssize(failed), confidence);
  std::vector<char> passes(samples.size(), 1);
  for (const ResultLimit& limit : limits) {
    const std::vector<double> results = column(limit.name);
    for (std::size_t k = 0; k < results.size(); ++k) {
      if (!limit.holds(results[k])) passes[k] = 0;
    }
  }
  const auto passed = std::count(passes.begin(), passes.end(), 1);
  return yield_of(passed, std::ssize(samples) + std::ssize(failed), confidence);
}

}  // namespace wordline::crossbar
