#include "dialogporten/model/enums.hpp"

#include "dialogporten/model/text.hpp"

namespace altinn_sim::dialogporten {

namespace {

constexpr std::string_view statuses[] = {"New",       "InProgress",    "Draft",   "Sent", "RequiresAttention",
                                         "Completed", "NotApplicable", "Awaiting"};
constexpr std::string_view system_labels[] = {"Default", "Bin", "Archive", "MarkedAsUnopened", "Sent"};
constexpr std::string_view activity_types[] = {
    "DialogCreated",        "DialogClosed",           "Information",   "TransmissionOpened", "PaymentMade",
    "SignatureProvided",    "DialogOpened",           "DialogDeleted", "DialogRestored",     "SentToSigning",
    "SentToFormFill",       "SentToSendIn",           "SentToPayment", "FormSubmitted",      "FormSaved",
    "CorrespondenceOpened", "CorrespondenceConfirmed"};
constexpr std::string_view transmission_types[] = {"Information", "Acceptance", "Rejection",  "Request",
                                                   "Alert",       "Decision",   "Submission", "Correction"};
constexpr std::string_view actor_types[] = {"PartyRepresentative", "ServiceOwner"};
constexpr std::string_view consumer_types[] = {"Gui", "Api"};
constexpr std::string_view http_methods[] = {"GET",  "POST",    "PUT",   "PATCH",  "DELETE",
                                             "HEAD", "OPTIONS", "TRACE", "CONNECT"};
constexpr std::string_view priorities[] = {"Primary", "Secondary", "Tertiary"};

} // namespace

// clang-format off
template <> std::span<const std::string_view> names_of<Status>() { return statuses; }
template <> std::span<const std::string_view> names_of<SystemLabel>() { return system_labels; }
template <> std::span<const std::string_view> names_of<ActivityType>() { return activity_types; }
template <> std::span<const std::string_view> names_of<TransmissionType>() { return transmission_types; }
template <> std::span<const std::string_view> names_of<ActorType>() { return actor_types; }
template <> std::span<const std::string_view> names_of<ConsumerType>() { return consumer_types; }
template <> std::span<const std::string_view> names_of<HttpMethod>() { return http_methods; }
template <> std::span<const std::string_view> names_of<Priority>() { return priorities; }
// clang-format on

std::optional<std::uint8_t> position_of(std::span<const std::string_view> names, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (same_name(names[i], name)) return static_cast<std::uint8_t>(i + 1);
  return std::nullopt;
}

Status stored(Status status) {
  if (status == Status::new_dialog || status == Status::none) return Status::not_applicable;
  return status == Status::sent ? Status::awaiting : status;
}

bool is_from_party(TransmissionType type) {
  return type == TransmissionType::submission || type == TransmissionType::correction;
}

} // namespace altinn_sim::dialogporten
