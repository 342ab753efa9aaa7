// Executes the commands of `.control`.
#pragma once

#include <vector>

#include "wordline/cli/control/script.hpp"
#include "wordline/cli/control/session.hpp"

namespace wordline::cli::control {

// Until the end of the script, `quit`, or an interruption. Commands that are not executed here are
// noted in the session. Throws NetlistError with the place of a command that cannot be executed.
void execute(const std::vector<Command>& script, Session& session);

}  // namespace wordline::cli::control
