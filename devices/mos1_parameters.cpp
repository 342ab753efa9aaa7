#include "wordline/devices/mos1.hpp"

namespace wordline {

namespace {

constexpr Range kFraction{.low = 0, .high = 1, .high_open = true};

}  // namespace

const std::array<Parameter<Mos1Card>, 28> Mos1Card::kParameters = {{
    {&Mos1Card::vto, "vto", "V", Range::any(), "threshold without body bias", {}, "vt0"},
    {&Mos1Card::kp, "kp", "A/V^2", Range::positive(),
     "transconductance (2e-5, or from uo and tox)"},
    {&Mos1Card::gamma, "gamma", "V^0.5", Range::at_least(0),
     "body effect (0, or from nsub and tox)"},
    {&Mos1Card::phi, "phi", "V", Range::positive(), "surface potential (0.6, or from nsub)"},
    {&Mos1Card::lambda, "lambda", "1/V", Range::at_least(0), "channel length modulation"},
    {&Mos1Card::rd, "rd", "ohm", Range::at_least(0), "drain resistance"},
    {&Mos1Card::rs, "rs", "ohm", Range::at_least(0), "source resistance"},
    {&Mos1Card::rsh, "rsh", "ohm", Range::at_least(0), "sheet resistance of drain and source"},
    {&Mos1Card::cbd, "cbd", "F", Range::at_least(0), "bulk-drain capacitance (from cj)"},
    {&Mos1Card::cbs, "cbs", "F", Range::at_least(0), "bulk-source capacitance (from cj)"},
    {&Mos1Card::is, "is", "A", Range::positive(), "saturation current of the bulk junctions"},
    {&Mos1Card::js, "js", "A/m^2", Range::at_least(0), "the same per area"},
    {&Mos1Card::pb, "pb", "V", Range::positive(), "potential of the bulk junctions"},
    {&Mos1Card::cj, "cj", "F/m^2", Range::at_least(0), "bottom capacitance of the bulk junctions"},
    {&Mos1Card::mj, "mj", "", kFraction, "grading of the bottom"},
    {&Mos1Card::cjsw, "cjsw", "F/m", Range::at_least(0),
     "side-wall capacitance of the bulk junctions"},
    {&Mos1Card::mjsw, "mjsw", "", kFraction, "grading of the side wall"},
    {&Mos1Card::fc, "fc", "", kFraction, "part of pb up to which the depletion formula holds"},
    {&Mos1Card::cgso, "cgso", "F/m", Range::at_least(0), "gate-source overlap per width"},
    {&Mos1Card::cgdo, "cgdo", "F/m", Range::at_least(0), "gate-drain overlap per width"},
    {&Mos1Card::cgbo, "cgbo", "F/m", Range::at_least(0), "gate-bulk overlap per length"},
    {&Mos1Card::tox, "tox", "m", Range::positive(), "oxide thickness (no gate capacitance)"},
    {&Mos1Card::nsub, "nsub", "1/cm^3", Range::at_least(1.45e10), "substrate doping"},
    {&Mos1Card::nss, "nss", "1/cm^2", Range::at_least(0), "surface states"},
    {&Mos1Card::tpg, "tpg", "", Range::between(-1, 1),
     "gate: 1 opposite to the substrate, -1 the same, 0 aluminium"},
    {&Mos1Card::ld, "ld", "m", Range::at_least(0), "lateral diffusion"},
    {&Mos1Card::uo, "uo", "cm^2/Vs", Range::positive(), "mobility", {}, "u0"},
    {&Mos1Card::tnom, "tnom", "C", Range{.low = -273.15, .low_open = true},
     "temperature of these parameters (.options tnom)"},
}};

std::string Mos1Card::check() const {
  return std::isnan(tox) && !std::isnan(nsub) ? "nsub needs tox" : "";
}

}  // namespace wordline
