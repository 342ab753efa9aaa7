// Circuits written in a line a piece, for tests.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::testing {

struct CircuitBuilder {
  Circuit circuit;

  NodeId node(const std::string& name) { return circuit.nodes.intern(name); }
  CircuitBuilder& r(const std::string& name, const std::string& p, const std::string& n,
                    double ohms) {
    circuit.resistors.add(name, {node(p), node(n), ohms});
    return *this;
  }
  CircuitBuilder& c(const std::string& name, const std::string& p, const std::string& n,
                    double farads, double initial = std::numeric_limits<double>::quiet_NaN()) {
    circuit.capacitors.add(name, {node(p), node(n), farads, initial});
    return *this;
  }
  CircuitBuilder& l(const std::string& name, const std::string& p, const std::string& n,
                    double henries, double initial = std::numeric_limits<double>::quiet_NaN()) {
    circuit.inductors.add(name, {node(p), node(n), henries, initial});
    return *this;
  }
  CircuitBuilder& v(const std::string& name, const std::string& p, const std::string& n,
                    SourceFunction function) {
    circuit.voltage_sources.add(name, {node(p), node(n), std::move(function)});
    return *this;
  }
  CircuitBuilder& v(const std::string& name, const std::string& p, const std::string& n,
                    double dc) {
    return v(name, p, n, SourceFunction{.dc = dc, .shape = {}});
  }
  CircuitBuilder& i(const std::string& name, const std::string& p, const std::string& n,
                    double dc) {
    circuit.current_sources.add(name, {node(p), node(n), {.dc = dc, .shape = {}}});
    return *this;
  }
  CircuitBuilder& save(const std::string& device, const std::string& quantity) {
    OutputRequest request;
    request.kind = OutputRequest::Kind::kDeviceParameter;
    request.first = device;
    request.second = quantity;
    request.label = "@" + device + "[" + quantity + "]";
    circuit.outputs.push_back(request);
    return *this;
  }
  CircuitBuilder& save_voltage(const std::string& plus) {
    OutputRequest request;
    request.first = plus;
    request.label = "v(" + plus + ")";
    circuit.outputs.push_back(request);
    return *this;
  }
};

}  // namespace wordline::testing
