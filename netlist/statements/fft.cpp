// .fft signal [start=] [stop=] [np=] [window=] [alfa=] [format=norm|unorm]: the spectrum of a
// signal of every transient.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "wordline/netlist/output_operand.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

using Window = Spectrum::Window;

struct WindowName {
  std::string_view name;
  Window window;
};

constexpr std::array<WindowName, 11> kWindows = {{{"rect", Window::kRectangle},
                                                  {"bart", Window::kTriangle},
                                                  {"hann", Window::kHann},
                                                  {"hanning", Window::kHann},
                                                  {"hamm", Window::kHamming},
                                                  {"hamming", Window::kHamming},
                                                  {"black", Window::kBlackman},
                                                  {"blackman", Window::kBlackman},
                                                  {"harris", Window::kHarris},
                                                  {"gauss", Window::kGauss},
                                                  {"gaussian", Window::kGauss}}};

Window read_window(const Token& value) {
  const auto found = std::find_if(kWindows.begin(), kWindows.end(), [&](const WindowName& w) {
    return equal_ignoring_case(value.text, w.name);
  });
  if (found != kWindows.end()) return found->window;
  fail(value, fmt::format("there is no window '{}'", value.text),
       "there are rect, bart, hann, hamm, black, harris and gauss");
}

std::size_t read_points(const Token& value, const Scope& scope) {
  constexpr double kMost = 1 << 24;
  const double points = scope.value(value);
  if (!(points >= 4 && points <= kMost)) {
    fail(value, fmt::format("{} is no number of points from 4 to {}", points, kMost));
  }
  const std::size_t whole = std::bit_ceil(static_cast<std::size_t>(std::ceil(points)));
  if (static_cast<double>(whole) != points) {
    scope.warn(value, fmt::format("{} points are taken, a power of two", whole));
  }
  return whole;
}

double read_time(const Token& value, const Scope& scope) {
  const double time = scope.value(value);
  if (time < 0) fail(value, fmt::format("the time {} s is negative", time));
  return time;
}

bool read_format(const Token& value) {
  if (equal_ignoring_case(value.text, "norm")) return true;
  if (equal_ignoring_case(value.text, "unorm")) return false;
  fail(value, fmt::format("there is no format '{}'", value.text), "there are norm and unorm");
}

void read_setting(const Assignment& setting, const Scope& scope, Spectrum& spectrum) {
  const auto is = [&](std::string_view name) {
    return equal_ignoring_case(setting.name.text, name);
  };
  if (is("start") || is("from")) {
    spectrum.start = read_time(setting.value, scope);
  } else if (is("stop") || is("to")) {
    spectrum.stop = read_time(setting.value, scope);
    if (spectrum.stop == 0) fail(setting.value, "the spectrum ends where it begins");
  } else if (is("np")) {
    spectrum.points = read_points(setting.value, scope);
  } else if (is("window")) {
    spectrum.window = read_window(setting.value);
  } else if (is("alfa")) {
    spectrum.narrowness = scope.value(setting.value);
    if (!(spectrum.narrowness >= 1 && spectrum.narrowness <= 20)) {
      fail(setting.value, fmt::format("alfa = {} is outside of [1, 20]", spectrum.narrowness));
    }
  } else if (is("format")) {
    spectrum.normalised = read_format(setting.value);
  } else {
    fail(setting.name, fmt::format("'{}' is not expected here", setting.name.text),
         did_you_mean(setting.name.text,
                      {"start", "from", "stop", "to", "np", "window", "alfa", "format"}));
  }
}

}  // namespace

void read_fft(Line& line, Scope& scope) {
  Circuit& circuit = scope.circuit();
  Spectrum spectrum;
  const Token signal = line.peek();
  OutputRequest request = read_operand(take_operand(line), scope.dialect());
  request.analysis = "four";
  request.where = scope.sources().locate(signal.text.data());
  spectrum.signal = request.label;
  circuit.outputs.push_back(std::move(request));
  while (const auto setting = line.accept_assignment()) {
    read_setting(*setting, scope, spectrum);
    line.accept(',');
  }
  line.expect_end();
  if (spectrum.stop > 0 && spectrum.stop <= spectrum.start) {
    fail(signal,
         fmt::format("the spectrum's end, {} s, is not after {} s", spectrum.stop, spectrum.start));
  }
  circuit.spectra.push_back(std::move(spectrum));
}

}  // namespace wordline
