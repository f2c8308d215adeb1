#include "archive/truth.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace altinn_sim::archive {

namespace {

Ticks second_of(Ticks at) {
  return storage::floor_to(at, storage::second);
}

/// Statuses that reach a record whenever they happen (correspondence.md 1.6).
bool counts(Status status) {
  return status == Status::read || status == Status::confirmed || status == Status::archived ||
         status == Status::soft_deleted || status == Status::restored || is_purge(status);
}

/// Within a second the same is known once (correspondence.md 1.6).
std::vector<StatusEvent> without_doublets(const Message& message) {
  std::set<std::tuple<Status, Ticks, Guid>> known;
  std::vector<StatusEvent> out;
  for (const auto& each : message.events)
    if (counts(each.status) && known.emplace(each.status, second_of(each.at), each.party).second)
      out.push_back(each);
  return out;
}

std::size_t different(const std::vector<Notification>& notifications) {
  std::set<std::tuple<Ticks, Channel, std::int64_t, std::string, bool>> known;
  for (const auto& each : notifications)
    known.emplace(second_of(each.sent), each.channel, each.id, each.address, each.is_reminder);
  return known.size();
}

bool has_target(const Forward& forward) {
  return forward.to_user_id || forward.to_user || !forward.to_email.empty() || !forward.mailbox.empty();
}

/// Forwards of one party within a second: those of one call are told apart by their target, later ones are
/// not.
void count_forwards(const Message& message, Truth& out) {
  std::set<std::tuple<Ticks, Guid, std::optional<std::int64_t>, std::optional<Guid>>> told_apart;
  std::set<std::pair<Ticks, Guid>> by_short_key;
  for (const auto& each : message.forwards) {
    const auto second = second_of(each.at);
    by_short_key.emplace(second, each.by);
    if (told_apart.emplace(second, each.by, each.to_user_id, each.to_user).second && has_target(each))
      ++out.most_activities;
  }
  out.least_forwards = by_short_key.size();
  out.least_activities += std::min(out.least_forwards, out.most_activities);
}

std::optional<Ticks> last(const std::vector<StatusEvent>& events, Status status) {
  std::optional<Ticks> out;
  for (const auto& each : events)
    if (each.status == status && (!out || *out < each.at)) out = each.at;
  return out;
}

void find_folder(Truth& out) {
  const auto binned = last(out.statuses, Status::soft_deleted);
  const auto restored = last(out.statuses, Status::restored);
  const auto archived = last(out.statuses, Status::archived);
  const bool in_bin = binned && (!restored || *binned > *restored);
  out.folder = in_bin ? "Bin" : archived ? "Archive" : "Default";
  out.may_be_archived = in_bin && archived && *archived > *binned;
}

void count_activities(const Message& message, Truth& out) {
  count_forwards(message, out);
  const auto add = [&](std::size_t least, std::size_t most) {
    out.least_activities += least;
    out.most_activities += most;
  };
  out.notifications = different(message.notifications);
  add(out.notifications, out.notifications);
  if (message.ever(Status::read)) add(1, 1);
  // Told of where it was asked for, or came later.
  if (message.ever(Status::confirmed)) add(message.needs_confirmation ? 1 : 0, 1);
}

std::size_t shown_files(const Message& message) {
  constexpr std::int64_t too_large_for_zip = 2'000'000'000;
  std::int64_t total = 0;
  for (const auto& each : message.attachments)
    total += each.size;
  const auto count = message.attachments.size();
  return count >= 2 && total < too_large_for_zip ? count + 1 : count;
}

} // namespace

Truth truth_of(const Message& message) {
  Truth out;
  std::optional<Ticks> published;
  for (const auto& each : message.events)
    if (each.status == Status::published) published = std::min(published.value_or(each.at), each.at);
  if (message.is_purged())
    out.verdict = Truth::Verdict::excluded;
  else if (!message.flaw.name.empty())
    out.verdict = Truth::Verdict::unfit;
  else if (!published)
    out.verdict = Truth::Verdict::waiting;
  out.updated_at = published.value_or(message.created);
  out.created_at = std::min(message.created, out.updated_at);
  out.asks_to_confirm = message.needs_confirmation && !message.ever(Status::confirmed);
  out.statuses = without_doublets(message);
  find_folder(out);
  count_activities(message, out);
  out.attachments = shown_files(message);
  return out;
}

} // namespace altinn_sim::archive
