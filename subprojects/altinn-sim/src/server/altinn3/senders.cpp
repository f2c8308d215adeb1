#include "altinn3/senders.hpp"

#include "json_reader.hpp"
#include "live/pushed_json.hpp"
#include "storage/dice.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace altinn_sim {

namespace json = boost::json;
namespace status = correspondence::status;
using correspondence::NewCorrespondence;
using storage::PartyKind;
using storage::Ticks;

namespace {

constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";
constexpr std::string_view person_urn = "urn:altinn:person:identifier-no:";

struct Kind {
  std::string_view name;
  int status;
};

constexpr std::array kinds{
    Kind{"a3_publish", status::published}, Kind{"a3_publish_failed", status::failed},
    Kind{"a3_read", status::read},         Kind{"a3_confirm", status::confirmed},
    Kind{"a3_archive", status::archived},  Kind{"a3_purge", status::purged_by_recipient}};

/// Somebody who has a number, and a URN.
storage::Identity some_recipient(const storage::Population& people, storage::Dice& dice) {
  for (;;) {
    auto found = people.party(people.party_id(dice.below(people.parties())));
    if (found && !found->number.empty()) return *found;
  }
}

/// The owner's code and number.
std::pair<std::string, std::string> some_owner(const storage::World& world, storage::Dice& dice) {
  const auto& owners = world.generator().catalogue().organisations();
  if (owners.empty()) return {"digdir", world.generator().population().some_organisation_number(0)};
  const auto& owner = owners[static_cast<std::size_t>(dice.below(std::ssize(owners)))];
  return {owner.code, owner.number};
}

dialogporten::Uuid uuid_of(storage::Guid id) {
  return dialogporten::parse_uuid(storage::guid_text(id)).value();
}

std::optional<storage::Identity> owner_of(const storage::World& world, std::string_view urn) {
  return world.by_number(urn.substr(urn.rfind(':') + 1));
}

std::string last_part(std::string_view urn) {
  return std::string(urn.substr(urn.rfind(':') + 1));
}

/// "/organisation/…" or "/person/…"; empty for all others.
std::string alternative_subject(std::string_view urn) {
  if (urn.starts_with(person_urn)) return "/person/" + last_part(urn);
  return urn.starts_with(organisation_urn) || urn.starts_with("0192:") ? "/organisation/" + last_part(urn)
                                                                       : "";
}

std::size_t count_in(JsonReader& members, std::string_view name, double otherwise, double most) {
  return static_cast<std::size_t>(members.number(name, otherwise, 0, most, "a whole number"));
}

} // namespace

json::object Senders::obey(const json::value& change, Ticks now) {
  JsonReader members(change, "changes");
  const auto kind = members.text("kind", "a kind").value_or("");
  json::object out;
  if (kind == "a3_create") {
    out = create(members);
  } else if (kind == "direct") {
    out = write(members, now);
  } else {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const Kind& it) { return it.name == kind; });
    if (found == kinds.end())
      refuse("kind",
             "one of a3_create a3_publish a3_publish_failed a3_read a3_confirm a3_archive a3_purge direct");
    out = happen(members, found->status, now);
  }
  members.finish();
  return out;
}

NewCorrespondence Senders::made_up(std::uint64_t number) const {
  storage::Dice dice(storage::mix(world_.options().seed, 0xa3, number));
  const auto recipient = some_recipient(world_.generator().population(), dice);
  const auto [code, owner] = some_owner(world_, dice);
  NewCorrespondence out;
  auto& record = out.record;
  record.recipient = storage::identity_urn(recipient);
  record.resource = code + "-brev-" + std::to_string(1 + dice.below(20));
  record.sender = std::string(organisation_urn) + owner;
  record.senders_reference = "A3-" + std::to_string(number);
  record.message_sender = "Etat for eksempler";
  record.language = dice.percent(80) ? "nb" : "en";
  record.title = "Varsel om tilsyn " + std::to_string(number);
  record.summary = "Les vedtaket og følg fristen.";
  return out;
}

