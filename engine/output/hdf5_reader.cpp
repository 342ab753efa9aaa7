#include "wordline/engine/output/hdf5.hpp"
#include "wordline/engine/output/hdf5_handle.hpp"
#include "wordline/engine/output/read_file.hpp"

namespace wordline {

namespace {

class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::string& path)
      : path_(path),
        file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, path, "H5Fopen") {}

  std::vector<Waveforms> read() const {
    std::vector<Waveforms> plots;
    const Hdf5Handle root = open_group(file_.id(), "/");
    for (const std::string& name : links_of(root.id())) {
      plots.push_back(read_plot(open_group(root.id(), name).id(), name));
    }
    if (plots.empty()) throw Error(fmt::format("{}: the file holds no plots", path_));
    return plots;
  }

 private:
  struct Column {
    Signal signal;
    bool complex;
    std::vector<double> numbers;  // pairs of complex ones
  };

  Hdf5Handle open_group(hid_t from, const std::string& name) const {
    return {H5Gopen2(from, name.c_str(), H5P_DEFAULT), H5Gclose, path_, "H5Gopen"};
  }

  std::vector<std::string> links_of(hid_t group) const {
    H5G_info_t info;
    hdf5_check(H5Gget_info(group, &info), path_, "H5Gget_info");
    std::vector<std::string> names;
    const H5_index_t index = is_ordered(group) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    for (hsize_t k = 0; k < info.nlinks; ++k) {
      const auto get = [&](char* text, std::size_t size) {
        return hdf5_check(
            H5Lget_name_by_idx(group, ".", index, H5_ITER_INC, k, text, size, H5P_DEFAULT), path_,
            "H5Lget_name_by_idx");
      };
      std::string name(static_cast<std::size_t>(get(nullptr, 0)) + 1, '\0');
      get(name.data(), name.size());
      name.pop_back();
      names.push_back(std::move(name));
    }
    return names;
  }

  // Groups of other makers may not have kept the order of their datasets.
  bool is_ordered(hid_t group) const {
    const Hdf5Handle list(H5Gget_create_plist(group), H5Pclose, path_, "H5Gget_create_plist");
    unsigned flags = 0;
    hdf5_check(H5Pget_link_creation_order(list.id(), &flags), path_, "H5Pget_link_creation_order");
    return (flags & H5P_CRT_ORDER_INDEXED) != 0;
  }

  std::string attribute(hid_t object, const char* name, const std::string& otherwise) const {
    if (H5Aexists(object, name) <= 0) return otherwise;
    const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, path_, "H5Aopen");
    const Hdf5Handle type(H5Aget_type(attribute.id()), H5Tclose, path_, "H5Aget_type");
    if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) <= 0) {
      return otherwise;
    }
    char* pointer = nullptr;
    hdf5_check(H5Aread(attribute.id(), type.id(), &pointer), path_, "H5Aread");
    std::string text = pointer == nullptr ? otherwise : pointer;
    hdf5_check(H5free_memory(pointer), path_, "H5free_memory");
    return text;
  }

  Column read_column(hid_t group, const std::string& name) const {
    const Hdf5Handle set(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose, path_, "H5Dopen");
    const Hdf5Handle space(H5Dget_space(set.id()), H5Sclose, path_, "H5Dget_space");
    if (H5Sget_simple_extent_ndims(space.id()) != 1) {
      throw Error(fmt::format("{}: '{}' has not one dimension", path_, name));
    }
    const Hdf5Handle type(H5Dget_type(set.id()), H5Tclose, path_, "H5Dget_type");
    Column column;
    column.complex = H5Tget_class(type.id()) == H5T_COMPOUND;
    const Hdf5Handle pair = hdf5_complex(path_);
    const auto points =
        hdf5_check(H5Sget_simple_extent_npoints(space.id()), path_, "H5Sget_extent");
    column.numbers.resize(static_cast<std::size_t>(points) * (column.complex ? 2 : 1));
    hdf5_check(H5Dread(set.id(), column.complex ? pair.id() : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL,
                       H5P_DEFAULT, column.numbers.data()),
               path_, "H5Dread");
    const Signal by_name = signal_of_name(attribute(set.id(), "name", name));
    column.signal = {by_name.name, attribute(set.id(), "type", by_name.type),
                     attribute(set.id(), "unit", by_name.unit)};
    return column;
  }

  Waveforms read_plot(hid_t group, const std::string& name) const {
    std::vector<Column> columns;
    PlotHeader header{attribute(group, "title", ""), attribute(group, "plotname", name), {}};
    for (const std::string& link : links_of(group)) {
      columns.push_back(read_column(group, link));
      header.signals.push_back(columns.back().signal);
      header.complex = header.complex || columns.back().complex;
    }
    Waveforms waveforms;
    waveforms.begin(header);
    const auto points_of = [](const Column& c) { return c.numbers.size() / (c.complex ? 2 : 1); };
    const std::size_t points = columns.empty() ? 0 : points_of(columns[0]);
    for (const Column& column : columns) {
      if (points_of(column) != points) {
        throw Error(fmt::format("{}: '{}' has {} points, not {}", path_, column.signal.name,
                                points_of(column), points));
      }
    }
    std::vector<double> numbers(header.numbers());
    for (std::size_t k = 0; k < points; ++k) {
      for (std::size_t s = 0; s < columns.size(); ++s) {
        const Column& c = columns[s];
        numbers[s] = c.complex ? c.numbers[2 * k] : c.numbers[k];
        if (header.complex) numbers[columns.size() + s] = c.complex ? c.numbers[2 * k + 1] : 0;
      }
      waveforms.point(numbers);
    }
    return waveforms;
  }

  std::string path_;
  Hdf5Handle file_;
};

}  // namespace

std::vector<Waveforms> read_hdf5(const std::string& path) {
  const auto lock = hdf5_lock();
  return Hdf5Reader(path).read();
}

}  // namespace wordline
