#pragma once

#include <dialogferry/codec/dialog.hpp>

#include <string>

namespace dialogferry::codec {

/// The body of POST dialogs. Members without a value are left out (dialogporten.md 1, null handling).
std::string write_create(const DialogOrigin& origin, const DialogBody& body);

/// The body of PUT dialogs/{id}.
std::string write_update(const DialogKept& kept, const DialogBody& body);

/// Reads the answer of GET dialogs/{id}. Members it does not know are passed by.
Result<StoredDialog> read_dialog(Parser& parser, JsonView json);

} // namespace dialogferry::codec
