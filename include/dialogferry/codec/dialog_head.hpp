#pragma once

#include <dialogferry/codec/arena.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// What a label of the service owner begins with that names the form, or the message, a dialog was made of
/// (dialogporten.md 2.9).
inline constexpr std::string_view form_label = "urn:altinn:integration:storage:";
inline constexpr std::string_view message_label = "urn:altinn:correspondence-id:";

/// A dialog without its content, as a search lists it and as GET answers it (dialogporten.md 2.1, 2.2). Texts
/// point into the body or into the arena that was handed over.
struct DialogHead {
  Uuid id;
  Instant created_at;
  Instant updated_at;
  bool is_deleted = false;
  std::string_view org;
  std::string_view service_resource;
  std::string_view party;
  std::string_view label; ///< the first one that names a form or a message; empty where none does
};

/// What a page of a search tells beside its dialogs.
struct SearchPage {
  bool has_next = false;
  std::string_view token; ///< of the next page; there on the last one as well (dialogporten.md 2.2)
  std::string_view order; ///< `updatedat_desc,id_desc`: what the answer is in the order of
};

/// Reads a page of a search; its dialogs go behind those of `dialogs`, in its order. Fails where it has no
/// `items`, or one lacks its id or a time.
Result<SearchPage> read_search_page(Parser& parser, JsonView json, Arena& texts,
                                    std::vector<DialogHead>& dialogs);

/// Reads the answer of GET dialogs/{id}. Fails where its id or a time is missing.
Result<DialogHead> read_dialog_head(Parser& parser, JsonView json, Arena& texts);

} // namespace dialogferry::codec
