#pragma once

#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/mapping/wording.hpp>

#include <array>
#include <span>
#include <string_view>

/// The texts of our own that the dialog of a message needs (correspondence.md 3.5 to 3.8).
namespace dialogferry::mapping::correspondence {

enum class Phrase : std::uint8_t {
  confirm,
  remove,
  reply,
  all_attachments,
  sender,
  recipient,
  sent_by_email,
  sent_by_sms,
  reminded_by_email,
  reminded_by_sms,
  forwarded_to_user,
  forwarded_to_email,
  forwarded_to_mailbox,
  with_note, ///< behind a forward
};

/// The phrase in nb, nn and en, each `{}` in it filled with the next of `values`.
codec::LocalizedList localized(codec::Arena& arena, Phrase phrase,
                               std::span<const std::string_view> values = {});

std::string_view text_of(Phrase phrase, Language language);

} // namespace dialogferry::mapping::correspondence
