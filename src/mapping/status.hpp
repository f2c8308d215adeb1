#pragma once

#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>

#include <string_view>

namespace dialogferry::mapping {

/// What an instance is waiting for (M-53).
enum class DerivedStatus : std::uint8_t {
  archived_unconfirmed,
  archived_confirmed,
  rejected,
  awaiting_service_owner_feedback,
  awaiting_confirmation,
  awaiting_signature,
  awaiting_additional_user_input,
  awaiting_initial_user_input,
  awaiting_initial_user_input_from_prefill,
};

/// The name in text keys: `archivedunconfirmed` (M-61).
std::string_view key_of(DerivedStatus status);

/// The status of the dialog: `Completed`, `Awaiting` … (M-53).
std::string_view dialog_status(DerivedStatus status);

/// Forms of Altinn 1 and 2 are known by their archive references (M-54).
bool is_altinn1_form(const codec::Instance& instance);
bool is_altinn2_form(const codec::Instance& instance);

/// Of a first event whose user tells nothing: nobody filled anything in beforehand (observed.md OR-12).
DerivedStatus derive_status(const codec::Instance& instance, const codec::InstanceStatus& status,
                            const codec::Events& events);

} // namespace dialogferry::mapping
