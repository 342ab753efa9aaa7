// What semiconductors show of themselves at an operating point.
#pragma once

#include <string>
#include <vector>

namespace wordline {

// All devices of one kind; those inside arrays are left out.
struct DeviceTable {
  struct Column {
    std::string quantity;  // "gm"
    std::string unit;
  };
  struct Row {
    std::string device;
    std::vector<double> values;  // one a column
  };

  std::string title;  // "diodes"
  std::vector<Column> columns;
  std::vector<Row> rows;
};

}  // namespace wordline
