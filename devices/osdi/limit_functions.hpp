// SPICE's limiting functions for `$limit` in compiled models.
#pragma once

#include "wordline/devices/osdi/abi.h"

namespace wordline::osdi {

// Gives an entry of a library's table its function: pnjlim (vt, vcrit), fetlim (vto), limvds () or
// limitlog (tolerance). False if there is no such function; it then gets one that limits nothing.
bool install_limit_function(OsdiLimitFunction& entry);

}  // namespace wordline::osdi
