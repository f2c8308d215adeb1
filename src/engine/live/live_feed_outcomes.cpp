#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/live/live_feed.hpp>

#include <algorithm>
#include <array>

/// What a live feed tells the ledger of its records.
namespace dialogferry::engine {

namespace {

constexpr std::chrono::seconds young_below{10}; ///< a change so young may have events still to come (OS-1)
constexpr std::chrono::seconds look_behind{40}; ///< until when they have come

/// How long after a record was found gone its dialog is looked for. Longer each time: what another engine's
/// history has listed before waits there for as long as an API makes it wait.
constexpr std::array<std::chrono::seconds, 3> look_for_dialog = {look_behind, std::chrono::minutes{10},
                                                                 std::chrono::hours{2}};

/// The record has no dialog any more, or none that shows.
bool is_gone(Outcome outcome) {
  return outcome == Outcome::excluded || outcome == Outcome::deleted || outcome == Outcome::purged;
}

bool looks_for_revived(const std::optional<Waiting>& waited) {
  return waited && waited->why == SecondLook::Why::revived;
}

} // namespace

std::string LiveFeed::feed_of(const UpdateStream& stream) {
  return "stream/" + stream.organisation();
}

ledger::FeedCommit LiveFeed::outcome_of(const Work& work, Uploaded uploaded) {
  defer(uploaded, work.now.waited, setup_.now(), setup_.retry_for);
  const auto& done = work.now;
  const auto& record_id = uploaded.record_id.empty() ? work.record_id : uploaded.record_id;
  ledger::FeedCommit commit;
  commit.handled = done.inbox;
  commit.woken = done.woken;
  for (const auto& [stream, ticket] : done.tickets) {
    auto& changes = streams_[stream].changes;
    changes.done(ticket);
    if (streams_[stream].passed) {
      end_pass(stream);
      continue;
    }
    commit.feed = feed_of(changes);
    if (auto cursor = changes.take_cursor()) commit.cursor = std::move(cursor);
  }
  if (uploaded.nothing_new) return commit;
  if (const auto guid = setup_.pages.listing->lane_of(record_id); guid && uploaded.outcome != Outcome::failed)
    carried_.put(*guid, {uploaded.last_changed, uploaded.seen.row}, setup_.clock());
  if (uploaded.outcome == Outcome::failed) {
    const auto version = uploaded.last_changed == Instant{} ? done.since : uploaded.last_changed;
    commit.failures.push_back({record_id, uploaded.organisation, version, uploaded.problem,
                               uploaded.http_status, uploaded.attempts, uploaded.body});
  } else {
    // What is deferred counts once it has come to something; until then its wake-up stands for it.
    const bool is_as_it_was = looks_for_revived(work.now.waited) && uploaded.outcome == Outcome::excluded;
    if (uploaded.outcome != Outcome::deferred && !is_as_it_was) commit.counts[uploaded.outcome] = 1;
    commit.settled.push_back(record_id);
    if (record_id != work.record_id) commit.settled.push_back(work.record_id);
  }
  look_again(commit, work, uploaded);
  look_for_revived(commit, work, uploaded);
  return commit;
}

/// What a wake-up is kept for: what the record itself waits for, and what may come behind a young change. The
/// latter is looked for once a version.
void LiveFeed::look_again(ledger::FeedCommit& commit, const Work& work, Uploaded& uploaded) const {
  const auto& waited = work.now.waited;
  const auto& record_id = uploaded.record_id.empty() ? work.record_id : uploaded.record_id;
  const auto wake = [&](const Waiting& waiting, Instant due) {
    commit.wake_ups.push_back(wake_up_of(setup_.row, setup_.stage, waiting, due));
  };
  if (uploaded.again) {
    auto& look = *uploaded.again;
    const auto looks = waited && waited->why == look.why ? waited->looks + 1 : 0;
    const auto due = due_of(look, looks, setup_.now());
    wake({record_id, look.why, looks, std::nullopt, std::nullopt, std::move(look.held)}, due);
  }
  const bool is_carried = uploaded.outcome != Outcome::failed && uploaded.outcome != Outcome::deferred;
  const bool is_young = uploaded.last_changed > work.begun - young_below;
  const bool was_looked_at = waited && waited->read && waited->read->last_changed == uploaded.last_changed;
  if (!is_carried || !is_young || was_looked_at) return;
  wake({record_id, SecondLook::Why::late, 0, std::nullopt,
        Waiting::Read{uploaded.last_changed, uploaded.seen.events}},
       setup_.now() + look_behind);
}

/// Within one engine nothing is made of a row that was listed before its record was read anew; of another
/// engine, which may have begun a moment ago, nobody can tell in time.
void LiveFeed::look_for_revived(ledger::FeedCommit& commit, const Work& work,
                                const Uploaded& uploaded) const {
  if (!setup_.is_shared || !is_gone(uploaded.outcome)) return;
  const auto& waited = work.now.waited;
  const auto looks = looks_for_revived(waited) ? waited->looks + 1 : 0;
  if (looks >= look_for_dialog.size()) return;
  const Waiting waiting{work.record_id, SecondLook::Why::revived, looks, std::nullopt};
  commit.wake_ups.push_back(
      wake_up_of(setup_.row, setup_.stage, waiting, setup_.now() + look_for_dialog[looks]));
}

/// That a stream is up to date is no work: an idle row stays idle over it.
void LiveFeed::commit(ledger::FeedCommit commit, bool is_work) {
  commit.row = setup_.row;
  commit.stage = setup_.stage;
  const auto records = commit.counts.read() + commit.failures.size();
  const bool defers = std::any_of(commit.wake_ups.begin(), commit.wake_ups.end(),
                                  [](const auto& wake_up) { return !wake_up.api.empty(); });
  if (is_work) ++commits_;
  request(setup_.ledger, caf::infinite, NoteFeed{std::move(commit)})
      .then(
          [this, records, is_work, defers](const Noted& noted) {
            if (is_work) --commits_;
            if (defers) looked_ = false; // it is idle once it knows how many wait
            if (noted.problem) return give_up(*noted.problem);
            if (setup_.probe) setup_.probe->carried += records;
            tell_idle();
          },
          [this](const caf::error& error) {
            give_up({"ledger", home_system().render(error), {}});
          });
}

} // namespace dialogferry::engine
