#include "wordline/cli/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/si_scale.hpp"

namespace wordline::cli {

namespace {

// What an axis shows, before its numbers are known.
struct Axis {
  std::string quantity;
  std::string unit;
  std::vector<std::size_t> signals;
  double scale = 1;  // drawn number = value * scale
  std::string prefix;

  std::string label() const { return axis_label(quantity, prefix, unit); }
};

class FigureBuilder {
 public:
  FigureBuilder(const Waveforms& waveforms, const FigureRequest& request)
      : waveforms_(waveforms), request_(request), x_(request.x.empty() ? 0 : find(request.x)) {
    if (request.panes.size() == 1) {
      part_by_units(request.panes.front());
    } else {
      for (const auto& names : request.panes) axes_.push_back(axis_of(names));
    }
    x_axis_ = {signal(x_).type == "time" ? "time" : signal(x_).name, signal(x_).unit, {x_}, 1, ""};
    choose_scale(x_axis_, request_.log_x);
    for (Axis& axis : axes_) choose_scale(axis, request_.log_y);
  }

  Figure build() const {
    Figure figure{waveforms_.header().title,
                  x_axis_.label(),
                  request_.x_low * x_axis_.scale,
                  request_.x_high * x_axis_.scale,
                  request_.log_x,
                  request_.log_y,
                  {},
                  data(),
                  1};
    for (const Axis& axis : axes_) {
      Pane pane{label_of(axis), {}};
      for (const std::size_t k : axis.signals) {
        pane.traces.push_back({signal(k).name, figure.columns++});
      }
      figure.panes.push_back(std::move(pane));
    }
    return figure;
  }

 private:
  const Signal& signal(std::size_t k) const { return waveforms_.header().signals[k]; }

  std::size_t find(const std::string& name) const {
    const std::string wanted = to_lower(name);
    std::vector<std::string> names;
    for (const Signal& s : waveforms_.header().signals) names.push_back(to_lower(s.name));
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const std::string near = nearest(wanted, names);
    throw UsageError(fmt::format("no signal '{}' in '{}'{}", name, waveforms_.header().plotname,
                                 near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }

  void part_by_units(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const std::size_t k = find(name);
      const std::string quantity = quantity_of(signal(k));
      const auto axis = std::find_if(axes_.begin(), axes_.end(), [&](const Axis& a) {
        return a.unit == signal(k).unit && a.quantity == quantity;
      });
      if (axis != axes_.end()) {
        axis->signals.push_back(k);
      } else {
        axes_.push_back({quantity, signal(k).unit, {k}, 1, ""});
      }
    }
  }

  Axis axis_of(const std::vector<std::string>& names) const {
    const Signal& first = signal(find(names.front()));
    Axis axis{quantity_of(first), first.unit, {}, 1, ""};
    for (const std::string& name : names) {
      const std::size_t k = find(name);
      if (signal(k).unit != axis.unit) {
        throw UsageError(
            fmt::format("a pane has one unit: '{}' is in [{}], '{}' in [{}]; put a / between them",
                        names.front(), axis.unit, name, signal(k).unit));
      }
      axis.signals.push_back(k);
    }
    return axis;
  }

  double largest_shown(const Axis& axis) const {
    const std::span<const double> x = waveforms_.column(x_);
    double largest = 0;
    for (const std::size_t k : axis.signals) {
      const std::span<const double> y = waveforms_.column(k);
      for (std::size_t i = 0; i < y.size(); ++i) {
        const bool shown = x[i] >= request_.x_low && x[i] <= request_.x_high;
        if (shown && std::isfinite(y[i])) largest = std::max(largest, std::abs(y[i]));
      }
    }
    return largest;
  }

  // The SI prefix that suits the largest value shown. The tics of logarithmic axes carry their own.
  void choose_scale(Axis& axis, bool logarithmic) const {
    if (logarithmic) return;
    SiScale scale = si_scale(largest_shown(axis), axis.unit);
    axis.scale = scale.factor;
    axis.prefix = std::move(scale.prefix);
  }

  std::string label_of(Axis axis) const {
    if (axis.quantity.empty()) {
      axis.quantity = axis.signals.size() == 1 ? signal(axis.signals.front()).name : "value";
    }
    if (request_.log_y) axis.quantity = '|' + axis.quantity + '|';
    return axis.label();
  }

  // Where an inner sweep starts again, the line is not drawn back to its beginning.
  bool restarts(std::size_t k) const {
    if (k < 2) return false;
    const std::span<const double> sweep = waveforms_.column(0);
    const double last = sweep[k - 1] - sweep[k - 2];
    const double step = sweep[k] - sweep[k - 1];
    constexpr double kJump = 2.5;
    return last * step < 0 && std::abs(step) > kJump * std::abs(last);
  }

  std::vector<double> data() const {
    std::size_t columns = 1;
    for (const Axis& axis : axes_) columns += axis.signals.size();
    const std::span<const double> x = waveforms_.column(x_);
    std::vector<double> data;
    data.reserve(x.size() * columns);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (restarts(k)) data.insert(data.end(), columns, std::nan(""));
      data.push_back(x[k] * x_axis_.scale);
      for (const Axis& axis : axes_) {
        for (const std::size_t s : axis.signals) {
          const double y = waveforms_.column(s)[k] * axis.scale;
          data.push_back(request_.log_y ? std::abs(y) : y);
        }
      }
    }
    return data;
  }

  const Waveforms& waveforms_;
  const FigureRequest& request_;
  std::size_t x_;
  Axis x_axis_;
  std::vector<Axis> axes_;
};

}  // namespace

std::string quantity_of(const Signal& signal) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNames = {
      {{"admittance", "conductance"},
       {"impedance", "resistance"},
       {"res-sweep", "resistance"},
       {"temp-sweep", "temperature"},
       {"notype", ""}}};
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [&](const auto& n) { return n.first == signal.type; });
  return found == kNames.end() ? signal.type : std::string(found->second);
}

Figure make_figure(const Waveforms& waveforms, const FigureRequest& request) {
  return FigureBuilder(waveforms, request).build();
}

}  // namespace wordline::cli
