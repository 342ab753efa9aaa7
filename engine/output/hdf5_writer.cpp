#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "wordline/engine/output/column_buffer.hpp"
#include "wordline/engine/output/hdf5.hpp"
#include "wordline/engine/output/hdf5_handle.hpp"

namespace wordline {

namespace {

constexpr hsize_t kLongestChunk = 4096;
constexpr unsigned kCompression = 4;  // of zlib's 9: most of the gain, a third of the time

std::string dataset_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '|');
  return name.empty() || name == "." ? "_" : name;
}

}  // namespace

class Hdf5Writer::File {
 public:
  explicit File(const std::string& path) : path_(path) {
    const auto lock = hdf5_lock();
    const Hdf5Handle list = list_in_order(H5P_FILE_CREATE);
    file_ = {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, list.id(), H5P_DEFAULT), H5Fclose, path,
             "H5Fcreate"};
  }

  ~File() {
    const auto lock = hdf5_lock();
    datasets_.clear();
    group_ = {};
    file_ = {};
    std::error_code ignored;
    if (!has_plots_) std::filesystem::remove(path_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void begin(const PlotHeader& header) {
    const auto lock = hdf5_lock();
    header_ = header;
    buffer_ = std::make_unique<ColumnBuffer>(header.numbers());
    points_ = 0;
    group_ = {};
    datasets_.clear();
  }

  void point(std::span<const double> values) {
    buffer_->add(values);
    const bool due = Clock::now() - last_flush_ > std::chrono::seconds(1);
    if (buffer_->full() || due) save(due);
  }

  void end() { save(true); }

 private:
  using Clock = std::chrono::steady_clock;

  void save(bool flush) {
    if (buffer_ == nullptr || buffer_->points() == 0) return;
    const auto lock = hdf5_lock();
    if (!group_) create_group();
    for (std::size_t s = 0; s < datasets_.size(); ++s) append(s);
    points_ += buffer_->points();
    buffer_->clear();
    if (!flush) return;
    hdf5_check(H5Fflush(file_.id(), H5F_SCOPE_LOCAL), path_, "H5Fflush");
    last_flush_ = Clock::now();
  }

  // Properties of a file or group that keeps its members in the order in which they are made.
  Hdf5Handle list_in_order(hid_t kind) const {
    Hdf5Handle list(H5Pcreate(kind), H5Pclose, path_, "H5Pcreate");
    hdf5_check(H5Pset_link_creation_order(list.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
               path_, "H5Pset_link_creation_order");
    return list;
  }

  void create_group() {
    has_plots_ = true;
    std::string name = dataset_name(header_.plotname);
    if (const int n = ++plots_[name]; n > 1) name += fmt::format(" {}", n);
    const Hdf5Handle list = list_in_order(H5P_GROUP_CREATE);
    group_ = {H5Gcreate2(file_.id(), name.c_str(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Gclose,
              path_, "H5Gcreate"};
    set_attribute(group_.id(), "title", header_.title);
    set_attribute(group_.id(), "plotname", header_.plotname);
    for (std::size_t s = 0; s < header_.signals.size(); ++s) create_dataset(s);
  }

  // The first axis is real, as a frequency is.
  bool is_complex(std::size_t signal) const { return header_.complex && signal > 0; }

  void create_dataset(std::size_t s) {
    const Signal& signal = header_.signals[s];
    const hsize_t none = 0, unlimited = H5S_UNLIMITED;
    const hsize_t chunk = std::min<hsize_t>(buffer_->room(), kLongestChunk);
    const Hdf5Handle space(H5Screate_simple(1, &none, &unlimited), H5Sclose, path_, "H5Screate");
    const Hdf5Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, path_, "H5Pcreate");
    hdf5_check(H5Pset_chunk(list.id(), 1, &chunk), path_, "H5Pset_chunk");
    hdf5_check(H5Pset_shuffle(list.id()), path_, "H5Pset_shuffle");
    hdf5_check(H5Pset_deflate(list.id(), kCompression), path_, "H5Pset_deflate");
    const Hdf5Handle complex = hdf5_complex(path_);
    const hid_t type = is_complex(s) ? complex.id() : H5T_NATIVE_DOUBLE;
    datasets_.push_back({H5Dcreate2(group_.id(), dataset_name(signal.name).c_str(), type,
                                    space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT),
                         H5Dclose, path_, "H5Dcreate"});
    const hid_t id = datasets_.back().id();
    set_attribute(id, "name", signal.name);
    set_attribute(id, "type", signal.type);
    set_attribute(id, "unit", signal.unit);
  }

  void set_attribute(hid_t object, const char* name, const std::string& text) const {
    const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path_, "H5Tcopy");
    hdf5_check(H5Tset_size(type.id(), H5T_VARIABLE), path_, "H5Tset_size");
    hdf5_check(H5Tset_cset(type.id(), H5T_CSET_UTF8), path_, "H5Tset_cset");
    const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose, path_, "H5Screate");
    const Hdf5Handle attribute(
        H5Acreate2(object, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, path_,
        "H5Acreate");
    const char* const pointer = text.c_str();
    hdf5_check(H5Awrite(attribute.id(), type.id(), &pointer), path_, "H5Awrite");
  }

  void append(std::size_t s) {
    const hsize_t count = buffer_->points();
    const hsize_t begin = points_, end = points_ + count;
    const hid_t dataset = datasets_[s].id();
    hdf5_check(H5Dset_extent(dataset, &end), path_, "H5Dset_extent");
    const Hdf5Handle memory(H5Screate_simple(1, &count, nullptr), H5Sclose, path_, "H5Screate");
    const Hdf5Handle space(H5Dget_space(dataset), H5Sclose, path_, "H5Dget_space");
    hdf5_check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr),
               path_, "H5Sselect_hyperslab");
    const std::span<const double> real = buffer_->column(s);
    if (!is_complex(s)) {
      hdf5_check(
          H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT, real.data()),
          path_, "H5Dwrite");
      return;
    }
    const std::span<const double> imaginary = buffer_->column(header_.signals.size() + s);
    std::vector<double> pairs;
    for (std::size_t k = 0; k < real.size(); ++k) {
      pairs.insert(pairs.end(), {real[k], imaginary[k]});
    }
    const Hdf5Handle type = hdf5_complex(path_);
    hdf5_check(H5Dwrite(dataset, type.id(), memory.id(), space.id(), H5P_DEFAULT, pairs.data()),
               path_, "H5Dwrite");
  }

  std::string path_;
  Hdf5Handle file_, group_;
  std::vector<Hdf5Handle> datasets_;
  std::map<std::string, int> plots_;  // groups by the name of their plots
  bool has_plots_ = false;
  PlotHeader header_;
  std::unique_ptr<ColumnBuffer> buffer_;
  hsize_t points_ = 0;  // on disk
  Clock::time_point last_flush_ = Clock::now();
};

Hdf5Writer::Hdf5Writer(const std::string& path) : file_(std::make_unique<File>(path)) {}
Hdf5Writer::~Hdf5Writer() = default;
void Hdf5Writer::begin(const PlotHeader& header) { file_->begin(header); }
void Hdf5Writer::point(std::span<const double> values) { file_->point(values); }
void Hdf5Writer::end() { file_->end(); }

}  // namespace wordline
