#pragma once

#include "correspondence/api/desk.hpp"

#include <boost/json/object.hpp>

namespace altinn_sim::correspondence {

// What events do to a dialog that is there, each a job of its own (correspondence.md 3.8).

/// Posts an activity; one that is there already is as good.
Job activity_job(Desk& desk, const std::string& dialog, json::object activity);
/// Builds the activity when it is tried: a party nobody knows makes it fail, and be tried in vain.
Job forward_job(Desk& desk, const std::string& dialog, const Uuid& correspondence, const Forward& event);
/// Adds or removes a system label on behalf of a party.
Job label_job(Desk& desk, const std::string& dialog, std::string_view urn, int added, int removed);
/// Takes away what asks to confirm, then posts the activity if there is one.
Job confirm_job(Desk& desk, const std::string& dialog, const Uuid& correspondence,
                std::optional<json::object> activity);
/// Deletes the dialog softly, then says who did.
Job delete_job(Desk& desk, const std::string& dialog, json::object activity);

namespace system_label {
constexpr int none = 0;
constexpr int bin = 2;
constexpr int archive = 3;
} // namespace system_label

} // namespace altinn_sim::correspondence
