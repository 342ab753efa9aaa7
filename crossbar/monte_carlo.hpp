// Monte Carlo: a function of a random seed is evaluated many times, in all threads, and what comes
// out is counted.
//
//   const Samples samples = draw_samples(
//       [&](const Sample& sample) -> Results { return {{"gain", gain_of(sample.seed)}}; },
//       {.samples = 1000, .seed = 7});
//   samples.statistics("gain").quantile(0.99);
//
// A sample's seed follows from the master seed and the sample's number alone: results depend
// neither on the number of threads nor on which samples are taken beside it. All results are kept,
// eight bytes a number.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/statistics.hpp"
#include "wordline/netlist/monte_carlo.hpp"

namespace wordline::crossbar {

struct Sample {
  std::int64_t number;  // from 0
  std::uint64_t seed;   // below 2^53, so that a double holds it
};

// Numbers with names, which are those of every sample. NaN: a sample has no such result.
using Results = std::vector<std::pair<std::string, double>>;

struct SamplingProgress {
  std::int64_t done, samples;
  double seconds;       // since the beginning
  double seconds_left;  // if the others take as long
};

struct Sampling {
  std::int64_t samples = 1000;
  std::uint64_t seed = 1;
  std::vector<ResultLimit> limits = {};                        // of results, for Samples::yield()
  int threads = 0;                                             // 0: OpenMP's number
  std::function<void(const SamplingProgress&)> progress = {};  // by one thread at a time
  const std::atomic<bool>* interrupt = nullptr;                // set: no further sample is begun
};

// A limit of what is no result.
class UnknownResultError : public Error {
 public:
  UnknownResultError(const std::string& message, std::string_view result)
      : Error(message), name(result) {}

  std::string name;  // that there is none of
};

// One whose function threw Error.
struct FailedSample {
  Sample sample;
  std::string message;
};

struct Samples {
  std::vector<std::string> names;
  std::vector<Sample> samples;       // that have results, in order
  Matrix values;                     // of these, a row a sample, a column a name
  std::vector<FailedSample> failed;  // in order
  std::int64_t left_out = 0;         // that an interrupt prevented

  // Throw UnknownResultError where there is no such name.
  std::vector<double> column(std::string_view name) const;
  Statistics statistics(std::string_view name) const { return Statistics(column(name)); }
  // The share of samples within all limits. What failed or has no such result is not within them.
  Yield yield(std::span<const ResultLimit> limits, double confidence = 0.95) const;
};

std::uint64_t sample_seed(std::uint64_t master, std::int64_t number);

// Throws UnknownResultError for a limit, and what `take` throws that is no Error.
Samples draw_samples(const std::function<Results(const Sample&)>& take, const Sampling& sampling);

}  // namespace wordline::crossbar
