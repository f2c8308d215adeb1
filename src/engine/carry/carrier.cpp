#include <dialogferry/codec/content_digest.hpp>
#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/log.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>
#include <charconv>

namespace dialogferry::engine {

namespace {

constexpr std::size_t most_applications = 2'000;
constexpr std::int64_t clocks_apart = 300 * Instant::per_second; ///< the source's and ours, at the most

std::optional<std::string> urn_of(const std::vector<std::pair<std::int64_t, std::string>>& found,
                                  std::int64_t id) {
  const auto is_it = [id](const auto& entry) { return entry.first == id; };
  const auto entry = std::find_if(found.begin(), found.end(), is_it);
  return entry == found.end() ? std::nullopt : std::optional(entry->second);
}

} // namespace

std::optional<std::int64_t> Carrier::number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Carrier::Carrier(caf::actor_config& config, CarrierSetup setup)
    : actor_base(config)
    , Resident(setup.home)
    , setup_(std::move(setup))
    , queue_(setup_.places)
    , applications_(most_applications, lookup_age_of_carriers) {}

Carrier::behavior_type Carrier::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](Carry& carry) { take(carry); },
      [this](MapAnew& question) { return map_anew(question); },
      [this](SetWindow window) {
        queue_.set_window(window.records);
        begin_next();
      },
      [this](Steer) {
        queue_.look_again();
        begin_next();
      },
      [this](const Answers& answers) {
        for (const auto& [number, answered] : answers.items)
          if (const auto work = events_.take(number)) on_events(*work, answered);
      },
      [this](UploadsDone& done) {
        for (auto& [number, uploaded] : done.items)
          if (const auto work = uploads_.take(number)) on_uploaded(*work, std::move(uploaded));
      },
      [this](SendOut) {
        events_.send_out(*this);
        uploads_.send_out(*this);
        done_.send_out(*this);
      },
  };
}

void Carrier::take(Carry& carry) {
  const auto hand = std::make_shared<Hand>(Hand{std::move(carry), {}, {}, {}});
  ask_for_owners(hand);
  queue_.push(hand);
  begin_next();
}

void Carrier::on_exit() {
  queue_.clear();
  events_.clear();
  uploads_.clear();
  done_.clear();
  setup_ = {};
}

/// Work that waits costs its place in a page; work that has begun costs its events and its dialog.
void Carrier::begin_next() {
  while (auto next = queue_.next()) {
    const auto& hand = next->hand;
    const auto work = work_of(*hand, std::move(next->job));
    if (const auto& row = work->job.row; row.problem) {
      Uploaded failed;
      failed.problem = *row.problem;
      report(*work, std::move(failed));
      queue_.done();
      continue;
    }
    find_owner(work, hand);
    fetch_events(work);
    fetch_application(work);
  }
}

Carrier::WorkPtr Carrier::work_of(const Carry& hand, RecordJob job) {
  auto work = std::make_shared<Work>();
  work->owner = hand.owner;
  work->job = std::move(job);
  const auto& row = work->job.row;
  work->record_id = row.id;
  work->organisation = row.org;
  work->last_changed = row.version();
  work->trail = trail_of(hand.trail, work->record_id, row.guid.value_or(Uuid{}));
  work->listed = hand.listed;
  work->is_migration = hand.is_migration;
  work->priority = hand.priority;
  return work;
}

// -- what a record needs ------------------------------------------------------

void Carrier::fetch_events(const WorkPtr& work) {
  Call call{std::make_shared<const http::Request>(source::storage::events(work->record_id)),
            http::Operation::read, work->priority, Patience::record, work->trail};
  events_.ask(*this, setup_.storage, std::move(call), work);
}

void Carrier::on_events(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind != http::Verdict::Kind::success) {
    no_answer(work, answered);
  } else {
    work->events_body.emplace(std::move((*answered.answer)->body));
    if (work->anew) work->anew->seen.events = codec::content_digest(parser_, work->events_body->view());
    if (auto events = codec::read_events(parser_, work->events_body->view())) {
      work->events = std::move(*events);
      ask_for_users(work);
    } else {
      work->problem = events.error();
    }
  }
  arrived(work);
}

void Carrier::fetch_application(const WorkPtr& work) {
  const std::string app_id(work->job.row.app_id);
  const auto there = [this, work] { work->anew ? fetch_dialog(work) : arrived(work); };
  if (const auto* known = applications_.find(app_id, setup_.clock())) {
    work->application = *known;
    return there();
  }
  request(setup_.metadata, caf::infinite, FindApplication{app_id, work->priority})
      .then(
          [this, work, app_id, there](FoundApplication& found) {
            if (found.application) applications_.put(app_id, found, setup_.clock());
            work->application = std::move(found);
            there();
          },
          [this, work, there](const caf::error& error) {
            work->application.problem = gate_problem("application", error);
            work->application.held = held_inside();
            there();
          });
}

