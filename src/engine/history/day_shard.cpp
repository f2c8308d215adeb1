#include <dialogferry/engine/carry/lanes.hpp>
#include <dialogferry/engine/history/day_shard.hpp>
#include <dialogferry/engine/history/scan_pages.hpp>
#include <dialogferry/engine/listing/reading.hpp>
#include <dialogferry/engine/listing/unreadable.hpp>
#include <dialogferry/engine/log.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

/// While requests rest, so many times the credit may have been read and not acknowledged: each page that is
/// held costs its text, and is read again after a restart.
constexpr std::size_t most_open = 8;

} // namespace

DayShard::DayShard(caf::actor_config& config, Shard shard, std::shared_ptr<const ShardSetup> setup,
                   supervisor_actor parent, std::size_t home)
    : actor_base(config)
    , Resident(home)
    , shard_(std::move(shard))
    , setup_(std::move(setup))
    , parent_(std::move(parent))
    , trail_(std::make_shared<const Trail>(Trail{shard_.key.row, shard_.key.day}))
    , scan_(shard_.from, shard_.to, shard_.checkpoint)
    , progress_(shard_.key) {}

DayShard::behavior_type DayShard::make_behavior() {
  send(this, Proceed{});
  return {
      [this](RecordsDone& done) {
        bool finished = false;
        for (auto& [batch, index, result] : done.items)
          finished = progress_.finish(batch, index, std::move(result)) || finished;
        if (!finished) return;
        commit_finished();
        if (requests_rest() && may_read()) ask(*scan_.next());
      },
      [this](Proceed) { proceed(); },
      [this](Drain) {
        draining_ = true;
        proceed();
      },
  };
}

void DayShard::on_exit() {
  if (setup_ && setup_->probe)
    setup_->probe->in_flight -= static_cast<std::int64_t>(progress_.in_flight() + unacknowledged_);
  setup_.reset();
  parent_ = nullptr;
}

// -- reading --------------------------------------------------------------------

void DayShard::proceed() {
  if (ended_) return;
  if (!splitting_ && scan_.at_boundary() && !scan_.done() && scan_.pages() >= setup_->split_after)
    splitting_ = split_window(shard_.from, scan_.rest(), setup_->split_parts).size() > 1;
  if (may_read()) ask(*scan_.next());
  if (const auto ended = ending(); ended && commits_ == 0) commit({});
}

bool DayShard::may_read() const {
  const auto& controls = *setup_->controls;
  if (asking_ || scan_.done() || draining_ || splitting_ || controls.paused || backlog_is_full())
    return false;
  const auto fits = [&](std::size_t records, std::size_t credit) {
    return records == 0 || records + setup_->page_size <= credit;
  };
  const auto read = progress_.in_flight() + unacknowledged_;
  if (!requests_rest()) return fits(read, controls.credit);
  return fits(progress_.waiting() + unacknowledged_, controls.credit) &&
         fits(read, most_open * controls.credit);
}

/// Some of the records that were read wait out a pause of their own: pages behind theirs are read meanwhile.
bool DayShard::requests_rest() const {
  return setup_->resting && *setup_->resting > 0;
}

/// What waits for somebody is enough: more would fail likewise, and be a row of the ledger each.
bool DayShard::backlog_is_full() const {
  return setup_->probe && setup_->probe->held >= most_held;
}

void DayShard::ask(const ListQuery& query) {
  asking_ = true;
  if (query.kind == ListQuery::Kind::page) listed_ = setup_->clock();
  const auto list = list_of(query, shard_.key.organisation, setup_->page_size);
  const auto& pages = setup_->pages;
  request(pages.gate, caf::infinite, pages.call(list, setup_->controls->priority))
      .then([this, query](const Answered& answered) { on_listed(query, answered); },
            [this](const caf::error& error) {
              fail({std::string(setup_->pages.listing->api),
                    "was not answered inside the engine: " + home_system().render(error),
                    {}});
            });
}

void DayShard::on_listed(const ListQuery& query, const Answered& answered) {
  asking_ = false;
  if (answered.verdict.kind != http::Verdict::Kind::success) return on_refused(query, answered);
  auto page =
      setup_->pages.listing->read(parser_of_thread(), kept_page((*answered.answer)->body, setup_->bodies));
  if (!page) return fail(page.error());
  if (setup_->probe) ++setup_->probe->pages;
  const auto batch = take(query, std::make_shared<const codec::Page>(std::move(*page)));
  if (!batch) return fail(batch.error());
  if (*batch) carry(**batch);
  proceed();
}

