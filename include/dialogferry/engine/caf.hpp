#pragma once

/// The only place that knows which CAF this is, but for the scheduling policy behind io_scheduler.hpp.
/// Everything else of the engine names the framework through these aliases, so that a move to CAF 1.x (where
/// typed_actor takes function signatures) changes this header.

#include <caf/all.hpp>

static_assert(CAF_VERSION >= 1706 && CAF_VERSION < 1800, "written for CAF 0.17.6 (Debian 12)");

namespace dialogferry::engine {

/// Declares a message that stays inside the process: no serialization, copied on write. Use at global scope.
#define DIALOGFERRY_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)

/// An actor interface as a list of what it takes.
template <class... Signatures>
using actor_of = caf::typed_actor<Signatures...>;

/// Takes `In`, answers nothing.
template <class... In>
using takes = caf::reacts_to<In...>;

/// Takes `In`, answers `Out`.
template <class In, class Out>
using answers = typename caf::replies_to<In>::template with<Out>;

} // namespace dialogferry::engine
