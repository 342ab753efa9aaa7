#include "wordline/engine/elements/cycles.hpp"

namespace wordline {

namespace {

// A state that has passed these has been reset, or set, whichever the model calls it.
constexpr double kLow = 0.2;
constexpr double kHigh = 0.8;

}  // namespace

Cycles::Cycles(const ModelCard& card, std::uint64_t seed, std::uint64_t stream, double part)
    : card_(&card),
      seed_(seed),
      stream_(stream),
      own_(draw_parameters(*card.type, card.values, card.variations, seed, stream)) {
  restart(part);
}

void Cycles::restart(double part) {
  cycle_ = 0;
  is_high_ = part > 0.5;
}

bool Cycles::has_switched(double part) {
  if (is_high_ ? part > kLow : part < kHigh) return false;
  is_high_ = !is_high_;
  ++cycle_;
  return true;
}

std::vector<double> Cycles::parameters() const {
  return draw_cycle(*card_->type, own_, card_->variations, seed_, stream_, cycle_);
}

}  // namespace wordline
