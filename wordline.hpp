// Everything most programs need: circuits from netlists or from code, the simulator, its results.
#pragma once

#include "wordline/base/error.hpp"
#include "wordline/base/matrix.hpp"
#include "wordline/base/units.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/convolution.hpp"
#include "wordline/crossbar/layer.hpp"
#include "wordline/crossbar/matmul.hpp"
#include "wordline/crossbar/nonidealities.hpp"
#include "wordline/cuda/probe.hpp"
#include "wordline/devices/registry.hpp"
#include "wordline/engine/report.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/read.hpp"
