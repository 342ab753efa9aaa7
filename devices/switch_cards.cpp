#include "wordline/devices/switch_cards.hpp"

#include <cmath>

namespace wordline {

const std::array<Parameter<HystereticSwitchCard>, 4> HystereticSwitchCard::kParameters = {{
    {&HystereticSwitchCard::threshold, "vt", "V or A", Range::any(), "threshold", {}, "it"},
    {&HystereticSwitchCard::hysteresis, "vh", "V or A", Range::any(), "hysteresis", {}, "ih"},
    {&HystereticSwitchCard::ron, "ron", "ohm", Range::positive(), "resistance when on"},
    {&HystereticSwitchCard::roff, "roff", "ohm", Range::positive(), "resistance when off"},
}};

const std::array<Parameter<SmoothSwitchCard>, 4> SmoothSwitchCard::kParameters = {{
    {&SmoothSwitchCard::on, "von", "V or A", Range::any(), "control where it is on", {}, "ion"},
    {&SmoothSwitchCard::off, "voff", "V or A", Range::any(), "control where it is off", {}, "ioff"},
    {&SmoothSwitchCard::ron, "ron", "ohm", Range::positive(), "resistance when on"},
    {&SmoothSwitchCard::roff, "roff", "ohm", Range::positive(), "resistance when off"},
}};

SwitchCard switch_card(std::string_view kind, std::span<const double> values) {
  if (kind == "vswitch" || kind == "iswitch") return from_values<SmoothSwitchCard>(values);
  const auto card = from_values<HystereticSwitchCard>(values);
  if (card.hysteresis >= 0) return card;
  return SmoothSwitchCard{.on = card.threshold - card.hysteresis,
                          .off = card.threshold + card.hysteresis,
                          .ron = card.ron,
                          .roff = card.roff};
}

SwitchPoint evaluate(const SmoothSwitchCard& card, double control) {
  const double per_span = 1 / (card.on - card.off);
  const double u = (control - 0.5 * (card.on + card.off)) * per_span;
  if (u >= 0.5) return {1 / card.ron, 0};
  if (u <= -0.5) return {1 / card.roff, 0};
  const double span = std::log(card.roff / card.ron);
  const double siemens =
      std::exp(span * (1.5 * u - 2 * u * u * u)) / std::sqrt(card.ron * card.roff);
  return {siemens, siemens * span * (1.5 - 6 * u * u) * per_span};
}

}  // namespace wordline
