// What GCC's OpenMP runtime orders, told to ThreadSanitizer: that runtime is not instrumented, so
// that all that a parallel region reads of what was written before it, and all that is read of it
// afterwards, would be taken for a race. Races between the threads of a region are found as ever.
//
// Linked into libwordline where it is built with -Db_sanitize=thread; the functions take the place
// of those of the same name and call them.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

namespace {

using Body = void (*)(void*);

struct Region {
  Body body;
  void* data;
};

// Tags of the sanitizer: the region itself for its begin, the byte after that for its end.
void* end_of(void* region) { return static_cast<char*>(region) + 1; }

void run_region(void* region) {
  __tsan_acquire(region);
  const auto* const it = static_cast<const Region*>(region);
  it->body(it->data);
  __tsan_release(end_of(region));
}

template <class Function>
Function* runtime(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

char barrier;  // of all teams

}  // namespace

extern "C" {

void GOMP_parallel(Body body, void* data, unsigned threads, unsigned flags) {
  static auto* const parallel = runtime<void(Body, void*, unsigned, unsigned)>("GOMP_parallel");
  Region region{body, data};
  __tsan_release(&region);
  parallel(run_region, &region, threads, flags);
  __tsan_acquire(end_of(&region));
}

// The barrier at the end of a loop inside a region.
void GOMP_loop_end() {
  static auto* const loop_end = runtime<void()>("GOMP_loop_end");
  __tsan_release(&barrier);
  loop_end();
  __tsan_acquire(&barrier);
}

void GOMP_barrier() {
  static auto* const wait = runtime<void()>("GOMP_barrier");
  __tsan_release(&barrier);
  wait();
  __tsan_acquire(&barrier);
}

}  // extern "C"
