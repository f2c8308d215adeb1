#include <dialogferry/engine/later.hpp>
#include <dialogferry/engine/verify/patrol.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace dialogferry::engine::verify {

namespace {

constexpr std::size_t most_queued = 100; ///< days of a row, between two looks at the ledger
constexpr std::size_t most_told = 10;    ///< days that could not be compared
constexpr std::uint32_t most_doublings = 10;

} // namespace

Patrol::Patrol(caf::actor_config& config, PatrolSetup setup)
    : actor_base(config)
    , setup_(std::move(setup))
    , organisations_(setup_.rows.size()) {
  for (const auto& row : setup_.rows)
    days_.emplace_back(row.id, row.stages, setup_.pauses);
}

Patrol::behavior_type Patrol::make_behavior() {
  look_later(setup_.look_every);
  tick();
  return {
      [this](LookForDay look) {
        if (look.is_tick) tick();
        if (look_at_ && *look_at_ <= setup_.now()) go_on();
      },
      [this](Steer) {
        if (under_way_ && !may_compare(under_way_->row)) return give_up();
        if (!under_way_) look_later({});
      },
      [this](Drain) {
        draining_ = true;
        if (under_way_) give_up();
      },
  };
}

bool Patrol::may_compare(std::size_t row) const {
  const auto& controls = *setup_.rows[row].controls;
  return controls.verify && !controls.paused;
}

void Patrol::tick() {
  if (!draining_) send_later(*this, setup_.tick, LookForDay{true});
}

/// In the place of any look that is waited for.
void Patrol::look_later(std::chrono::milliseconds pause) {
  look_at_ = {setup_.now().ticks + pause.count() * Instant::per_millisecond};
  if (pause.count() == 0) send(this, LookForDay{});
}

void Patrol::go_on() {
  look_at_.reset();
  if (draining_ || under_way_) return;
  const auto now = setup_.now();
  const auto stale = looked_.ticks + setup_.look_every.count() * Instant::per_millisecond <= now.ticks;
  if (queue_.empty() || stale) look();
  while (!queue_.empty()) {
    const auto due = queue_.front();
    queue_.pop_front();
    if (may_compare(due.row)) return compare(due);
  }
  look_later(setup_.look_every);
}

void Patrol::look() {
  queue_.clear();
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < setup_.rows.size(); ++row)
    if (may_compare(row)) rows.push_back(row);
  if (rows.empty()) return;
  looked_ = setup_.now();
  const auto snapshot = setup_.read();
  if (!snapshot) return; // whoever writes the ledger tells of it
  for (const auto row : rows) {
    organisations_[row] = days_[row].organisations(*snapshot);
    for (const auto day : days_[row].find(*snapshot, looked_, most_queued))
      queue_.push_back({row, day});
  }
  std::stable_sort(queue_.begin(), queue_.end(),
                   [](const Due& left, const Due& right) { return left.day > right.day; });
}

void Patrol::compare(const Due& due) {
  under_way_ = due;
  given_up_ = false;
  show(due.row);
  request(setup_.rows[due.row].verifier, caf::infinite, VerifyDay{due.day, organisations_[due.row]})
      .then([this, due](DayVerified& verified) { on_verified(due, verified); },
            [this, due](const caf::error& error) {
              DayVerified none;
              none.problem = Problem{"engine", home_system().render(error), {}};
              on_verified(due, none);
            });
}

void Patrol::give_up() {
  given_up_ = true;
  send(setup_.rows[under_way_->row].verifier, GiveUpDay{});
}

void Patrol::on_verified(const Due& due, DayVerified& verified) {
  under_way_.reset();
  if (!given_up_ && verified.problem)
    put_off(due, *verified.problem);
  else if (!given_up_)
    settle(due, verified.verification);
  else
    look_later({});
  show(due.row);
}

void Patrol::settle(const Due& due, const ledger::Verification& verification) {
  if (const auto noted = setup_.note(verification); !noted) return put_off(due, noted.error());
  failures_ = 0;
  const auto differing = verification.differences();
  if (differing == 0)
    days_[due.row].note_clean(due.day);
  else
    days_[due.row].note_differing(due.day, setup_.now());
  spdlog::log(differing == 0 ? spdlog::level::info : spdlog::level::warn,
              "{} {} compared with its source: {} records, {} dialogs, {} differ", verification.row,
              to_string(due.day), verification.source, verification.target, differing);
  look_later({});
}

/// What stopped this day may stop the others: the pause grows while none can be compared.
void Patrol::put_off(const Due& due, const Problem& problem) {
  const auto why = problem.member + ": " + problem.message;
  days_[due.row].note_failed(due.day, why, setup_.now());
  spdlog::warn("{} {} could not be compared with its source, tried again later: {}", setup_.rows[due.row].id,
               to_string(due.day), why);
  const auto pause = setup_.look_every * (1U << std::min(failures_++, most_doublings));
  look_later(std::min<std::chrono::milliseconds>(pause, setup_.longest_pause));
}

void Patrol::show(std::size_t row) {
  PatrolView view;
  if (under_way_ && under_way_->row == row) view.comparing = under_way_->day;
  view.not_compared = days_[row].not_compared(most_told);
  setup_.rows[row].view->set(std::move(view));
}

} // namespace dialogferry::engine::verify