/// Those of a hand that nobody knows, in one list.
void Carrier::ask_for_owners(const std::shared_ptr<Hand>& hand) {
  const auto now = setup_.clock();
  for (const auto& job : hand->jobs) {
    const auto party = job.row.problem ? std::nullopt : number_of(job.row.party_id);
    if (party && !hand->is_asked(*party) && !setup_.people->find({*party, false}, now))
      hand->asked.push_back(*party);
  }
  if (hand->asked.empty()) return;
  request(setup_.registry, caf::infinite, FindParties{hand->asked, {}, hand->priority})
      .then(
          [this, hand](FoundParties& found) {
            hand->owners = std::move(found);
            for (const auto& work : std::exchange(hand->waiting, {})) {
              take_owner(*work, *hand->owners);
              arrived(work);
            }
          },
          [this, hand](const caf::error& error) {
            hand->owners.emplace().problem = gate_problem("register", error);
            hand->owners->held = held_inside();
            for (const auto& work : std::exchange(hand->waiting, {}))
              not_answered(work, "register", error);
          });
}

/// `hand` is null for a record that was not handed over with others.
void Carrier::find_owner(const WorkPtr& work, const std::shared_ptr<Hand>& hand) {
  const auto party = number_of(work->job.row.party_id);
  if (!party) return;
  if (auto known = setup_.people->find({*party, false}, setup_.clock())) {
    work->party = std::move(*known);
    return;
  }
  const bool is_asked = hand && hand->is_asked(*party);
  if (is_asked && hand->owners) return take_owner(*work, *hand->owners);
  ++work->waiting;
  if (is_asked) return hand->waiting.push_back(work);
  request(setup_.registry, caf::infinite, FindParties{{*party}, {}, work->priority})
      .then(
          [this, work](const FoundParties& found) {
            take_owner(*work, found);
            arrived(work);
          },
          [this, work](const caf::error& error) { not_answered(work, "register", error); });
}

void Carrier::take_owner(Work& work, const FoundParties& found) {
  if (found.problem) {
    work.problem = found.problem;
    work.held = found.held;
  }
  work.party = urn_of(found.parties, *number_of(work.job.row.party_id));
}

void Carrier::ask_for_users(const WorkPtr& work) {
  const auto now = setup_.clock();
  std::vector<std::int64_t> unknown;
  for (const auto& event : work->events.list) {
    if (!event.user || !event.user->user_id) continue;
    const auto user = *event.user->user_id;
    const auto listed = [user](const auto& entry) { return entry.first == user; };
    if (std::any_of(work->users.begin(), work->users.end(), listed)) continue;
    auto known = setup_.people->find({user, true}, now);
    if (!known) unknown.push_back(user);
    work->users.emplace_back(user, std::move(known).value_or(std::nullopt));
  }
  if (unknown.empty()) return;
  ++work->waiting;
  request(setup_.registry, caf::infinite, FindParties{{}, unknown, work->priority})
      .then(
          [this, work](const FoundParties& found) {
            if (found.problem) {
              work->problem = found.problem;
              work->held = found.held;
            }
            for (auto& [id, urn] : work->users)
              if (!urn) urn = urn_of(found.users, id);
            arrived(work);
          },
          [this, work](const caf::error& error) { not_answered(work, "register", error); });
}

// -- mapping and upload -------------------------------------------------------

void Carrier::no_answer(const WorkPtr& work, const Answered& answered) {
  work->problem = answered.verdict.problem;
  work->held = held_by(answered);
  work->http_status = answered.verdict.status;
  work->attempts = answered.attempts;
}

void Carrier::arrived(const WorkPtr& work) {
  if (--work->waiting > 0) return;
  if (!work->problem) return map(work);
  Uploaded failed;
  failed.problem = std::move(*work->problem);
  failed.held = std::move(work->held);
  failed.http_status = work->http_status;
  failed.attempts = work->attempts;
  fail(work, std::move(failed));
}

void Carrier::map(const WorkPtr& work) {
  if (work->anew && !work->anew->instance) return finish_anew(work, decide(*work, nullptr));
  if (!work->application.application && !work->application.problem.message.empty()) {
    Uploaded failed;
    failed.problem = work->application.problem;
    failed.held = work->application.held;
    return fail(work, std::move(failed));
  }
  if (work->anew && may_be_older_than_its_events(*work)) return read_instance(work);
  if (work->anew) return finish_anew(work, decide(*work, &*work->anew->instance));
  if (has_changed_since_listed(*work)) return upload(work, nullptr);
  const auto instance = codec::read_instance(parser_, work->job.row.json);
  if (!instance) return fail(work, instance.error());
  auto decision = decide(*work, &*instance);
  if (!decision) return fail(work, decision.error());
  if (decision->calls.empty()) {
    std::optional<SecondLook> again;
    if (decision->outcome == Outcome::deferred) again = second_look(*decision);
    return finish(work, decision->outcome, std::move(again));
  }
  upload(work, std::make_shared<mapping::Decision>(std::move(*decision)));
}