json::object Senders::create(JsonReader& members) {
  const auto count = count_in(members, "count", 1, 10'000);
  const bool with_dialog = !members.flag("without_dialog");
  const bool is_published = members.flag("published", true);
  const bool confirms = members.flag("confirmation");
  const auto files = count_in(members, "attachments", 0, 100);
  json::array ids;
  for (std::size_t at = 0; at < count; ++at) {
    auto wanted = made_up(++made_);
    wanted.with_dialog = with_dialog;
    wanted.is_published = is_published;
    wanted.record.confirmation_needed = confirms;
    for (std::size_t file = 0; file < files; ++file) {
      auto& one = wanted.attachments.emplace_back();
      one.file_name = "vedlegg " + std::to_string(file + 1) + ".pdf";
      one.size = 1'000;
    }
    ids.emplace_back(to_string(correspondence_.send(wanted)));
  }
  if (count == 1) return {{"correspondence", ids.front()}};
  return {{"correspondences", std::move(ids)}};
}

json::object Senders::happen(JsonReader& members, int status, Ticks now) {
  constexpr std::string_view allowed = "the id of a correspondence of Altinn 3";
  const auto id = dialogporten::parse_uuid(members.text("correspondence", allowed).value_or(""));
  const bool by_sender = members.flag("by_sender");
  const auto record = id ? correspondence_.find(*id) : std::nullopt;
  if (!record) refuse("correspondence", allowed);
  const auto reader = owner_of(world_, record->recipient);
  correspondence::StatusEvent event;
  event.status = by_sender && status == status::purged_by_recipient ? status::purged_by_altinn : status;
  event.at = storage::floor_to(now, storage::microsecond);
  if (reader) event.party = uuid_of(reader->party_uuid);
  if (!correspondence_.happen(*id, event)) refuse("correspondence", allowed);
  return {{"correspondence", to_string(*id)}};
}

json::object Senders::write(JsonReader& members, Ticks now) {
  const auto number = ++made_;
  storage::Dice dice(storage::mix(world_.options().seed, 0xd12, number));
  const auto owner =
      members.text("organisation", "an organisation's code").value_or(dialogporten::Caller().org);
  const auto title =
      members.text("title", "a text").value_or("Direkte fra tjenesteeier " + std::to_string(number));
  const auto party = some_recipient(world_.generator().population(), dice);
  const json::object body{
      {"serviceResource", "urn:altinn:resource:" + owner + "-tjeneste-" + std::to_string(1 + dice.below(5))},
      {"party", storage::identity_urn(party)},
      {"content",
       {{"title",
         {{"mediaType", "text/plain"},
          {"value", json::array{json::object{{"languageCode", "nb"}, {"value", title}}}}}},
        {"summary",
         {{"mediaType", "text/plain"},
          {"value", json::array{json::object{{"languageCode", "nb"}, {"value", "Skrevet direkte."}}}}}}}}};
  const auto text = json::serialize(body);
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/serviceowner/dialogs";
  request.content_type = "application/json";
  request.body = text;
  request.now = now;
  const auto answer = dialogs_.handle(request);
  if (answer.status != 201)
    refuse("direct", "Dialogporten answered " + std::to_string(answer.status) + ": " + answer.body);
  return {{"dialog", json::parse(answer.body)}, {"organisation", owner}};
}

live::CloudEvent event_of(const std::string& name, const correspondence::Record& record, std::uint64_t number,
                          Ticks now) {
  const auto& about = name == "correspondencepublished" ? record.recipient : record.sender;
  live::CloudEvent event;
  event.type = "no.altinn.correspondence." + name;
  event.source = "https://platform.tt02.altinn.no/correspondence/api/v1/correspondence";
  event.subject = about;
  event.alternative_subject = alternative_subject(about);
  event.resource = "urn:altinn:resource:" + record.resource;
  const auto id = storage::random_guid(storage::mix(number, 0xce1), storage::mix(number, 0xce2));
  event.body = live::pushed_json({{"specversion", "1.0"},
                                  {"id", storage::guid_text(id)},
                                  {"time", storage::time_text(now)},
                                  {"source", event.source},
                                  {"subject", event.subject},
                                  {"type", event.type},
                                  {"resource", event.resource},
                                  {"resourceinstance", to_string(record.id)},
                                  {"alternativesubject", event.alternative_subject}});
  return event;
}

} // namespace altinn_sim
