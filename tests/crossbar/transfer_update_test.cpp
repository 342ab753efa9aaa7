// The transconductance matrix after changes of single cells, against that of an array made anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "wordline/crossbar/array.hpp"

namespace wordline::crossbar {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int whole(int low, int high) { return std::uniform_int_distribution(low, high)(engine_); }
  double real(double low, double high) {
    return std::uniform_real_distribution(low, high)(engine_);
  }
  double decade(double low, double high) { return std::pow(10, real(low, high)); }

  // Segments are merged now and then, ends held often. Wires that differ by more cost a new matrix
  // its digits too.
  Wires wires(bool may_merge) {
    Wires w;
    w.segment = may_merge && whole(0, 9) == 0 ? 0 : decade(-1, 2);
    w.driver = whole(0, 2) == 0 ? 0 : decade(-2, 4);
    w.driven = static_cast<DrivenEnds>(whole(0, 2));
    return w;
  }
  Matrix cells(int rows, int cols) {
    Matrix g{rows, cols, {}};
    const bool open = whole(0, 2) == 0;
    for (int k = 0; k < rows * cols; ++k) {
      g.values.push_back(open && whole(0, 3) == 0 ? 0 : decade(-6, -3));
    }
    return g;
  }
  Settings settings() {
    Settings s{.tolerance = 1e-13, .threads = whole(1, 2)};
    if (whole(0, 1) == 0) std::swap(s.inputs, s.outputs);
    if (whole(0, 1) == 0) s.word_bias = real(-1, 1);
    if (whole(0, 1) == 0) s.bit_bias = real(-1, 1);
    return s;
  }
  // What a cell becomes.
  double changed(double g) {
    switch (whole(0, 4)) {
      case 0:
        return 0;
      case 1:
        return std::min(1.0, 1e3 * g);
      case 2:
        return 1e-3 * g;
      case 3:
        return g == 0 ? 1e-4 : 1.1 * g;
      default:
        return decade(-6, -3);
    }
  }

 private:
  std::mt19937 engine_;
};

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double most = 0;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
    most = std::max(most, std::abs(a[k] - b[k]));
  }
  return most;
}

// An array whose cells change, and what it is made of.
struct Changing {
  Changing(Random& random, int rows, int cols, bool may_merge)
      : g(random.cells(rows, cols)),
        word(random.wires(may_merge)),
        bit(random.wires(may_merge)),
        settings(random.settings()),
        array(g, word, bit, settings) {}

  void change(Random& random) {
    // The same cell again and again, else any.
    if (random.whole(0, 3) != 0) {
      row = random.whole(0, array.rows() - 1);
      col = random.whole(0, array.cols() - 1);
    }
    g(row, col) = random.changed(g(row, col));
    array.set_conductance(row, col, g(row, col));
  }
  Array fresh() const { return {g, word, bit, settings}; }

  Matrix g;
  Wires word, bit;
  Settings settings;
  Array array;
  std::int32_t row = 0, col = 0;
};

// Both throw, or both agree.
void expect_same_transfer(Changing& changing, const std::string& what) {
  Array fresh = changing.fresh();
  Matrix expected;
  try {
    expected = fresh.transfer();
  } catch (const Error&) {
    EXPECT_THROW(changing.array.transfer(), Error) << what;
    return;
  }
  const Matrix& got = changing.array.transfer();
  EXPECT_LE(largest_difference(got.values, expected.values), 1e-9 * largest(expected.values))
      << what;
}

TEST(TransferUpdates, AgreeWithANewMatrix) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    Random random(seed);
    Changing changing(random, random.whole(1, 20), random.whole(1, 20), true);
    expect_same_transfer(changing, "seed " + std::to_string(seed));
    for (int k = 0; k < 200; ++k) {
      changing.change(random);
      // Now and then several are made at once.
      if (random.whole(0, 2) == 0) continue;
      expect_same_transfer(changing,
                           "seed " + std::to_string(seed) + ", change " + std::to_string(k));
    }
    if (HasFailure()) break;
  }
}

TEST(TransferUpdates, AgreeOnALargerArray) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    Random random(seed);
    Changing changing(random, 70, 90, false);
    changing.array.transfer();
    for (int k = 0; k < 600; ++k) {
      changing.change(random);
      changing.array.transfer();
      if (k % 20 == 0 || k == 599) {
        expect_same_transfer(changing,
                             "seed " + std::to_string(seed) + ", change " + std::to_string(k));
      }
    }
  }
}

TEST(TransferUpdates, AreSeenByReadsAndProducts) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    Changing changing(random, random.whole(2, 20), random.whole(2, 20), true);
    Array& array = changing.array;
    Matrix inputs{3, array.inputs(), {}};
    for (int k = 0; k < 3 * array.inputs(); ++k) inputs.values.push_back(random.real(-1, 1));
    const std::vector<double> first(inputs.values.begin(), inputs.values.begin() + array.inputs());
    array.transfer();
    for (int k = 0; k < 20; ++k) {
      changing.change(random);
      Array fresh = changing.fresh();
      if (k % 4 == 0) array.transfer();
      const Matrix& t = fresh.transfer();
      const Matrix expected = fresh.matmul(inputs);
      const double scale = 3 * largest(t.values) * static_cast<double>(array.inputs());
      const std::string what = "seed " + std::to_string(seed) + ", change " + std::to_string(k);
      EXPECT_LE(largest_difference(array.matmul(inputs).values, expected.values), 1e-9 * scale)
          << what;
      EXPECT_LE(largest_difference(array.read(first), fresh.read(first)), 1e-9 * scale) << what;
      // Not by a transconductance matrix.
      Array plain = changing.fresh();
      EXPECT_LE(largest_difference(array.read(first), plain.read(first)), 1e-9 * scale) << what;
    }
  }
}

}  // namespace
}  // namespace wordline::crossbar
