// The level 1 MOS transistor of SPICE (Shichman and Hodges): square-law channel with body effect,
// bulk junctions, overlap and Meyer gate capacitances, temperature.
//
// All voltages are source-referred and in the n-type frame: whoever uses a p-type device negates
// its voltages and currents. `id` flows from drain to source.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/parameter.hpp"

namespace wordline {

struct Mos1Card {
  static constexpr double kDerived = std::numeric_limits<double>::quiet_NaN();

  double vto = kDerived, kp = kDerived, gamma = kDerived, phi = kDerived, lambda = 0;
  double rd = 0, rs = 0, rsh = 0;
  double cbd = kDerived, cbs = kDerived, is = 1e-14, js = 0, pb = 0.8;
  double cj = 0, mj = 0.5, cjsw = 0, mjsw = 0.5, fc = 0.5;
  double cgso = 0, cgdo = 0, cgbo = 0;
  double tox = kDerived, nsub = kDerived, nss = 0, tpg = 1, ld = 0, uo = 600;
  double tnom = kDerived;

  static const std::array<Parameter<Mos1Card>, 28> kParameters;

  // Empty, or what is wrong with the values together.
  std::string check() const;
};

struct MosGeometry {
  double w, l;            // m
  double ad = 0, as = 0;  // m^2
  double pd = 0, ps = 0;  // m
  double nrd = 1, nrs = 1;
  double m = 1;
};

class Mos1 {
 public:
  // `polarity` is 1 for n-type, -1 for p-type devices.
  Mos1(const Mos1Card& card, const MosGeometry& geometry, int polarity, double kelvin,
       double nominal_kelvin);

  struct Voltages {
    double vgs, vds, vbs;
  };

  struct Channel {
    double id;            // A
    double gm, gds, gmb;  // S: derivatives by vgs, vds, vbs
    double von, vdsat;    // V, of the device as it conducts
    bool reversed;        // vds < 0: drain and source have exchanged roles
  };
  Channel channel(double vgs, double vds, double vbs) const;

  struct Junction {
    double i, g;  // A, S, from bulk to the other side
    double q, c;  // C, F
  };
  Junction bulk_drain(double vbd, double gmin) const { return junction(drain_, vbd, gmin); }
  Junction bulk_source(double vbs, double gmin) const { return junction(source_, vbs, gmin); }

  // Half of Meyer's capacitances [F]: the device has the sum of the halves at two time points.
  struct MeyerHalf {
    double cgs, cgd, cgb;
  };
  MeyerHalf meyer(double vgs, double vgd, double vgb, const Channel& channel) const;

  double cgs_overlap() const { return cgs_overlap_; }
  double cgd_overlap() const { return cgd_overlap_; }
  double cgb_overlap() const { return cgb_overlap_; }
  double drain_conductance() const { return drain_conductance_; }    // S; 0: no resistance
  double source_conductance() const { return source_conductance_; }  // S; 0: no resistance
  int polarity() const { return polarity_; }

  // Shortens a Newton step from `old`; true if it did.
  bool limit(Voltages& v, const Voltages& old) const;

 private:
  // A bulk junction at temperature: bottom and side wall.
  struct Bulk {
    double is = 0;
    double bottom = 0, side = 0;  // zero-bias capacitances, F
  };

  void set_channel(const Mos1Card& card, double kelvin, double nominal_kelvin);
  void set_junctions(const Mos1Card& card, const MosGeometry& geometry, double kelvin,
                     double nominal_kelvin);
  double threshold(double vbs) const;
  double body(double vbs) const;  // sqrt(phi - vbs), continued for vbs > 0
  Junction junction(const Bulk& bulk, double v, double gmin) const;

  int polarity_;
  double vt_ = 0;
  double beta_ = 0, lambda_ = 0, gamma_ = 0, phi_ = 0;
  double vbi_ = 0;    // threshold without the bulk's part, V
  double oxide_ = 0;  // of the whole gate, F
  Bulk drain_, source_;
  double pb_ = 0, mj_ = 0, mjsw_ = 0, fc_ = 0;
  double cgs_overlap_ = 0, cgd_overlap_ = 0, cgb_overlap_ = 0;
  double drain_conductance_ = 0, source_conductance_ = 0;
};

}  // namespace wordline
