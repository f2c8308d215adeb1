#pragma once

#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"

#include <boost/json/object.hpp>

namespace altinn_sim {

/// What the records of Correspondence ask for, compared with the dialogs that are there:
/// `{"records", "attachments", "dialogs", "hidden", "stranded", "wrongly_labelled", "orphaned_attachments",
/// "doubled_uploads", "doubled", "missing", "refused", "stale", "wrong", "leftover", "jobs": {"open",
/// "retried", "failed"}, "stranded_ids": [...], …}`. Figures are of now: while jobs are open, they are not
/// the last word.
boost::json::object audit_correspondence(const correspondence::Service& service,
                                         const dialogporten::Service& dialogs);

} // namespace altinn_sim
