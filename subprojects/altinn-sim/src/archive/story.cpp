#include "archive/story.hpp"

#include "archive/texts.hpp"

#include <algorithm>
#include <cmath>

namespace altinn_sim::archive {

using storage::Dice;
using storage::Identity;
using storage::PartyKind;
using storage::Population;

namespace {

constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";
constexpr std::string_view person_urn = "urn:altinn:person:identifier-no:";
constexpr std::int64_t smallest_file = 1'000;
constexpr std::int64_t largest_file = 200'000;

template <class List>
std::string_view some(const List& list, Dice& dice) {
  return list[static_cast<std::size_t>(dice.below(std::ssize(list)))];
}

std::string joined(std::string_view a, std::string_view b) {
  return std::string(a).append(b);
}

/// Somebody who reads, confirms and forwards: a user whom Register has a URN for.
Identity some_user(const Population& people, Dice& dice) {
  for (;;) {
    auto found = people.user(people.user_id(dice.below(people.users())));
    if (found && found->kind == PartyKind::person) return *found;
  }
}

Guid some_guid(Dice& dice) {
  const auto high = dice.next();
  return storage::random_guid(high, dice.next());
}

std::string recipient_of(const Identity& who, Dice& dice) {
  switch (who.kind) {
  case PartyKind::person: return dice.percent(8) ? who.number : joined(person_urn, who.number);
  case PartyKind::self_identified: return "urn:altinn:party:uuid:" + storage::guid_text(who.party_uuid);
  case PartyKind::organisation:
    if (dice.percent(6)) return "0192:" + who.number;
    return dice.percent(4) ? who.number : joined(organisation_urn, who.number);
  default: return who.external_urn;
  }
}

std::int64_t file_size(Dice& dice) {
  const auto share = static_cast<double>(dice.below(10'000)) / 10'000;
  return static_cast<std::int64_t>(smallest_file * std::pow(double(largest_file) / smallest_file, share));
}

/// Between two times, whole microseconds.
Ticks between(Ticks low, Ticks high, Dice& dice) {
  const auto steps = static_cast<std::uint64_t>((high - low) / storage::microsecond + 1);
  return low + static_cast<Ticks>(dice.next() % steps) * storage::microsecond;
}

} // namespace

// -- what it is ---------------------------------------------------------------------------------

void Story::choose_recipient() {
  const auto& people = world_.generator().population();
  const auto who = *people.party(people.party_id(dice_.below(people.parties())));
  message_.party_id = who.party_id;
  message_.recipients.push_back(recipient_of(who, dice_));
  message_.party = storage::identity_urn(who);
  message_.reader =
      who.kind == PartyKind::organisation ? some_user(people, dice_).party_uuid : who.party_uuid;
}

void Story::choose_sender() {
  const auto& owners = world_.generator().catalogue().organisations();
  const auto* owner =
      owners.empty() ? nullptr : &owners[static_cast<std::size_t>(dice_.below(std::ssize(owners)))];
  const auto service = dice_.below(40);
  message_.resource = (owner ? owner->code : std::string("ttd")) + "-migratedcorrespondence-" +
                      std::to_string(3000 + 37 * service) + "-" + std::to_string(1 + service % 3);
  const auto number = owner ? owner->number : world_.generator().population().some_organisation_number(0);
  message_.sender = joined(dice_.percent(10) ? "0192:" : organisation_urn, number);
  message_.senders_reference = "REF-" + std::to_string(message_.id);
  if (!dice_.percent(20)) message_.message_sender = some(texts::senders, dice_);
}

void Story::write_texts() {
  const auto language = static_cast<std::size_t>(dice_.percent(60) ? 0 : dice_.below(4));
  message_.language = texts::languages[language];
  message_.title = joined(some(texts::titles[language % 3], dice_), " ") + std::to_string(message_.id);
  if (!dice_.percent(15)) message_.summary = some(texts::summaries, dice_);
  message_.body = some(texts::bodies, dice_);
}

void Story::write_dates() {
  message_.publish_time = storage::floor_to(message_.created, storage::second);
  message_.needs_confirmation = dice_.percent(12);
  if (dice_.percent(message_.needs_confirmation ? 80 : 15))
    message_.due =
        storage::floor_to(message_.created, storage::minute) + dice_.between(7, 400) * storage::whole_day;
}

void Story::write_extras() {
  if (dice_.percent(10)) {
    for (auto left = dice_.between(1, 3); left > 0; --left)
      message_.properties.emplace_back("key" + std::to_string(left),
                                       "sak " + std::to_string(dice_.below(1000) * 4 + left));
  }
  if (!dice_.percent(5)) return;
  for (auto left = dice_.between(1, 4); left > 0; --left) {
    auto& reply = message_.replies.emplace_back();
    reply.url = "https://example.no/svar/" + std::to_string(left);
    if (dice_.percent(70)) reply.text = "Svar her";
  }
}

void Story::add_files() {
  constexpr std::int64_t most_files = 8; // an id tells the message and which of its files
  const auto sender = some_guid(dice_);
  for (std::int64_t left = dice_.between(1, 3), at = 0; at < left; ++at) {
    auto& file = message_.attachments.emplace_back();
    file.id = std::to_string(message_.id * most_files + at);
    file.created = message_.created;
    file.sender = sender;
    file.size = file_size(dice_);
    file.seed = dice_.next();
    file.file_name = some(texts::file_names, dice_);
    if (dice_.percent(40)) file.display_name = joined("Vedlegg ", std::to_string(at + 1));
    if (dice_.percent(30)) file.senders_reference = "V-" + file.id;
    file.has_checksum = dice_.percent(90);
    file.is_encrypted = dice_.percent(2);
  }
}

void Story::tell_content(bool with_files) {
  choose_recipient();
  choose_sender();
  write_texts();
  write_dates();
  write_extras();
  if (with_files) add_files();
}

void Story::publish(Ticks at) {
  message_.events.push_back({Status::published, at, some_guid(dice_), at});
  latest_ = std::max(message_.created, at);
}

// -- what became of it -----------------------------------------------------------------------------

std::vector<Happening> Story::plan() {
  std::vector<Happening> out;
  const auto add = [&](Happening what) { out.push_back(what); };
  const auto maybe = [&](std::int64_t percent, Happening what) {
    if (dice_.percent(percent)) add(what);
  };
  maybe(60, Happening::notify);
  maybe(12, Happening::remind);
  if (dice_.percent(75)) {
    add(Happening::read);
    maybe(20, Happening::read_by_other);
    if (message_.needs_confirmation) maybe(70, Happening::confirm);
    maybe(4, static_cast<Happening>(static_cast<int>(Happening::forward_to_user) + dice_.below(3)));
    maybe(6, Happening::other);
  }
  maybe(15, Happening::archive);
  if (dice_.percent(8)) {
    add(Happening::bin);
    maybe(40, Happening::restore);
  }
  maybe(2, Happening::purge);
  if (out.empty()) add(Happening::read);
  return out;
}

void Story::happen(Happening what, Ticks registered) {
  auto at = registered;
  // Now and then the archive learned of it later.
  if (dice_.percent(10))
    at = between(std::max(latest_ + storage::microsecond, registered - 3 * storage::whole_day), registered,
                 dice_);
  add_happening(message_, what, {latest_, at, registered}, world_, dice_);
  latest_ = at;
}

void Story::tell_history() {
  const bool was_published_before = dice_.percent(2);
  if (dice_.percent(40))
    message_.events.push_back({Status::initialized, message_.created, some_guid(dice_), message_.created});
  publish(was_published_before ? message_.created - storage::hour : message_.created);
  if (message_.changed == message_.created) return;
  const auto steps = plan();
  std::vector<Ticks> times;
  for (std::size_t at = 0; at + 1 < steps.size(); ++at)
    times.push_back(between(latest_ + storage::second, message_.changed - storage::second, dice_));
  times.push_back(message_.changed);
  std::sort(times.begin(), times.end());
  for (std::size_t at = 0; at < steps.size(); ++at)
    happen(steps[at], std::max(times[at], latest_ + storage::microsecond));
  if (dice_.percent(10)) std::reverse(message_.events.begin(), message_.events.end());
}

void add_happening(Message& message, Happening what, const Moments& moments, const storage::World& world,
                   Dice& dice) {
  const auto after = moments.after;
  const auto at = moments.at;
  const auto registered = moments.registered;
  const auto& people = world.generator().population();
  const auto add = [&](Status status, Guid party) {
    // Altinn 2 often notes one thing twice, at once or some milliseconds apart.
    const auto apart = dice.percent(50) ? 0 : dice.between(1, 400) * storage::millisecond;
    if (dice.percent(15) && at - apart > after)
      message.events.push_back({status, at - apart, party, registered});
    message.events.push_back({status, at, party, registered});
  };
  const auto forward = [&]() -> Forward& {
    auto& out = message.forwards.emplace_back();
    out.at = at;
    out.by = message.reader;
    out.by_user = people.user_id(dice.below(people.users()));
    out.registered = registered;
    if (dice.percent(60)) out.note = some(texts::notes, dice);
    return out;
  };
  const auto notify = [&](bool is_reminder) {
    const bool by_mail = dice.percent(70);
    const auto id = message.id * 16 + std::ssize(message.notifications);
    const Notification told{id % 2'000'000'000,
                            by_mail ? Channel::email : Channel::sms,
                            by_mail ? "post@eksempel.no" : "+4799999999",
                            at,
                            is_reminder,
                            registered};
    if (dice.percent(8)) message.notifications.push_back(told);
    message.notifications.push_back(told);
  };
  switch (what) {
  case Happening::publish:
    message.events.push_back({Status::published, at, some_guid(dice), registered});
    return;
  case Happening::read: return add(Status::read, message.reader);
  case Happening::read_by_other: return add(Status::read, some_user(people, dice).party_uuid);
  case Happening::confirm: return add(Status::confirmed, message.reader);
  case Happening::archive: return add(Status::archived, message.reader);
  case Happening::bin: return add(Status::soft_deleted, message.reader);
  case Happening::restore: return add(Status::restored, message.reader);
  case Happening::purge:
    return add(dice.percent(80) ? Status::purged_by_recipient : Status::purged_by_altinn, message.reader);
  case Happening::notify: return notify(false);
  case Happening::remind: return notify(true);
  case Happening::forward_to_user: {
    const auto to = some_user(people, dice);
    auto& out = forward();
    out.to_user_id = to.user_id;
    out.to_user = to.party_uuid;
    return;
  }
  case Happening::forward_to_email: forward().to_email = "kollega@eksempel.no"; return;
  case Happening::forward_to_mailbox: forward().mailbox = some(texts::mailboxes, dice); return;
  case Happening::other:
    return add(dice.percent(50) ? Status::replied : Status::attachments_downloaded, message.reader);
  }
}

} // namespace altinn_sim::archive
