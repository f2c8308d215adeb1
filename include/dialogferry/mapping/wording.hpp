#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::mapping {

/// The default texts that a dialog may need (M-121).
enum class Slot : std::uint8_t {
  summary_archived_unconfirmed,
  summary_archived_confirmed,
  summary_rejected,
  summary_awaiting_service_owner_feedback,
  summary_awaiting_confirmation,
  summary_awaiting_signature,
  summary_awaiting_additional_user_input,
  summary_awaiting_initial_user_input,
  go_to_archived,
  go_to_signing,
  go_to_other,
  delete_label,
  copy_label,
  transmission_title,
  attachment_name,
  receipt_sent,
  receipt_sender,
  receipt_receiver,
  receipt_reference,
  receipt_summary,
  deletion_refused_title,
  deletion_refused_detail,
};

inline constexpr std::size_t slot_count = 22;

/// The languages of every default text, in the order they are written (M-120).
enum class Language : std::uint8_t { nb, nn, en };

inline constexpr std::size_t language_count = 3;

/// `nb`, `nn`, `en`.
std::string_view code_of(Language language);

/// The name of a slot in a texts file: "summary/ArchivedConfirmed", "go-to label/other".
std::string_view name_of(Slot slot);
std::optional<Slot> slot_named(std::string_view name);

/// The default texts; starts with those that are built in.
class Wording {
public:
  Wording();

  std::string_view text(Slot slot, Language language) const { return at(slot, language); }
  void set(Slot slot, Language language, std::string text) { at(slot, language) = std::move(text); }

private:
  const std::string& at(Slot slot, Language language) const {
    return texts_[static_cast<std::size_t>(slot)][static_cast<std::size_t>(language)];
  }
  std::string& at(Slot slot, Language language) {
    return texts_[static_cast<std::size_t>(slot)][static_cast<std::size_t>(language)];
  }

  std::array<std::array<std::string, language_count>, slot_count> texts_;
};

} // namespace dialogferry::mapping
