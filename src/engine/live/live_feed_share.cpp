#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/ledger/partitions.hpp>

#include <algorithm>

/// What a live feed has of a row that engines share, and how it comes and goes. What is taken away is not
/// begun any more; the ledger hears that it is free once nothing of it is under way.
namespace dialogferry::engine {

bool LiveFeed::is_mine(const std::string& record_id) const {
  return mine_.partitions.test(ledger::partition_of(record_id));
}

void LiveFeed::take_share(const Share& share) {
  has_share_ = true;
  const auto gained = share.partitions & ~mine_.partitions;
  const auto lost = mine_.partitions & ~share.partitions;
  mine_ = share;
  take_streams(share.streams);
  give_over(lost);
  if (gained.none()) return;
  inbox_read_ = 0; // what waits there was passed by
  inbox_may_hold_ = true;
}

/// One that is leaving and is to come back does so from the ledger's cursor, once it is gone.
void LiveFeed::take_streams(const std::set<std::string>& organisations) {
  auto fresh = organisations;
  for (auto& stream : streams_) {
    if (stream.hold == Stream::Hold::none) continue;
    const bool is_ours = organisations.contains(stream.changes.organisation());
    if (!is_ours && stream.hold == Stream::Hold::ours) leave(stream);
    fresh.erase(stream.changes.organisation());
  }
  for (const auto& organisation : loading_)
    fresh.erase(organisation);
  if (!fresh.empty()) load({fresh.begin(), fresh.end()});
}

void LiveFeed::leave(Stream& stream) const {
  stream.hold = Stream::Hold::leaving;
  stream.changes.give_up();
  stream.narrowing.reset();
  stream.next_poll = setup_.clock();
}

/// Streams that are leaving are gone once nothing of them is under way.
void LiveFeed::let_go() {
  std::set<std::size_t> used;
  for (const auto& [key, work] : works_) {
    for (const auto& [stream, ticket] : work.now.tickets)
      used.insert(stream);
    if (!work.next) continue;
    for (const auto& [stream, ticket] : work.next->tickets)
      used.insert(stream);
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    auto& stream = streams_[i];
    if (stream.hold == Stream::Hold::leaving && !stream.asking && !used.contains(i))
      stream.hold = Stream::Hold::none;
  }
}

/// In the place of one of the same organisation that is gone, if there is one.
void LiveFeed::place(Stream stream) {
  const auto gone = std::find_if(streams_.begin(), streams_.end(), [&](const Stream& other) {
    return other.hold == Stream::Hold::none && other.passed.has_value() == stream.passed.has_value() &&
           other.changes.organisation() == stream.changes.organisation();
  });
  if (gone != streams_.end())
    *gone = std::move(stream);
  else
    streams_.push_back(std::move(stream));
}

/// Records that have not begun, where nothing is left that asks this feed for them.
void LiveFeed::give_over(const ledger::Partitions& lost) {
  ledger::FeedCommit found;
  const auto is_nothing = [](const Reasons& why) {
    return why.tickets.empty() && why.inbox.empty() && why.woken.empty() && !why.asked_for;
  };
  for (auto entry = works_.begin(); entry != works_.end();) {
    auto& work = entry->second;
    const bool is_lost = lost.test(ledger::partition_of(work.record_id));
    if (work.next) strip(*work.next, work, is_lost, found);
    if (work.next && is_nothing(*work.next)) work.next.reset();
    if (!work.running) strip(work.now, work, is_lost, found);
    entry = !work.running && is_nothing(work.now) ? works_.erase(entry) : std::next(entry);
  }
  std::erase_if(queue_, [&](const std::string& key) { return !works_.contains(key); });
  if (!found.found.empty()) commit(std::move(found));
}

/// What a leaving stream has found is found again by whoever goes on from its cursor. Of a partition that is
/// lost, inbox and wake-ups stay for the one who has it now; what streams of ours have found is noted for it.
void LiveFeed::strip(Reasons& why, const Work& work, bool is_lost, ledger::FeedCommit& found) {
  std::erase_if(why.tickets, [&](const auto& ticket) {
    auto& stream = streams_[ticket.first];
    if (stream.hold != Stream::Hold::ours) return true;
    if (!is_lost || stream.passed) return false;
    found.found.push_back({setup_.row, work.record_id, why.since, std::nullopt});
    stream.changes.done(ticket.second);
    return true;
  });
  if (!is_lost) return;
  woken_ -= why.woken.size();
  why.inbox.clear();
  why.woken.clear();
  why.waited.reset();
  why.asked_for = false;
}

Share LiveFeed::in_use() const {
  auto use = mine_;
  for (const auto& [key, work] : works_)
    if (work.running) use.partitions.set(ledger::partition_of(work.record_id));
  for (const auto& stream : streams_)
    if (stream.hold == Stream::Hold::leaving) use.streams.insert(stream.changes.organisation());
  return use;
}

} // namespace dialogferry::engine
