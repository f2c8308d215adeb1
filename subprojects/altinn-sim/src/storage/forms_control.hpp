#pragma once

#include "exchange.hpp"
#include "world.hpp"

namespace altinn_sim::storage {

/// `POST /_sim/forms`: imports forms as Altinn 2 does (storage.md 3.3). The body is one of:
///
/// - `{"organisation":"ttd","count":5}`: imports them now. `version` 1 or 2 (default 2); `archived` false:
///   never completed; `complete` false: half done; `complete_after` seconds: completes itself;
///   `last_changed` (default the clock).
/// - The same with `"rate":2,"seconds":30`: so many a second, in the background, until the time is over.
/// - `{"complete":["party/guid",…]}`: finishes half done imports.
/// - `{"reimport":"party/guid"}`: a new row takes the place of this one; `last_changed` (default the clock).
///
/// Answers 200 `{"forms":["party/guid",…]}`, what was imported or finished, and with a rate
/// `{"forms":[],"planned":60}`; 400 says what is wrong with the body, 404 names a form that is not there.
Response control_forms(World& world, const Request& request);

} // namespace altinn_sim::storage