Result<std::optional<ScanBatch>> DayShard::take(const ListQuery& query,
                                                std::shared_ptr<const codec::Page> page) {
  if (query.kind == ListQuery::Kind::page) {
    page_ = std::move(page);
    tie_.reset();
    const Instant last{query.before.ticks - Instant::per_microsecond};
    return scan_.on_page(heads_of(page_->rows, last), page_->next_query.has_value());
  }
  tie_ = std::move(page);
  std::string token;
  if (tie_->next_query) token = setup_->pages.listing->token_of(*tie_->next_query);
  auto batch = scan_.on_tie(heads_of(tie_->rows, query.at), std::move(token));
  if (!batch) return tl::unexpected(batch.error());
  return std::optional<ScanBatch>(std::move(*batch));
}

void DayShard::carry(const ScanBatch& batch) {
  std::vector<Progress::Entry> entries;
  std::vector<RecordJob> jobs;
  const auto add = [&](const auto& listed, const std::vector<std::uint32_t>& indexes, Instant at) {
    for (const auto i : indexes) {
      const auto& row = listed->rows[i];
      const auto version = row.created || row.last_changed ? row.version() : at;
      entries.push_back({row.guid ? *row.guid : stand_in_of(row.json.text), version});
      jobs.push_back({listed, row, 0, static_cast<std::uint32_t>(jobs.size())});
    }
  };
  add(page_, batch.from_page, batch.checkpoint.at);
  add(tie_, batch.from_tie, batch.checkpoint.at);
  std::optional<ledger::Failure> unreadable;
  if (batch.left_out) {
    unreadable = unreadable_failure(*batch.left_out, shard_.key.organisation, refusal_);
    entries.push_back({stand_in_of(unreadable->record_id), *batch.left_out});
  }
  page_.reset(); // the jobs keep what they need
  tie_.reset();
  const auto records = entries.size();
  const auto number = progress_.begin(std::move(entries), batch.checkpoint);
  if (setup_->probe) {
    setup_->probe->read += records;
    setup_->probe->in_flight += static_cast<std::int64_t>(records);
  }
  if (unreadable)
    progress_.finish(number, static_cast<std::uint32_t>(jobs.size()),
                     {Outcome::failed, std::move(unreadable), std::nullopt});
  log_debug("a page is read", trail_, [&](LogLine& line) {
    line.field("organisation", shard_.key.organisation).field("records", std::to_string(records));
  });
  send_out(std::move(jobs), number);
  commit_finished();
}

void DayShard::send_out(std::vector<RecordJob> jobs, std::uint64_t batch) {
  std::vector<std::vector<RecordJob>> hands(setup_->carriers.size());
  for (auto& job : jobs) {
    job.batch = batch;
    hands[turn_of(job.row.guid.value_or(Uuid{}), hands.size())].push_back(std::move(job));
  }
  for (std::size_t i = 0; i < hands.size(); ++i) {
    if (hands[i].empty()) continue;
    send(setup_->carriers[i], Carry{record_owner{this}, std::move(hands[i]), listed_, setup_->is_migration,
                                    setup_->controls->priority, trail_, setup_->controls});
  }
}

// -- what the source cannot read ---------------------------------------------------

void DayShard::on_refused(const ListQuery& query, const Answered& answered) {
  if (!setup_->pages.is_over_a_row(answered)) return fail(answered.verdict.problem);
  refusal_ = answered;
  const Instant behind{query.at.ticks + Instant::per_microsecond};
  if (query.kind == ListQuery::Kind::page)
    narrowing_.emplace(Narrowing::Order::newest_first, query.from, query.before);
  else
    narrowing_.emplace(Narrowing::Order::newest_first, query.at, behind);
  narrow();
}

void DayShard::narrow() {
  if (draining_) {
    narrowing_.reset();
    return proceed();
  }
  asking_ = true;
  const auto asked = *scan_.next();
  const auto page_size = asked.kind == ListQuery::Kind::tie ? most_rows_asked // it may be behind a token
                                                            : std::max(setup_->page_size, asked.size);
  const auto list = list_of(narrowing_->next(), shard_.key.organisation, page_size);
  const auto& pages = setup_->pages;
  request(pages.gate, caf::infinite, pages.call(list, setup_->controls->priority))
      .then([this](const Answered& answered) { on_narrowed(answered); },
            [this](const caf::error& error) {
              fail({std::string(setup_->pages.listing->api),
                    "was not answered inside the engine: " + home_system().render(error),
                    {}});
            });
}

