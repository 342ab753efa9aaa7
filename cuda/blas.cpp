#include "wordline/cuda/blas.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "wordline/cuda/errors.hpp"

namespace wordline::gpu {

namespace {

// Of the interface of version 2, in releases from 6 on. Its headers need not be installed.
using Status = int;
using Handle = void*;
constexpr Status kSuccess = 0;
constexpr Status kAllocationFailed = 3;
constexpr int kNotTransposed = 0;

struct Functions {
  Status (*create)(Handle*) = nullptr;
  Status (*destroy)(Handle) = nullptr;
  Status (*set_stream)(Handle, CUstream_st*) = nullptr;
  Status (*gemm)(Handle, int, int, int, int, int, const double*, const double*, int, const double*,
                 int, const double*, double*, int) = nullptr;
};

// The library stays loaded: a GPU's libraries do not like to be unloaded.
void* open_library() {
  for (const char* name : {"libcublas.so.13", "libcublas.so.12", "libcublas.so"}) {
    if (void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL); library != nullptr) return library;
  }
  return nullptr;
}

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool find_functions(Functions& f) {
  void* library = open_library();
  return library != nullptr && find(library, "cublasCreate_v2", f.create) &&
         find(library, "cublasDestroy_v2", f.destroy) &&
         find(library, "cublasSetStream_v2", f.set_stream) &&
         find(library, "cublasDgemm_v2", f.gemm);
}

class Blas final : public DenseLibrary {
 public:
  Blas(const Functions& functions, Handle handle) : functions_(functions), handle_(handle) {}
  ~Blas() override { functions_.destroy(handle_); }
  bool use(CUstream_st* stream) const { return functions_.set_stream(handle_, stream) == kSuccess; }

  void multiply(const Factor& a, const Factor& b, double* c) const override {
    const double one = 1, zero = 0;
    const Status status =
        functions_.gemm(handle_, kNotTransposed, kNotTransposed, a.rows, b.cols, a.cols, &one,
                        a.values, a.lda, b.values, b.lda, &zero, c, a.rows);
    if (status == kSuccess) return;
    const std::string text = fmt::format("GPU: cublasDgemm: status {}", status);
    if (status == kAllocationFailed) throw OutOfDeviceMemory(text);
    throw CudaError(text);
  }

 private:
  Functions functions_;
  Handle handle_;
};

}  // namespace

std::unique_ptr<DenseLibrary> load_blas(CUstream_st* stream) {
  Functions functions;
  Handle handle = nullptr;
  if (!find_functions(functions) || functions.create(&handle) != kSuccess) return nullptr;
  auto blas = std::make_unique<Blas>(functions, handle);
  if (!blas->use(stream)) return nullptr;
  return blas;
}

}  // namespace wordline::gpu
