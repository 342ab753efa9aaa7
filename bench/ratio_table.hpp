// Runs Google Benchmark and prints, instead of its list, a table: for every row (a size, a model)
// the median time of each method and how many times faster the last one is than the others.
// Benchmarks are called "section/method/row"; methods and rows stand in the order in which they
// ran.
#pragma once

namespace wordline::bench {

// Everything that is registered, or what --benchmark_filter selects; the raw results go as JSON to
// --benchmark_out, by default out/bench/<program>.json. Returns the exit code of the program.
int run_and_compare(int argc, char** argv);

}  // namespace wordline::bench
