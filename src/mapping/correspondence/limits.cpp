#include "../text.hpp"
#include "events.hpp"
#include "forms.hpp"

#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <algorithm>
#include <array>

namespace dialogferry::mapping::correspondence {

namespace {

constexpr std::string_view base_path = "correspondenceData.correspondence.";
constexpr std::size_t no_limit = 0;

/// Looks at one member after another and keeps the first problem.
class Check {
public:
  explicit Check(std::string prefix)
      : prefix_(std::move(prefix)) {}

  bool good() const { return !problem_; }
  std::optional<Problem> problem() && { return std::move(problem_); }

  void report(std::string_view member, std::string message) {
    if (!problem_) problem_ = Problem{prefix_ + std::string(member), std::move(message), {}};
  }

  template <class T>
  void there(std::string_view member, const std::optional<T>& value) {
    if (!value) report(member, "is missing");
  }

  /// A text that may be absent.
  void text(std::string_view member, const codec::OptionalText& text, std::size_t max = no_limit) {
    if (!text || problem_) return;
    if (text->find('\0') != std::string_view::npos)
      report(member, "holds the character U+0000, which Correspondence cannot store");
    else if (max != no_limit && text->size() > max && units(*text) > max)
      report(member, "must not be longer than " + std::to_string(max) + " UTF-16 code units");
  }

  /// A text that must say something.
  void needed(std::string_view member, const codec::OptionalText& text, std::size_t max = no_limit) {
    there(member, text);
    if (text && is_blank(*text)) report(member, "must not be empty or only white space");
    this->text(member, text, max);
  }

  void at_most(std::string_view member, std::size_t count, std::size_t max) {
    if (count > max) report(member, "must not have more than " + std::to_string(max) + " entries");
  }

  /// Another check's problem, where there is none yet.
  void take(std::optional<Problem> problem) {
    if (!problem_) problem_ = std::move(problem);
  }

private:
  std::string prefix_;
  std::optional<Problem> problem_;
};

std::string entry_path(std::string_view list, std::size_t index) {
  return std::string("correspondence.").append(list).append("[") + std::to_string(index) + "].";
}

/// check(entry) for every entry of a list, until one finds something. The path of an entry is written only
/// for those.
template <class T, class Look>
std::optional<Problem> each(std::string_view list, std::span<const T> entries, Look look) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Check check{std::string{}};
    look(check, entries[i]);
    if (auto problem = std::move(check).problem()) {
      problem->member = entry_path(list, i) + problem->member;
      return problem;
    }
  }
  return std::nullopt;
}

// -- the parts of a record ----------------------------------------------------

bool is_language_taken(std::string_view language) {
  static constexpr std::array<std::string_view, 3> taken{"nb", "nn", "en"};
  const auto code = codec::accepted_language(language);
  return std::any_of(taken.begin(), taken.end(),
                     [&](std::string_view one) { return same_ignoring_case(one, code); });
}

