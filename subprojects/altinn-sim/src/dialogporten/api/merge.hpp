#pragma once

#include "dialogporten/api/call.hpp"

namespace altinn_sim::dialogporten {

/// What a PUT makes of a stored dialog (dialogporten.md 4.3): members replaced, children merged by id,
/// transmissions and activities appended. Both dialogs are prepared; neither is used afterwards.
Dialog merged(const Dialog& before, Dialog update);

/// The 422s of an update, collected as its steps go (dialogporten.md 3.3): dates that changed to the past,
/// ids that are there already, references that lead nowhere.
Complaints date_complaints(const Call& call, const Dialog& before, const Dialog& update);
Complaints known_activities(const Dialog& before, const Dialog& update);
Complaints known_transmissions(const Dialog& before, const Dialog& update);
Complaints unknown_references(const Dialog& next, const Dialog& update);
Complaints attachment_complaints(const Call& call, const Dialog& before, const Dialog& update);

/// True where the change moves contentUpdatedAt (dialogporten.md 4.4).
bool content_changed(const Dialog& before, const Dialog& next);

/// What the children of `next` claim that those of `before` do not.
std::vector<Claim> claimed_beyond(const std::vector<Claim>& next, const std::vector<Claim>& before);

} // namespace altinn_sim::dialogporten
