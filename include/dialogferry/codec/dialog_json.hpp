#pragma once

#include <dialogferry/codec/dialog.hpp>

#include <string>

namespace dialogferry::codec {

/// The body of POST dialogs. Members without a value are left out (dialogporten.md 1, null handling).
std::string write_create(const DialogOrigin& origin, const DialogBody& body);

/// The same with members that dialogs of app instances do not have; without `isApiOnly` where it is false.
std::string write_create(const DialogOrigin& origin, const DialogKept& kept, const DialogBody& body);

/// The body of POST dialogs/{id}/activities.
std::string write_activity(const Activity& activity);

/// The body of PUT dialogs/{id}.
std::string write_update(const DialogKept& kept, const DialogBody& body);

/// Reads the answer of GET dialogs/{id}. Members it does not know are passed by.
Result<StoredDialog> read_dialog(Parser& parser, JsonView json);

/// The same where `revision` may be missing: for what sends nothing with If-Match.
Result<StoredDialog> read_dialog_parts(Parser& parser, JsonView json);

} // namespace dialogferry::codec
