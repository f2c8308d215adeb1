#include "dialogporten/model/enums.hpp"

#include "dialogporten/model/text.hpp"

#include <charconv>

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

std::optional<std::uint8_t> joined_value(std::span<const std::string_view> names, std::string_view text) {
  unsigned joined = 0;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const auto part = trimmed(text.substr(0, comma));
    unsigned number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (const auto position = position_of(names, part))
      joined |= *position;
    else if (!part.empty() && error == std::errc{} && end == part.data() + part.size())
      joined |= number;
    else
      return std::nullopt;
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  if (joined < 1 || joined > names.size()) return std::nullopt;
  return static_cast<std::uint8_t>(joined);
}

Status stored(Status status) {
  if (status == Status::new_dialog || status == Status::none) return Status::not_applicable;
  return status == Status::sent ? Status::awaiting : status;
}

bool is_from_party(TransmissionType type) {
  return type == TransmissionType::submission || type == TransmissionType::correction;
}

} // namespace altinn_sim::dialogporten
