// Monte Carlo of an array's products: how far they are from inputs times conductances, over arrays
// whose devices differ.
#pragma once

#include <vector>

#include "wordline/crossbar/monte_carlo.hpp"
#include "wordline/crossbar/nonidealities.hpp"

namespace wordline::crossbar {

// Between products, as parts of the ideal ones.
struct ProductError {
  double rms;   // of the difference, by the rms of the ideal products
  double mean;  // the same of the difference's mean: negative where too little comes out
  double max;   // its largest magnitude, by the largest of the ideal products
};

// Throws Error where the sizes differ or the ideal products are all 0.
ProductError product_error(const Matrix& products, const Matrix& ideal);

struct ProductTask {
  Matrix conductances;                          // S, wanted
  Matrix inputs;                                // V, a row an input
  ConductanceRange range;                       // of the devices
  std::vector<Nonideality> nonidealities = {};  // of every array, seeded by the sample
  double read_noise = 0;                        // deviation of NoisyRead, drawn for every input
  Wires word = {}, bit = {};
  Settings settings = {};
};

// inputs times conductances, for inputs on the word or the bit lines.
Matrix ideal_products(const ProductTask& task);

// Results rms_error, mean_error and max_error. A sample whose array cannot be solved has failed.
// Throws Error where an array cannot be as the task says.
Samples sample_products(const ProductTask& task, const Sampling& sampling);

}  // namespace wordline::crossbar
