#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace altinn_sim::dialogporten {

// The numbers are Dialogporten's own: an integer in a body is read by number. `none` is what a missing member
// becomes; no name stands for it (dialogporten.md 1 and 3.10).

enum class Status : std::uint8_t {
  none,
  new_dialog,
  in_progress,
  draft,
  sent,
  requires_attention,
  completed,
  not_applicable,
  awaiting
};
enum class SystemLabel : std::uint8_t { none, normal, bin, archive, marked_as_unopened, sent };
enum class ActivityType : std::uint8_t {
  none,
  dialog_created,
  dialog_closed,
  information,
  transmission_opened,
  payment_made,
  signature_provided,
  dialog_opened,
  dialog_deleted,
  dialog_restored,
  sent_to_signing,
  sent_to_form_fill,
  sent_to_send_in,
  sent_to_payment,
  form_submitted,
  form_saved,
  correspondence_opened,
  correspondence_confirmed
};
enum class TransmissionType : std::uint8_t {
  none,
  information,
  acceptance,
  rejection,
  request,
  alert,
  decision,
  submission,
  correction
};
enum class ActorType : std::uint8_t { none, party_representative, service_owner };
enum class ConsumerType : std::uint8_t { none, gui, api };
enum class HttpMethod : std::uint8_t { none, get, post, put, patch, del, head, options, trace, connect };
enum class Priority : std::uint8_t { none, primary, secondary, tertiary };

/// The names of an enum's values 1, 2, … as the API spells them.
template <class E>
std::span<const std::string_view> names_of();

/// The name of a value; empty for `none`.
template <class E>
requires std::is_enum_v<E> std::string_view name_of(E value) {
  const auto names = names_of<E>();
  const auto index = static_cast<std::size_t>(value);
  return index == 0 || index > names.size() ? std::string_view{} : names[index - 1];
}

/// The position of a name (ignoring case) among `names`, counted from 1.
std::optional<std::uint8_t> position_of(std::span<const std::string_view> names, std::string_view name);

/// Reads a value by name, ignoring case.
template <class E>
std::optional<E> value_of(std::string_view name) {
  if (const auto position = position_of(names_of<E>(), name)) return static_cast<E>(*position);
  return std::nullopt;
}

/// Reads a value as bodies may spell it: a name or a number, or several with commas, whose bits are joined
/// (observed.md OD-10). Nothing where that is no value.
std::optional<std::uint8_t> joined_value(std::span<const std::string_view> names, std::string_view text);

/// What is stored for a status that came in: the obsolete New and Sent become NotApplicable and Awaiting.
Status stored(Status status);

/// True for Submission and Correction, which come from the party (dialogporten.md 3.10).
bool is_from_party(TransmissionType type);

} // namespace altinn_sim::dialogporten
