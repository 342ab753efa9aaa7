// What the HDF5 library hands out, closed when it goes; a call that fails is an Error naming it.
//
// The library is not re-entrant: whoever calls it holds hdf5_lock().
#pragma once

#include <fmt/format.h>
#include <hdf5.h>

#include <mutex>
#include <string>
#include <utility>

#include "wordline/base/error.hpp"

namespace wordline {

inline std::unique_lock<std::mutex> hdf5_lock() {
  static std::mutex mutex;
  static const herr_t kQuiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(kQuiet);
  return std::unique_lock(mutex);
}

// Throws where a call has failed.
template <class Status>
Status hdf5_check(Status status, const std::string& path, const char* call) {
  if (status < 0) throw Error(fmt::format("{}: HDF5: {} failed", path, call));
  return status;
}

class Hdf5Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Close close, const std::string& path, const char* call)
      : id_(hdf5_check(id, path, call)), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }

  hid_t id() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// The type of a complex number, as h5py has it.
inline Hdf5Handle hdf5_complex(const std::string& path) {
  Hdf5Handle type(H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)), H5Tclose, path, "H5Tcreate");
  hdf5_check(H5Tinsert(type.id(), "r", 0, H5T_NATIVE_DOUBLE), path, "H5Tinsert");
  hdf5_check(H5Tinsert(type.id(), "i", sizeof(double), H5T_NATIVE_DOUBLE), path, "H5Tinsert");
  return type;
}

}  // namespace wordline
