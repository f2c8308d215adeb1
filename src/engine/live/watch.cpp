#include <dialogferry/codec/found_dialogs.hpp>
#include <dialogferry/engine/live/watch.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace dialogferry::engine {

namespace {

constexpr unsigned newest = 50; ///< most of them may be ours
constexpr int not_allowed = 403;
constexpr std::string_view seen = "seen"; ///< the feed

/// What this engine and Correspondence make is no direct write.
bool is_ours(const codec::FoundDialog& dialog) {
  return std::any_of(dialog.labels.begin(), dialog.labels.end(), [](const std::string& label) {
    return label.starts_with("urn:altinn:integration:storage:") ||
           label.starts_with("urn:altinn:correspondence-id:");
  });
}

} // namespace

Watch::Watch(caf::actor_config& config, WatchSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Watch::behavior_type Watch::make_behavior() {
  load();
  if (setup_.engine) send(setup_.engine, RowIdle{setup_.row});
  return {
      [](const NoteEvents&) -> caf::result<Noted> { return Noted{}; },
      [](Steer) {}, // the next look tells
      [](NewEvents) {},
      [this](Proceed) {
        if (!setup_.controls->paused) look();
        delayed_send(this, setup_.interval, Proceed{});
      },
      [this](Drain) {
        if (setup_.engine) send(setup_.engine, RowIdle{setup_.row});
      },
      [](const NewOrganisations&) {},
  };
}

/// Where the ledger stands, then looks.
void Watch::load() {
  request(setup_.ledger, caf::infinite, LoadCursors{setup_.row, setup_.stage, {std::string(seen)}})
      .then(
          [this](const CursorsLoaded& loaded) {
            if (!loaded.cursors.empty() && loaded.cursors.front()) newest_ = loaded.cursors.front()->at;
            send(this, Proceed{});
          },
          [this](const caf::error&) { send(this, Proceed{}); });
}

void Watch::look() {
  Call call{std::make_shared<const http::Request>(target::dialogporten::newest(newest)),
            http::Operation::list, Priority::history, Patience::page};
  request(setup_.dialogporten, caf::infinite, std::move(call))
      .then([this](const Answered& answered) { on_found(answered); }, [](const caf::error&) {});
}

void Watch::on_found(const Answered& answered) {
  const auto now = setup_.now();
  if (setup_.probe) setup_.probe->polled = now.ticks;
  const bool is_refused =
      answered.verdict.kind == http::Verdict::Kind::exception ||
      answered.verdict.status == not_allowed; // a policy's has no body (observed.md OD-10)
  if (is_refused) return note("refused", now);
  if (answered.verdict.kind != http::Verdict::Kind::success) return;
  const codec::Document body{std::move((*answered.answer)->body)};
  const auto found = codec::read_found_dialogs(parser_, body.view());
  if (!found) return note("refused", now);
  const auto direct = std::find_if_not(found->begin(), found->end(), is_ours);
  if (direct != found->end()) newest_ = std::max(newest_, direct->created_at);
  note(std::string(seen), newest_);
}

void Watch::note(std::string feed, Instant at) {
  ledger::FeedCommit commit;
  commit.row = setup_.row;
  commit.stage = setup_.stage;
  commit.feed = std::move(feed);
  commit.cursor = Checkpoint{at, {}};
  commit.up_to_date_at = setup_.now();
  request(setup_.ledger, caf::infinite, NoteFeed{std::move(commit)})
      .then([](const Noted&) {}, [](const caf::error&) {});
}

} // namespace dialogferry::engine
