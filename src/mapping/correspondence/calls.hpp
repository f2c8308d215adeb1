#pragma once

#include "material.hpp"

#include <string>

/// Requests to Dialogporten that change a dialog which is there (correspondence.md 3.1, 3.8).
namespace dialogferry::mapping::correspondence {

/// The numbers by which Correspondence names system labels.
enum class Label : std::uint8_t { bin = 2, archive = 3 };

Call activity_call(const Uuid& dialog, const codec::Activity& activity);
Call label_call(const Uuid& dialog, std::string_view actor_urn, Label label, bool add);
Call delete_call(const Uuid& dialog);
Call purge_call(const Uuid& dialog);

/// A call of Correspondence's own that tells it of later events: M4, M6 or M5 (1.6).
Call sync_call(std::string_view name, std::string body);

/// Takes what asks for confirmation out of the dialog: its actions, found by their address, and the status.
/// Nothing where there is nothing of it.
std::optional<Call> confirm_call(const Uuid& dialog, const codec::DialogBody& body,
                                 std::string_view confirm_url);

} // namespace dialogferry::mapping::correspondence
