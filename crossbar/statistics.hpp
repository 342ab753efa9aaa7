// What a set of numbers says: moments, quantiles, and how sure one may be of a yield.
#pragma once

#include <cstdint>
#include <vector>

namespace wordline::crossbar {

// All numbers are kept, sorted, so that quantiles are exact and nothing depends on their order.
class Statistics {
 public:
  // Of those that are not NaN.
  explicit Statistics(std::vector<double> values);

  std::int64_t count() const { return std::ssize(sorted_); }
  // NaN where there are too few numbers.
  double mean() const { return mean_; }
  double deviation() const { return deviation_; }  // the estimate from n - 1
  double min() const { return quantile(0); }
  double max() const { return quantile(1); }
  // p from 0 to 1; straight lines between the sorted numbers, the first at 0 and the last at 1
  // (type 7 of R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", 1996).
  double quantile(double p) const;

 private:
  std::vector<double> sorted_;
  double mean_, deviation_;
};

struct Yield {
  std::int64_t passed = 0;
  std::int64_t count = 0;
  double low = 0, high = 1;  // between which the true share lies, with the confidence asked for

  double share() const { return static_cast<double>(passed) / static_cast<double>(count); }
};

// Wilson's interval: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209. Throws Error where the
// confidence is not between 0 and 1.
Yield yield_of(std::int64_t passed, std::int64_t count, double confidence = 0.95);

}  // namespace wordline::crossbar
