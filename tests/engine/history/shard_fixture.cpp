#include "shard_fixture.hpp"

namespace dialogferry::engine::test {

namespace {

std::optional<std::string> text_behind(const std::string& target, const std::string& name) {
  const auto at = target.find(name);
  if (at == std::string::npos) return std::nullopt;
  const auto begin = at + name.size();
  return target.substr(begin, target.find('&', begin) - begin);
}

std::optional<Instant> time_behind(const std::string& target, const std::string& name) {
  const auto text = text_behind(target, name);
  return text ? parse_instant(*text) : std::nullopt;
}

std::optional<std::size_t> number_behind(const std::string& target, const std::string& name) {
  const auto text = text_behind(target, name);
  return text ? std::optional<std::size_t>(std::stoul(*text)) : std::nullopt;
}

} // namespace

// -- the list -----------------------------------------------------------------------

void Listing::add(std::int64_t microseconds, const std::string& broken) {
  std::string digits = std::to_string(rows.size());
  const auto guid = "0dbc1da6-f744-4fff-83bc-" + std::string(12 - digits.size(), '0') + digits;
  rows.push_back({guid, {shard_day.start().ticks + microseconds * Instant::per_microsecond}, broken});
}

Answered Listing::answer(const Call& call) const {
  const std::string& target = call.request->target;
  const auto from = time_behind(target, "gte:");
  const auto before = time_behind(target, "lt:");
  const auto at = time_behind(target, "eq:");
  const auto token = number_behind(target, "continuationToken=");
  const auto size = number_behind(target, "size=").value();
  const bool ascending = target.find("order=asc") != std::string::npos;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (at ? rows[i].at == *at && (!token || i > *token)
           : (!from || rows[i].at >= *from) && (!before || rows[i].at < *before))
      found.push_back(i);
  std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
    return ascending ? rows[a].at < rows[b].at : rows[a].at > rows[b].at;
  });
  const bool more = found.size() >= size;
  found.resize(std::min(found.size(), size));
  if (std::any_of(found.begin(), found.end(), [&](std::size_t i) { return !rows[i].readable; }))
    return answered(call.operation, response(500, unreadable));
  std::string body;
  for (const auto i : found)
    body += (body.empty() ? "" : ",") + json(rows[i]);
  if (more)
    body = R"("next":"https://storage/api?continuationToken=)" + std::to_string(found.back()) +
           R"(","instances":[)" + body;
  else
    body = R"("next":null,"instances":[)" + body;
  return answered(call.operation, response(200, "{" + body + "]}"));
}

std::string Listing::json(const Row& row) {
  if (!row.broken.empty()) return row.broken;
  return R"({"id":"50001234/)" + row.guid +
         R"(","instanceOwner":{"partyId":"50001234"},"appId":"ttd/form","org":"ttd",)"
         R"("created":"2025-03-01T00:00:00Z","lastChanged":")" +
         to_string(row.at) + R"("})";
}

Digest Listing::digest() const {
  Digest digest;
  for (const auto& row : rows)
    digest.add(*parse_uuid(row.guid), row.at);
  return digest;
}

// -- the shard ----------------------------------------------------------------------

ShardWorld::ShardWorld() {
  shard.key = {"a3-app-instances-historic", "carry", shard_day, "ttd", 0};
  shard.from = shard_day.start();
  shard.to = shard_day.end();
  shard.checkpoint.at = shard.to;
  setup.page_size = 10;
  setup.controls = controls;
  controls->credit = 20;
  setup.pages = {&source::storage::app_instances, stand_in_of<gate_actor>(storage)};
  setup.ledger = stand_in_of<ledger_actor>(ledger);
  for (std::size_t i = 0; i < taken_by.size(); ++i)
    setup.carriers.push_back(stand_in<carrier_actor>([this, i](const Carry& hand) { take(i, hand); }));
  setup.now = instants();
  setup.clock = clock();
  setup.probe = probe;
  parent = stand_in<supervisor_actor>([this](const ShardEnded& one) { ended.push_back(one); });
  storage->at_once = [this](const Call& call) { return std::optional(list.answer(call)); };
}

void ShardWorld::take(std::size_t carrier, const Carry& hand) {
  ++taken_by[carrier];
  hands.push_back(hand);
  jobs.insert(jobs.end(), hand.jobs.begin(), hand.jobs.end());
  std::sort(jobs.begin(), jobs.end(), [](const auto& one, const auto& other) {
    return std::pair(one.batch, one.index) < std::pair(other.batch, other.index);
  });
}

void ShardWorld::start() {
  actor = spawn<DayShard>(shard, std::make_shared<const ShardSetup>(setup), parent);
  run();
}

void ShardWorld::finish(std::size_t index, Outcome outcome) {
  const auto& job = jobs.at(index);
  RecordResult result{outcome, std::nullopt};
  if (outcome == Outcome::failed) {
    result.failure.emplace();
    result.failure->record_id = job.row.id;
  }
  finished.emplace(job.row.id);
  tell(actor, RecordsDone{{{job.batch, job.index, std::move(result)}}});
}

void ShardWorld::finish_all() {
  for (; done < jobs.size(); ++done)
    finish(done);
}

const ledger::Commit& ShardWorld::commit(std::size_t index) const {
  return ledger->asked.at(index).commit;
}

void ShardWorld::acknowledge(std::size_t index) {
  answer(ledger, index, Noted{});
}

void ShardWorld::let_go() {
  while (ended.empty()) {
    const auto before = std::make_pair(jobs.size(), ledger->asked.size());
    finish_all();
    while (!ledger->open.empty())
      acknowledge(ledger->open.begin()->first);
    if (std::make_pair(jobs.size(), ledger->asked.size()) == before) return;
  }
}

Counts ShardWorld::counts() const {
  Counts sum;
  for (const auto& note : ledger->asked)
    sum += note.commit.counts;
  return sum;
}

std::set<std::string> ShardWorld::carried() const {
  std::set<std::string> ids;
  for (const auto& job : jobs)
    ids.emplace(job.row.id);
  return ids;
}

const ShardEnded& ShardWorld::end() const {
  REQUIRE(ended.size() == 1);
  return ended.front();
}

} // namespace dialogferry::engine::test