void check_content(Check& check, const codec::CorrespondenceBase& base) {
  if (!base.content) return check.report("content", "is missing");
  const auto& content = *base.content;
  check.there("content.language", content.language);
  if (content.language && !is_language_taken(*content.language))
    check.report("content.language", "must be nb, nn or en");
  check.needed("content.messageTitle", content.title, 255);
  check.text("content.messageSummary", content.summary, 255);
  check.needed("content.messageBody", content.body, 30'000);
}

bool is_transmission_type(std::string_view value) {
  static constexpr std::array<std::string_view, 8> types{
      "Information", "Acceptance", "Rejection", "Request", "Alert", "Decision", "Submission", "Correction"};
  return std::any_of(types.begin(), types.end(),
                     [&](std::string_view type) { return same_ignoring_case(type, value); });
}

void check_references(Check& check, const codec::CorrespondenceBase& base) {
  check.at_most("externalReferences", base.references.size(), 10);
  check.take(each<codec::ExternalReference>(
      "correspondenceData.correspondence.externalReferences", base.references,
      [](Check& entry, const codec::ExternalReference& reference) {
        entry.there("referenceValue", reference.value);
        entry.text("referenceValue", reference.value);
        if (reference.type == "DialogportenTransmissionId")
          entry.report("referenceType", "must not be DialogportenTransmissionId");
        if (reference.type == "DialogportenTransmissionType" && reference.value &&
            !is_transmission_type(*reference.value))
          entry.report("referenceValue", "must be the name of a transmission type");
      }));
}

void check_properties(Check& check, const codec::CorrespondenceBase& base) {
  check.at_most("propertyList", base.properties.size(), 10);
  for (const auto& [name, value] : base.properties) {
    check.text("propertyList", codec::OptionalText(name), 50);
    check.text("propertyList", value, 300);
    if (!value) check.report("propertyList", "must not hold a null");
  }
}

void check_replies(Check& check, const codec::CorrespondenceBase& base) {
  check.take(each<codec::ReplyOption>("correspondenceData.correspondence.replyOptions", base.replies,
                                      [](Check& entry, const codec::ReplyOption& reply) {
                                        entry.there("linkURL", reply.url);
                                        entry.text("linkURL", reply.url);
                                        entry.text("linkText", reply.text);
                                      }));
}

void check_resource(Check& check, const codec::OptionalText& id) {
  check.needed("resourceId", id, 255);
  if (id && !is_resource_id(*id))
    check.report("resourceId", "must be the id of a resource, without another colon");
}

std::optional<Problem> check_base(const codec::CorrespondenceBase& base) {
  Check check("correspondence." + std::string(base_path));
  check_resource(check, base.resource_id);
  check.there("sender", base.sender);
  if (base.sender && !is_organisation_form(*base.sender))
    check.report("sender", "must be the URN of an organisation, or 0192: and its number");
  check.needed("sendersReference", base.senders_reference, 4096);
  check.text("messageSender", base.message_sender, 255);
  check.there("requestedPublishTime", base.publish_time);
  check_content(check, base);
  check_references(check, base);
  check_properties(check, base);
  check_replies(check, base);
  return std::move(check).problem();
}

std::optional<Problem> check_envelope(const codec::Correspondence& record) {
  Check check("correspondence.");
  check.there("altinn2CorrespondenceId", record.altinn2_id);
  check.there("created", record.created);
  check.there("partyId", record.party_id);
  if (!record.has_data) check.report("correspondenceData", "is missing");
  if (record.recipients.empty()) check.report("correspondenceData.recipients", "must name a recipient");
  for (const auto& recipient : record.recipients) {
    if (!recipient) check.report("correspondenceData.recipients", "must not hold a null");
    check.text("correspondenceData.recipients", recipient);
  }
  return std::move(check).problem();
}

std::optional<Problem> check_attachments(const codec::Correspondence& record) {
  return each<codec::CorrespondenceAttachment>(
      "attachments", record.attachments, [](Check& entry, const codec::CorrespondenceAttachment& file) {
        entry.needed("altinn2AttachmentId", file.altinn2_id);
        entry.there("created", file.created);
        entry.there("senderPartyUuid", file.sender_party);
        entry.there("size", file.size);
        if (file.size && *file.size < 0) entry.report("size", "must not be negative");
        entry.text("fileName", file.file_name, 255);
        entry.text("displayName", file.display_name, 255);
        entry.text("sendersReference", file.senders_reference);
        if (file.checksum && !is_blank(*file.checksum) && !is_md5(*file.checksum))
          entry.report("checksum", "must be an MD5 of 32 hexadecimal digits in lower case");
      });
}

// -- events -------------------------------------------------------------------

void check_forward(Check& entry, const codec::ForwardingEvent& event) {
  entry.text("forwardedToEmail", event.to_email, 1000);
  entry.text("forwardingText", event.text, 4000);
  if (event.mailbox && !is_organisation_form(*event.mailbox))
    entry.report("mailboxSupplier", "must be the URN of an organisation, or 0192: and its number");
}

std::optional<Problem> check_events(std::span<const codec::StatusEvent> statuses,
                                    std::span<const codec::NotificationEvent> notifications,
                                    std::span<const codec::ForwardingEvent> forwards) {
  auto problem =
      each<codec::StatusEvent>("eventHistory", statuses, [](Check& entry, const codec::StatusEvent& event) {
        entry.text("statusText", event.text);
      });
  if (!problem)
    problem = each<codec::NotificationEvent>("notificationHistory", notifications,
                                             [](Check& entry, const codec::NotificationEvent& event) {
                                               entry.text("notificationAddress", event.address);
                                             });
  if (!problem) problem = each<codec::ForwardingEvent>("forwardingHistory", forwards, check_forward);
  return problem;
}

} // namespace

std::optional<Problem> find_unfit(const codec::Correspondence& record) {
  auto problem = check_envelope(record);
  if (!problem) problem = check_base(record.base);
  if (!problem) problem = check_attachments(record);
  if (!problem) problem = check_events(record.statuses, record.notifications, record.forwards);
  if (!problem) problem = find_collision(distinct_events(record));
  return problem;
}

std::optional<Problem> find_unfit(const Events& events) {
  auto problem = check_events(events.statuses, events.notifications, events.forwards);
  return problem ? problem : find_collision(events);
}

} // namespace dialogferry::mapping::correspondence
