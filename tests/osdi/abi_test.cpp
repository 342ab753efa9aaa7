// The layout of the interface on x86-64, as the bindings of other languages to OSDI 0.3 and 0.4
// have it byte by byte.
#include <gtest/gtest.h>

#include <cstddef>

#include "wordline/devices/osdi/abi.h"

namespace {

TEST(OsdiAbi, TablesHaveTheirPublishedLayout) {
  EXPECT_EQ(sizeof(OsdiLimitFunction), 24u);
  EXPECT_EQ(offsetof(OsdiLimitFunction, function), 16u);
  EXPECT_EQ(sizeof(OsdiSimParameters), 32u);
  EXPECT_EQ(offsetof(OsdiSimInfo, time), 32u);
  EXPECT_EQ(offsetof(OsdiSimInfo, flags), 64u);
  EXPECT_EQ(sizeof(OsdiSimInfo), 72u);
  EXPECT_EQ(sizeof(OsdiInitError), 8u);
  EXPECT_EQ(offsetof(OsdiInitInfo, errors), 8u);
  EXPECT_EQ(sizeof(OsdiJacobianEntry), 16u);
  EXPECT_EQ(offsetof(OsdiNode, reactive_residual_offset), 28u);
  EXPECT_EQ(offsetof(OsdiNode, is_flow), 40u);
  EXPECT_EQ(sizeof(OsdiNode), 48u);
  EXPECT_EQ(offsetof(OsdiParameter, flags), 32u);
  EXPECT_EQ(sizeof(OsdiParameter), 40u);
  EXPECT_EQ(sizeof(OsdiNoiseSource), 16u);
}

TEST(OsdiAbi, DescriptorHasItsPublishedLayout) {
  EXPECT_EQ(offsetof(OsdiDescriptor, num_nodes), 8u);
  EXPECT_EQ(offsetof(OsdiDescriptor, nodes), 16u);
  EXPECT_EQ(offsetof(OsdiDescriptor, jacobian_entries), 32u);
  EXPECT_EQ(offsetof(OsdiDescriptor, collapsible), 48u);
  EXPECT_EQ(offsetof(OsdiDescriptor, collapsed_offset), 56u);
  EXPECT_EQ(offsetof(OsdiDescriptor, noise_sources), 64u);
  EXPECT_EQ(offsetof(OsdiDescriptor, num_parameters), 76u);
  EXPECT_EQ(offsetof(OsdiDescriptor, num_outputs), 84u);
  EXPECT_EQ(offsetof(OsdiDescriptor, parameters), 88u);
  EXPECT_EQ(offsetof(OsdiDescriptor, node_mapping_offset), 96u);
  EXPECT_EQ(offsetof(OsdiDescriptor, resistive_jacobian_offset), 100u);
  EXPECT_EQ(offsetof(OsdiDescriptor, num_states), 104u);
  EXPECT_EQ(offsetof(OsdiDescriptor, bound_step_offset), 112u);
  EXPECT_EQ(offsetof(OsdiDescriptor, model_size), 120u);
  EXPECT_EQ(offsetof(OsdiDescriptor, access), 128u);
  EXPECT_EQ(offsetof(OsdiDescriptor, eval), 152u);
  EXPECT_EQ(offsetof(OsdiDescriptor, load_noise), 160u);
  EXPECT_EQ(offsetof(OsdiDescriptor, load_limit_reactive), 192u);
  EXPECT_EQ(offsetof(OsdiDescriptor, load_jacobian_transient), 232u);
  EXPECT_EQ(sizeof(OsdiDescriptor), 240u);
}

}  // namespace
