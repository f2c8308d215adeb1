#include "dialogporten/validation/storage.hpp"

#include "dialogporten/model/text.hpp"
#include "dialogporten/store/claims.hpp"
#include "dialogporten/wire/document.hpp"

#include <unordered_set>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t max_stored_length = 255;
constexpr std::size_t max_transmissions = 32'767;

bool too_long(const Text& text) {
  return text && text->size() > max_stored_length && utf16_length(*text) > max_stored_length;
}

bool too_long(const Actor& actor) {
  return too_long(actor.name) || too_long(actor.id);
}

bool has_long_text(const Dialog& dialog) {
  if (too_long(dialog.service_resource) || too_long(dialog.process) || too_long(dialog.preceding_process))
    return true;
  for (const auto& transmission : dialog.transmissions)
    if (transmission.sender && too_long(*transmission.sender)) return true;
  for (const auto& activity : dialog.activities)
    if (activity.performed_by && too_long(*activity.performed_by)) return true;
  for (const auto& attachment : dialog.attachments)
    for (const auto& url : attachment.urls)
      if (too_long(url.media_type)) return true;
  return false;
}

bool has_doubled_attachment(const Dialog& dialog) {
  std::unordered_set<Uuid, UuidHash> attachments;
  std::unordered_set<Uuid, UuidHash> urls;
  for (const auto& claim : claims_of(dialog)) {
    if (claim.table == Table::attachment && !attachments.insert(claim.id).second) return true;
    if (claim.table == Table::attachment_url && !urls.insert(claim.id).second) return true;
  }
  return false;
}

/// Whether JSON spells U+0000 somewhere: the escape, not behind a backslash of its own.
bool spells_nul(std::string_view json) {
  constexpr std::string_view escape = "\\u0000";
  for (auto at = json.find(escape); at != std::string_view::npos; at = json.find(escape, at + 1)) {
    const auto before = json.substr(0, at).find_last_not_of('\\');
    const auto backslashes = at - (before == std::string_view::npos ? 0 : before + 1);
    if (backslashes % 2 == 0) return true;
  }
  return false;
}

} // namespace

bool labels_break_storage(const std::vector<Tag>& labels) {
  std::unordered_set<std::string> seen;
  for (const auto& label : labels)
    if (label.value.find('\0') != std::string_view::npos || !seen.insert(lower(trimmed(label.value))).second)
      return true;
  return false;
}

bool breaks_storage(const Dialog& dialog, std::string_view body) {
  if (dialog.service_owner_context && labels_break_storage(dialog.service_owner_context->labels)) return true;
  // What the API ignores may hold what it likes: asked of what would be stored.
  return has_long_text(dialog) || has_doubled_attachment(dialog) ||
         dialog.transmissions.size() > max_transmissions ||
         (spells_nul(body) && spells_nul(stored_text(dialog)));
}

} // namespace altinn_sim::dialogporten
