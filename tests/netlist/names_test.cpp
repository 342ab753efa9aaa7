#include "wordline/netlist/names.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace wordline {
namespace {

TEST(NameTable, FindsWhatItNames) {
  NameTable names;
  const auto zero = names.intern("0");
  const auto first = names.add_block("xb.wl", 3, 4);
  const auto out = names.intern("out");
  EXPECT_EQ(names.find("0"), zero);
  EXPECT_EQ(names.find("out"), out);
  EXPECT_EQ(names.find("xb.wl[2,3]"), first + 11);
  EXPECT_EQ(names[first + 11], "xb.wl[2,3]");
  for (const char* absent : {"xb.wl[3,0]", "xb.wl[0,4]", "xb.wl[0]", "xb.wl[0,0", "xb.wl", "ou"}) {
    EXPECT_FALSE(names.find(absent)) << absent;
  }
}

// Entries that share an id are found by each of their names.
TEST(NameTable, MatchesMergedEntries) {
  NameTable names;
  const auto bus = names.intern("w");
  names.add_merged_block("xb.wl", 1, 3, {bus, bus + 1, bus + 1});
  EXPECT_EQ(names.find("xb.wl[0,0]"), bus);
  EXPECT_EQ(names[bus + 1], "xb.wl[0,1]");
  const std::vector<std::string> all = {"xb.wl[0,0]", "xb.wl[0,1]", "xb.wl[0,2]"};
  EXPECT_EQ(names.matching("xb.wl[*,*]", true), all);
  EXPECT_TRUE(names.matching("xb.wl[*,*]", false).empty());
}

// A copy lives on its own: its lookups must not reach into the table it came from.
TEST(NameTable, CopiesOutliveTheirOriginal) {
  auto original = std::make_unique<NameTable>();
  for (int k = 0; k < 100; ++k) original->intern("node" + std::to_string(k));
  NameTable copy = *original;
  NameTable assigned;
  assigned = *original;
  original.reset();
  EXPECT_EQ(copy.find("node42"), 42);
  EXPECT_EQ(assigned.find("node42"), 42);
  const NameTable moved = std::move(copy);
  EXPECT_EQ(moved.find("node99"), 99);
}

}  // namespace
}  // namespace wordline
