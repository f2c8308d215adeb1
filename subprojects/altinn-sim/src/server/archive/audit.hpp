#pragma once

#include "archive/archive.hpp"
#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"
#include "storage/audit.hpp"

#include <boost/json/array.hpp>

namespace altinn_sim {

/// The rows `a2-correspondence-historic` and `a2-correspondence-live` (what came, or got an event, while the
/// simulator ran): each message of the archive with its record in Correspondence and its dialog, end to end.
/// In the shape of the other rows, and `unfit` (exceptions that must be), `refused` (those of them that
/// Correspondence took), `waiting` (not published yet), `stranded`, `wrongly_labelled`,
/// `orphaned_attachments`, `doubled_uploads`. Of the range days of creation and the organisation count. Empty
/// where the archive is.
boost::json::array audit_messages(const archive::Archive& archive, const correspondence::Service& records,
                                  const dialogporten::Service& dialogs, const storage::AuditRange& range);

} // namespace altinn_sim
