#include "wordline/solvers/array_stamps.hpp"

#include <cmath>

namespace wordline {

namespace {

constexpr LineStamp kNone{.right = 1};  // an unknown of the padding: x = 0

std::int32_t padded(std::int32_t length) { return (length + kLeaf - 1) / kLeaf * kLeaf; }

// Lines are built whole and kept in parts.
void keep(const std::vector<LineStamp>& cells, PlaneStamps::Line& line) {
  for (std::size_t k = 0; k < kLeaf; ++k) {
    line.head[k] = cells[k];
    line.tail[k] = cells[cells.size() - kLeaf + k];
  }
}

LineStamp segment(double g) { return {.left = g, .right = g, .across = g}; }

// The last node of a line with a port behind it: a star of the segment before it, the driver and
// the device.
LineStamp behind(double before, double driver) {
  const double sum = before + driver;
  const double share = sum > 0 ? before / sum : 0;
  LineStamp stamp = segment(share * driver);
  stamp.tap = share;
  stamp.source = sum;
  stamp.kind = LineStamp::Kind::kBehind;
  return stamp;
}

// The part of a line that is not alike: its first two cells and those from its end on. Others are
// not visited, so that stamping costs little beside factoring.
void ground_line(double g, double first, double last, std::int32_t length,
                 std::vector<LineStamp>& cells) {
  const auto n = static_cast<std::size_t>(length);
  const bool held_first = std::isinf(first), held_last = std::isinf(last);
  for (std::size_t k = 0; k < cells.size(); ++k) cells[k] = k < n ? segment(g) : kNone;
  cells[0] = {.right = held_first ? 1 : first};
  if (held_first) {
    cells[0].kind = LineStamp::Kind::kHeld;
    if (n > 1) cells[1] = {.right = g};
  }
  LineStamp& end = cells[n - 1];
  if (held_last) {
    end = {.left = end.left, .right = 1, .kind = LineStamp::Kind::kHeld};
  } else if (end.kind != LineStamp::Kind::kHeld) {
    end.right += last;
  }
}

// Segments between the padded places of a line: where the places of two cells' nodes are further
// apart than 1, the segment between them is cut in as many pieces.
void port_line(double g, double first, double last, std::int32_t length, bool ported_last,
               std::vector<LineStamp>& cells) {
  const std::size_t end = cells.size();
  const auto n = static_cast<std::size_t>(length);
  const bool held_first = n > 1 && std::isinf(first);
  std::vector<double> conductance(end + 1, 0.0);
  if (n > 1) {
    if (!held_first) conductance[0] = first;
    std::size_t from = held_first ? 0 : 1;
    for (std::size_t k = 1; k < n; ++k) {
      const std::size_t to = k + 1 < n ? k + 1 : end;
      for (std::size_t p = from; p < to; ++p) {
        conductance[p] = static_cast<double>(to - from) * g;
      }
      from = to;
    }
  } else {
    last += first;
  }
  for (std::size_t p = 0; p < end; ++p) {
    cells[p] = segment(conductance[p]);
    const bool padding = p + 1 >= n && p + 1 < end;
    if (padding && conductance[p] + conductance[p + 1] == 0) cells[p] = kNone;
  }
  if (held_first) cells[0].tap = 1;
  if (ported_last && !std::isinf(last)) cells[end - 1] = behind(conductance[end - 1], last);
}

}  // namespace

std::vector<std::int32_t> places_of_axis(std::int32_t length, bool ported) {
  std::vector<std::int32_t> places(static_cast<std::size_t>(padded(length)), -1);
  for (std::int32_t k = 0; k < length; ++k) places[static_cast<std::size_t>(k)] = k;
  if (ported && places.back() < 0) {
    places[static_cast<std::size_t>(length) - 1] = -1;
    places.back() = length - 1;
  }
  return places;
}

namespace {

// Lines keep their shape where they are longer than this, so it is found on a short one.
std::int32_t shortened(std::int32_t length) {
  return length <= 3 * kLeaf ? length : 2 * kLeaf + (length - 1) % kLeaf + 1;
}

template <class StampLine>
void stamp(const ArrayPlane& plane, const std::vector<std::int32_t>& across, std::int32_t length,
           PlaneStamps& stamps, const StampLine& stamp_line) {
  stamps.lines.resize(across.size());
  const std::int32_t n = shortened(length);
  std::vector<LineStamp> cells(static_cast<std::size_t>(padded(n)));
  for (std::size_t i = 0; i < across.size(); ++i) {
    PlaneStamps::Line& line = stamps.lines[i];
    if (across[i] < 0) {
      line.inner = kNone;
      line.head.fill(kNone);
      line.tail.fill(kNone);
      continue;
    }
    const auto real = static_cast<std::size_t>(across[i]);
    line.inner = segment(plane.segment);
    stamp_line(plane.first[real], plane.last[real], n, cells);
    keep(cells, line);
  }
}

}  // namespace

void stamp_grounded(const ArrayPlane& plane, const std::vector<std::int32_t>& across,
                    std::int32_t length, PlaneStamps& stamps) {
  stamp(plane, across, length, stamps,
        [&](double first, double last, std::int32_t n, std::vector<LineStamp>& cells) {
          ground_line(plane.segment, first, last, n, cells);
        });
}

void stamp_ported(const ArrayPlane& plane, const std::vector<std::int32_t>& across,
                  std::int32_t length, bool ported_last, PlaneStamps& stamps) {
  stamp(plane, across, length, stamps,
        [&](double first, double last, std::int32_t n, std::vector<LineStamp>& cells) {
          port_line(plane.segment, first, last, n, ported_last, cells);
        });
}

}  // namespace wordline