/// Its events may tell more than its row then (see may_be_older_than_its_events).
bool Carrier::has_changed_since_listed(const Work& work) const {
  const auto& row = work.job.row;
  const auto since_listed =
      std::chrono::duration_cast<std::chrono::milliseconds>(setup_.clock() - work.listed);
  const auto listed = setup_.now().ticks - since_listed.count() * Instant::per_millisecond;
  const auto is_newer = [&](const auto& event) {
    return event.created && event.created->ticks > listed - clocks_apart && *event.created > row.version();
  };
  return std::any_of(work.events.list.begin(), work.events.list.end(), is_newer);
}

Result<mapping::Decision> Carrier::decide(const Work& work, const codec::Instance* instance) {
  std::vector<mapping::KnownUser> users;
  users.reserve(work.users.size());
  for (const auto& [id, urn] : work.users)
    if (urn) users.push_back({id, *urn});
  mapping::Input input;
  input.instance = instance;
  input.events = &work.events;
  input.application = work.application.application.get();
  if (work.party) input.party_urn = *work.party;
  input.users = users;
  if (work.anew && work.anew->existing) input.existing = &*work.anew->existing;
  input.is_migration = work.is_migration;
  input.now = setup_.now();
  try {
    auto decision = setup_.mapper->decide(input);
    if (decision) mapping::await_clock(*decision, input);
    return decision;
  } catch (const std::exception& defect) { // one record's, of all
    return dialogferry::fail("record", std::string("met a defect of the mapping: ") + defect.what(),
                             "please report it with the output of `dialogferry explain`");
  }
}

void Carrier::upload(const WorkPtr& work, std::shared_ptr<mapping::Decision> decision) {
  Upload upload;
  upload.record_id = work->record_id;
  upload.lane = *work->job.row.guid;
  upload.decision = std::move(decision);
  upload.listed = work->listed;
  upload.carrier = carrier_actor{this};
  upload.is_migration = work->is_migration;
  upload.priority = work->priority;
  upload.trail = work->trail;
  work->events = {};
  work->events_body.reset();
  work->job.row = {}; // a page is let go when its last record is mapped, not when it is written
  work->job.keep.reset();
  uploads_.ask(*this, uploader_of(setup_.uploaders, upload.lane), std::move(upload), work);
}

void Carrier::on_uploaded(const WorkPtr& work, Uploaded uploaded) {
  if (uploaded.outcome == Outcome::failed) return fail(work, std::move(uploaded));
  finish(work, uploaded.outcome, std::move(uploaded.again));
}

void Carrier::on_down(const caf::down_msg& down) {
  for (const auto& work : events_.take_lost(down.source.id()))
    not_answered(work, "events", down.reason);
  for (const auto& work : uploads_.take_lost(down.source.id())) {
    Uploaded failed;
    failed.problem = gate_problem("dialogporten", down.reason);
    failed.held = held_inside();
    fail(work, std::move(failed));
  }
}

void Carrier::finish(const WorkPtr& work, Outcome outcome, std::optional<SecondLook> again) {
  log_debug("carried", work->trail, [&](LogLine& line) { line.field("outcome", name_of(outcome)); });
  if (again) again->record_id = work->record_id;
  done_.add(*this, work->owner,
            {work->job.batch, work->job.index, {outcome, std::nullopt, std::move(again)}});
  queue_.done();
  begin_next();
}

/// A deferred one is looked at again: an import when it may be whole, times that are ahead when they are
/// over.
SecondLook Carrier::second_look(const mapping::Decision& decision) const {
  if (decision.retry_at) return {SecondLook::Why::early, *decision.retry_at};
  return {SecondLook::Why::import, setup_.now() + setup_.import_wait};
}

void Carrier::fail(const WorkPtr& work, Problem problem) {
  Uploaded failed;
  failed.problem = std::move(problem);
  fail(work, std::move(failed));
}

void Carrier::fail(const WorkPtr& work, Uploaded failed) {
  if (work->anew) return fail_anew(work, std::move(failed));
  defer(failed, std::nullopt, setup_.now(), setup_.retry_for);
  if (failed.outcome == Outcome::deferred) return finish(work, failed.outcome, std::move(failed.again));
  report(*work, std::move(failed));
  queue_.done();
  begin_next();
}

void Carrier::report(const Work& work, Uploaded failed) {
  log_info("cannot be carried", work.trail, [&](LogLine& line) {
    line.field("member", failed.problem.member).field("attempt", std::to_string(failed.attempts));
    line.field("status", std::to_string(failed.http_status));
  });
  ledger::Failure failure;
  failure.record_id = work.record_id;
  failure.organisation = work.organisation;
  failure.last_changed = work.last_changed;
  failure.problem = std::move(failed.problem);
  failure.http_status = failed.http_status;
  failure.attempts = failed.attempts;
  failure.body_excerpt = std::move(failed.body);
  done_.add(*this, work.owner,
            {work.job.batch, work.job.index, {Outcome::failed, std::move(failure), std::nullopt}});
}

void Carrier::not_answered(const WorkPtr& work, std::string member, const caf::error& error) {
  work->problem = gate_problem(std::move(member), error);
  work->held = held_inside();
  arrived(work);
}

Problem Carrier::gate_problem(std::string member, const caf::error& error) {
  return {std::move(member), "was not answered inside the engine: " + home_system().render(error), {}};
}

} // namespace dialogferry::engine
