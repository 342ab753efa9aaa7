#include "wordline/cuda/runtime.hpp"

#include <fmt/format.h>

namespace wordline::gpu {

void check(cudaError_t error, const char* call) {
  if (error == cudaSuccess) return;
  cudaGetLastError();  // what is reported here is not to be found again by another call
  const std::string text = fmt::format("GPU: {}: {}", call, cudaGetErrorString(error));
  if (error == cudaErrorMemoryAllocation) throw OutOfDeviceMemory(text);
  throw CudaError(text);
}

void Stream::Destroy::operator()(cudaStream_t stream) const { cudaStreamDestroy(stream); }
void DeviceMemory::Free::operator()(void* memory) const { cudaFree(memory); }
void Graph::Destroy::operator()(cudaGraphExec_t graph) const { cudaGraphExecDestroy(graph); }

Stream::Stream() {
  cudaStream_t stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  stream_.reset(stream);
}

void Stream::wait() const { check(cudaStreamSynchronize(get()), "cudaStreamSynchronize"); }

DeviceMemory::DeviceMemory(std::size_t bytes) {
  if (bytes == 0) return;
  void* memory = nullptr;
  check(cudaMalloc(&memory, bytes),
        fmt::format("cudaMalloc of {:.1f} MiB", static_cast<double>(bytes) / (1 << 20)).c_str());
  memory_.reset(memory);
}

void Graph::begin(const Stream& stream) {
  check(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal),
        "cudaStreamBeginCapture");
}

void Graph::abandon(const Stream& stream) {
  cudaGraph_t graph = nullptr;
  if (cudaStreamEndCapture(stream.get(), &graph) == cudaSuccess) cudaGraphDestroy(graph);
  cudaGetLastError();
}

void Graph::end(const Stream& stream) {
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream.get(), &graph), "cudaStreamEndCapture");
  cudaGraphExec_t executable = nullptr;
  const cudaError_t error = cudaGraphInstantiate(&executable, graph, 0);
  cudaGraphDestroy(graph);
  check(error, "cudaGraphInstantiate");
  graph_.reset(executable);
}

void Graph::launch(const Stream& stream) const {
  check(cudaGraphLaunch(graph_.get(), stream.get()), "cudaGraphLaunch");
}

}  // namespace wordline::gpu