void DayShard::on_narrowed(const Answered& answered) {
  asking_ = false;
  const bool readable = answered.verdict.kind == http::Verdict::Kind::success;
  if (!readable && !setup_->pages.is_over_a_row(answered)) return fail(answered.verdict.problem);
  std::size_t rows = 0;
  if (readable) {
    const auto page =
        setup_->pages.listing->read(parser_of_thread(), kept_page((*answered.answer)->body, setup_->bodies));
    if (!page) return fail(page.error());
    rows = page->rows.size();
  }
  narrowing_->on_answer({readable, rows});
  switch (narrowing_->state()) {
  case Narrowing::State::looking: return narrow();
  case Narrowing::State::found: return leave_out();
  case Narrowing::State::nothing: return fail(refusal_.verdict.problem);
  }
}

void DayShard::leave_out() {
  const auto at = narrowing_->at();
  narrowing_.reset();
  if (const auto batch = scan_.leave_out(at)) carry(*batch);
  proceed();
}

// -- acknowledging --------------------------------------------------------------

void DayShard::commit_finished() {
  if (auto finished = progress_.take_finished()) commit(std::move(*finished));
}

/// How the shard ends once everything read has an outcome; nothing while there is more to do.
std::optional<ShardEnded> DayShard::ending() const {
  if (asking_ || progress_.in_flight() > 0) return std::nullopt;
  ShardEnded ended;
  ended.key = shard_.key;
  if (scan_.done()) {
    ended.how = ShardEnded::How::complete;
  } else if (splitting_) {
    ended.how = ShardEnded::How::split;
    std::uint32_t part = shard_.key.part * setup_->split_parts; // parts of parts: numbered as a heap
    for (const auto& [from, to] : split_window(shard_.from, scan_.rest(), setup_->split_parts)) {
      Shard child;
      child.key = shard_.key;
      child.key.part = ++part;
      child.from = from;
      child.to = to;
      child.checkpoint.at = to;
      ended.parts.push_back(std::move(child));
    }
  } else if (draining_) {
    ended.how = ShardEnded::How::drained;
  } else {
    return std::nullopt;
  }
  return ended;
}

void DayShard::commit(ledger::Commit commit) {
  const auto records = commit.counts.read();
  commit.key = shard_.key;
  commit.next_stage = setup_->next_stage;
  const auto waits = [](const ledger::WakeUp& wake_up) { return !wake_up.api.empty(); };
  if (setup_->probe) // counted here until the ledger is looked into again: nobody reads on meanwhile
    setup_->probe->held +=
        static_cast<std::uint64_t>(std::count_if(commit.wake_ups.begin(), commit.wake_ups.end(), waits));
  auto ended = ending();
  if (ended && ended->how == ShardEnded::How::drained && records == 0 && !commit.checkpoint)
    return end(*ended);
  if (ended && ended->how != ShardEnded::How::drained) commit.state = last_state();
  if (ended && ended->how == ShardEnded::How::split) {
    commit.from = scan_.rest();
    for (const auto& part : ended->parts)
      commit.split_off.push_back({part.key.part, part.from, part.to});
  }
  ended_ = commit.lets_go = ended.has_value();
  unacknowledged_ += records;
  ++commits_;
  request(setup_->ledger, caf::infinite, NoteProgress{std::move(commit)})
      .then(
          [this, records, ended](const Noted& noted) {
            --commits_;
            if (noted.problem) return fail(*noted.problem);
            unacknowledged_ -= records;
            if (setup_->probe) {
              setup_->probe->done += records;
              setup_->probe->in_flight -= static_cast<std::int64_t>(records);
            }
            ended ? end(*ended) : proceed();
          },
          [this](const caf::error& error) {
            fail({"ledger", "did not answer: " + home_system().render(error), {}});
          });
}

ledger::StateChange DayShard::last_state() const {
  return {ShardState::complete, {}, setup_->now() + setup_->park_cooldown};
}

void DayShard::end(ShardEnded ended) {
  ended_ = true;
  send(parent_, std::move(ended));
  quit();
}

void DayShard::fail(Problem problem) {
  ShardEnded ended;
  ended.key = shard_.key;
  ended.problem = std::move(problem);
  end(std::move(ended));
}

} // namespace dialogferry::engine
