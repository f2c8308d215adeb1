#include "feed_fixture.hpp"

namespace dialogferry::engine::test {

namespace {

std::string behind(const std::string& target, const std::string& name) {
  const auto begin = target.find(name) + name.size();
  return target.substr(begin, target.find('&', begin) - begin);
}

std::optional<Instant> time_behind(const std::string& target, const std::string& name) {
  return target.find(name) == std::string::npos ? std::nullopt : parse_instant(behind(target, name));
}

std::string json(const LiveList::Row& row) {
  if (!row.broken.empty()) return row.broken;
  return R"({"id":")" + row.id +
         R"(","instanceOwner":{"partyId":"50001234"},"appId":"ttd/form","org":"ttd",)"
         R"("created":"2025-03-01T00:00:00Z","lastChanged":")" +
         to_string(row.at) + R"(","presentationTexts":{"title":")" + row.title + R"("}})";
}

} // namespace

// -- the list -----------------------------------------------------------------------

Answered LiveList::answer(const Call& call) const {
  const auto& target = call.request->target;
  const auto from = time_behind(target, "gte:");
  const auto before = time_behind(target, "lt:");
  const auto at = time_behind(target, "eq:");
  const auto size = std::stoul(behind(target, "size="));
  const auto skip = target.find("continuationToken=") == std::string::npos
                        ? 0
                        : std::stoul(behind(target, "continuationToken="));
  const bool descending = target.find("order=desc") != std::string::npos;
  std::vector<Row> found;
  for (const auto& row : rows)
    if ((!from || row.at >= *from) && (!before || row.at < *before) && (!at || row.at == *at))
      found.push_back(row);
  std::stable_sort(found.begin(), found.end(),
                   [&](const Row& a, const Row& b) { return descending ? a.at > b.at : a.at < b.at; });
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(skip, found.size())));
  const auto whole = found.size() < size;
  found.resize(std::min<std::size_t>(found.size(), size));
  if (std::any_of(found.begin(), found.end(), [](const Row& row) { return !row.readable; }))
    return answered(call.operation, response(500, unreadable));
  std::string body;
  for (const auto& row : found)
    body += (body.empty() ? "" : ",") + json(row);
  body =
      R"({"next":)" +
      std::string(whole ? "null"
                        : R"("https://storage/api?continuationToken=)" + std::to_string(skip + size) + '"') +
      R"(,"instances":[)" + body + "]}";
  return answered(call.operation, response(200, std::move(body)));
}

// -- the feed -----------------------------------------------------------------------

FeedWorld::FeedWorld() {
  setup.row = "a3-app-instances-live";
  setup.organisations = {"ttd"};
  setup.begin = instant();
  setup.poll = 5s;
  setup.overlap = 120s;
  setup.look_every = 1s;
  setup.page_size = 10;
  setup.controls = controls;
  controls->credit = 20;
  setup.pages = {&source::storage::app_instances, stand_in_of<gate_actor>(storage)};
  setup.ledger = ledger.actor;
  setup.carriers = {stand_in<carrier_actor>([](const Carry&) {})};
  setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
  setup.engine = stand_in<engine_actor>([this](const RowIdle& row) { told.push_back("idle " + row.row); },
                                        [this](const RowBusy& row) { told.push_back("busy " + row.row); },
                                        [](const Fatal&) {});
  setup.now = instants();
  setup.clock = clock();
  setup.probe = probe;
  storage->at_once = [this](const Call& call) { return std::optional(list.answer(call)); };
  set_up_ledger();
}

void FeedWorld::set_up_ledger() {
  ledger.inbox->at_once = [this](const LoadInbox& load) { return std::optional(open_inbox(load)); };
  ledger.feeds->at_once = [this](const NoteFeed& note) {
    for (const auto id : note.commit.handled)
      std::erase_if(inbox, [&](const auto& entry) { return entry.id == id; });
    return std::optional(Noted{});
  };
  ledger.due->at_once = [this](const LoadDue&) { return std::optional(std::exchange(due, {})); };
}

std::string FeedWorld::record(std::uint32_t n) {
  const auto digits = std::to_string(n);
  return "50001234/0dbc1da6-f744-4fff-83bc-" + std::string(12 - digits.size(), '0') + digits;
}

void FeedWorld::start() {
  actor = spawn<LiveFeed>(setup);
  watch(actor);
  run();
}

void FeedWorld::watch(const feed_actor& feed) {
  spawn_as([this, feed](caf::event_based_actor* self) -> caf::behavior {
    self->monitor(feed);
    self->set_down_handler([this](const caf::down_msg&) { ended = true; });
    return {[](Act& act) { act.what(); }};
  });
}

void FeedWorld::note(const std::string& record_id) {
  const auto found = std::find_if(inbox.begin(), inbox.end(),
                                  [&](const auto& entry) { return entry.record_id == record_id; });
  ledger::InboxEntry entry{++last_id, record_id, instant(), 1};
  if (found != inbox.end()) {
    entry.received_at = found->received_at;
    entry.events += found->events;
    inbox.erase(found);
  }
  inbox.push_back(entry);
}

void FeedWorld::event(const std::string& record_id) {
  note(record_id);
  tell(actor, NewEvents{});
}

void FeedWorld::finish(std::size_t index, Uploaded uploaded) {
  answer(uploads, index, std::move(uploaded));
}

void FeedWorld::finish(std::size_t index, Outcome outcome, Instant version) {
  Uploaded uploaded;
  uploaded.outcome = outcome;
  uploaded.last_changed = version;
  finish(index, std::move(uploaded));
}

std::vector<std::string> FeedWorld::carried() const {
  std::vector<std::string> ids;
  for (const auto& upload : uploads->asked)
    ids.push_back(upload.record_id);
  return ids;
}

std::vector<ledger::FeedCommit> FeedWorld::commits() const {
  std::vector<ledger::FeedCommit> commits;
  for (const auto& note : ledger.feeds->asked)
    if (note.commit.counts.read() > 0 || !note.commit.failures.empty() || !note.commit.handled.empty() ||
        !note.commit.woken.empty())
      commits.push_back(note.commit);
  return commits;
}

std::optional<Checkpoint> FeedWorld::cursor() const {
  std::optional<Checkpoint> last;
  for (const auto& note : ledger.feeds->asked)
    if (note.commit.cursor) last = note.commit.cursor;
  return last;
}

InboxLoaded FeedWorld::open_inbox(const LoadInbox& load) const {
  InboxLoaded loaded;
  for (const auto& entry : inbox)
    if (entry.id > load.after && loaded.entries.size() < load.limit &&
        load.partitions.test(ledger::partition_of(entry.record_id)))
      loaded.entries.push_back(entry);
  return loaded;
}

} // namespace dialogferry::engine::test
