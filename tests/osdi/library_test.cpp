// Loading libraries: what is in them, and what is wrong with those that cannot be used.
#include "wordline/devices/osdi/library.hpp"

#include <gtest/gtest.h>

#include "models.hpp"
#include "shell.hpp"
#include "wordline/base/error.hpp"

namespace wordline::osdi {
namespace {

using testing::model_library;

std::string fault_of(const std::filesystem::path& file) {
  try {
    load_library(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

class OsdiVersions : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Minor, OsdiVersions, ::testing::Values("3", "4"));

TEST_P(OsdiVersions, DescribeTheSameModule) {
  const Library library = load_library(model_library(std::string("junction_") + GetParam()));
  EXPECT_TRUE(library.warnings.empty());
  ASSERT_EQ(library.modules.size(), 1u);
  const Module& module = *library.modules[0];
  EXPECT_EQ(module.name(), "junction_va");
  EXPECT_EQ(module.nodes().size(), 3u);
  EXPECT_EQ(module.descriptor().num_terminals, 2u);
  EXPECT_EQ(module.jacobian_entries().size(), 9u);
  ASSERT_EQ(module.outputs().size(), 4u);
  EXPECT_EQ(module.outputs()[0].names[0], "vd");
  EXPECT_EQ(module.outputs()[3].type, Type::kInteger);
  ASSERT_EQ(module.noise_sources().size(), 2u);
  EXPECT_STREQ(module.noise_sources()[0].name, "shot");
}

TEST(OsdiLibrary, FindsParametersByNameAndAlias) {
  const auto module = load_library(model_library("junction_4")).modules[0];
  ASSERT_NE(module->find("area"), nullptr);
  EXPECT_EQ(module->find("area"), module->find("a"));
  EXPECT_TRUE(module->find("area")->of_instance);
  EXPECT_FALSE(module->find("js")->of_instance);
  EXPECT_EQ(module->find("rs")->unit, "Ohm");
  EXPECT_EQ(module->find("law")->type, Type::kString);
  EXPECT_EQ(module->find("vd"), nullptr);  // an output
  EXPECT_EQ(module->find("none"), nullptr);
}

TEST(OsdiLibrary, StaysLoadedAsLongAsAModule) {
  const auto module = load_library(model_library("drift_4")).modules[0];
  EXPECT_STREQ(module->descriptor().name, "drift_va");
  EXPECT_EQ(&load_library(model_library("drift_4")).modules[0]->descriptor(),
            &module->descriptor());
}

TEST(OsdiLibrary, WarnsOfUnknownLimitFunctions) {
  const Library library = load_library(model_library("faulty_limit"));
  ASSERT_EQ(library.warnings.size(), 2u);
  EXPECT_EQ(library.warnings[0],
            "$limit(..., \"pnjlim\") with 3 arguments is not supported and limits nothing");
  EXPECT_NE(library.warnings[1].find("mylim"), std::string::npos);
}

struct Fault {
  const char* library;
  const char* message;
};

class OsdiFaults : public ::testing::TestWithParam<Fault> {};
INSTANTIATE_TEST_SUITE_P(
    Library, OsdiFaults,
    ::testing::Values(
        Fault{"faulty_version", "the interface OSDI 0.2; 0.3 and 0.4 are supported"},
        Fault{"faulty_symbol", "it does not export OSDI_DESCRIPTORS"},
        Fault{"faulty_empty", "it has no modules: OSDI_NUM_DESCRIPTORS is 0"},
        Fault{"faulty_size", "its descriptors of 64 bytes"},
        Fault{"faulty_type", "module 'faulty': its parameter 'r' is of the unknown type 3"},
        Fault{"faulty_entry", "module 'faulty': a Jacobian entry names node 7 of 2"},
        Fault{"faulty_nodes", "module 'faulty': its 2 nodes are missing"},
        Fault{"faulty_memory", "its node numbers would end at byte 8 of an instance of 4"},
        Fault{"faulty_function", "module 'faulty': its function eval is missing"}),
    [](const auto& info) { return std::string(info.param.library); });

TEST_P(OsdiFaults, AreNamed) {
  const std::string fault = fault_of(model_library(GetParam().library));
  EXPECT_NE(fault.find(GetParam().message), std::string::npos) << fault;
  EXPECT_NE(fault.find(GetParam().library), std::string::npos) << fault;  // the file
}

TEST(OsdiFaults, OfFilesThatAreNoLibrary) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "text.osdi", "no library\n");
  EXPECT_NE(fault_of(folder / "text.osdi").find("text.osdi"), std::string::npos);
  EXPECT_NE(fault_of(folder / "none.osdi").find("none.osdi"), std::string::npos);
  const std::string whole = testing::read_text(model_library("drift_4"));
  testing::write_text(folder / "half.osdi", whole.substr(0, 500));
  EXPECT_NE(fault_of(folder / "half.osdi").find("half.osdi"), std::string::npos);
}

// A shared object without the interface: the C library's own mathematics.
TEST(OsdiFaults, OfOtherSharedObjects) {
  EXPECT_NE(fault_of("/lib/x86_64-linux-gnu/libm.so.6").find("does not export OSDI_VERSION_MAJOR"),
            std::string::npos);
}

}  // namespace
}  // namespace wordline::osdi
