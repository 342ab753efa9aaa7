#include "wordline/cuda/probe.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#ifdef WORDLINE_HAVE_CUDA
#include "wordline/cuda/blas.hpp"
#endif

namespace wordline {
namespace {

TEST(GpuProbe, GivesAReasonExactlyWhenTheGpuIsNotUsable) {
  const GpuStatus status = probe_gpu();
  EXPECT_NE(status.usable, !status.reason.empty()) << status.reason;
  EXPECT_TRUE(!status.usable || !status.device.empty());
}

TEST(GpuProbe, AnswersTheSameTwice) {
  const GpuStatus first = probe_gpu();
  const GpuStatus second = probe_gpu();
  EXPECT_EQ(first.usable, second.usable);
  EXPECT_EQ(first.reason, second.reason);
  EXPECT_EQ(first.device, second.device);
}

#ifdef WORDLINE_HAVE_CUDA
// The driver makes these device files; where they are, the kernel has to run and to be right.
TEST(GpuProbe, RunsItsKernelWhereThereIsADevice) {
  if (!std::filesystem::exists("/dev/nvidia0")) GTEST_SKIP() << probe_gpu().reason;
  const GpuStatus status = probe_gpu();
  EXPECT_TRUE(status.usable) << status.reason;
}

TEST(Blas, IsNoneWithoutAGpu) {
  if (probe_gpu().usable) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(gpu::load_blas(nullptr), nullptr);
}
#else
TEST(GpuProbe, SaysThatItWasBuiltWithoutCuda) {
  EXPECT_FALSE(probe_gpu().usable);
  EXPECT_EQ(probe_gpu().reason, "built without CUDA");
}
#endif

}  // namespace
}  // namespace wordline
