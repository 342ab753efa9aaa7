#include "wordline/devices/osdi/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstddef>
#include <mutex>

#include "wordline/base/error.hpp"
#include "wordline/devices/osdi/limit_functions.hpp"
#include "wordline/devices/osdi/log.hpp"

namespace wordline::osdi {

namespace {

constexpr std::uint32_t kMostModules = 10'000;

class Loader {
 public:
  explicit Loader(const std::filesystem::path& file)
      : handle_(dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL),
                [](void* handle) {
                  if (handle != nullptr) dlclose(handle);
                }) {
    if (handle_ == nullptr) throw Error(dlerror());
  }

  Library load() {
    const std::uint32_t minor = check_version();
    const std::uint32_t count = number("OSDI_NUM_DESCRIPTORS");
    if (count == 0) throw Error("it has no modules: OSDI_NUM_DESCRIPTORS is 0");
    if (count > kMostModules) throw Error(fmt::format("{} modules are too many to be true", count));
    const std::size_t size = minor == 3 ? sizeof(OsdiDescriptor) : number("OSDI_DESCRIPTOR_SIZE");
    if (size < sizeof(OsdiDescriptor) || size % alignof(OsdiDescriptor) != 0) {
      throw Error(
          fmt::format("its descriptors of {} bytes (OSDI_DESCRIPTOR_SIZE) are not OSDI 0.4", size));
    }
    install_callbacks();
    const auto* at = static_cast<const std::byte*>(symbol("OSDI_DESCRIPTORS"));
    for (std::uint32_t k = 0; k < count; ++k, at += size) {
      const auto& descriptor = *reinterpret_cast<const OsdiDescriptor*>(at);
      library_.modules.push_back(std::make_shared<const Module>(descriptor, minor, handle_));
    }
    return std::move(library_);
  }

 private:
  // Null if there is none.
  void* find(const char* name) const { return dlsym(handle_.get(), name); }
  void* symbol(const char* name) const {
    void* const found = find(name);
    if (found == nullptr) throw Error(fmt::format("it does not export {}", name));
    return found;
  }
  std::uint32_t number(const char* name) const {
    return *static_cast<const std::uint32_t*>(symbol(name));
  }

  // The minor version.
  std::uint32_t check_version() const {
    const std::uint32_t major = number("OSDI_VERSION_MAJOR");
    const std::uint32_t minor = number("OSDI_VERSION_MINOR");
    if (major == 0 && (minor == 3 || minor == 4)) return minor;
    throw Error(
        fmt::format("it has the interface OSDI {}.{}; 0.3 and 0.4 are supported", major, minor));
  }

  void install_callbacks() {
    if (void* const log = find("osdi_log"); log != nullptr) {
      *static_cast<OsdiLog*>(log) = receive_log;
    }
    auto* const table = static_cast<OsdiLimitFunction*>(find("OSDI_LIM_TABLE"));
    if (table == nullptr || find("OSDI_LIM_TABLE_LEN") == nullptr) return;
    for (std::uint32_t k = 0; k < number("OSDI_LIM_TABLE_LEN"); ++k) {
      if (install_limit_function(table[k])) continue;
      library_.warnings.push_back(
          fmt::format("$limit(..., \"{}\") with {} arguments is not supported and limits nothing",
                      table[k].name == nullptr ? "" : table[k].name, table[k].num_args));
    }
  }

  std::shared_ptr<void> handle_;
  Library library_;
};

}  // namespace

Library load_library(const std::filesystem::path& file) {
  // Two simulators may load a library at once, and write into the same tables.
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  try {
    return Loader(file).load();
  } catch (const Error& error) {
    throw Error(
        fmt::format("'{}' is no usable library of models: {}", file.string(), error.what()));
  }
}

}  // namespace wordline::osdi
