#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/engine/carry/message_lane.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

/// What came after a live message was published (observed.md OC-5 to OC-8).
namespace dialogferry::engine {

namespace {

namespace messages = mapping::correspondence;
using Kind = http::Verdict::Kind;
using Label = messages::DialogLabel;

Label label_of(const codec::StoredDialog& dialog) {
  const auto has = [&](Label label) {
    return std::find(dialog.system_labels.begin(), dialog.system_labels.end(), messages::name_of(label)) !=
           dialog.system_labels.end();
  };
  if (has(Label::bin)) return Label::bin;
  return has(Label::archive) ? Label::archive : Label::none;
}

} // namespace

void MessageLane::begin_sync(const WorkPtr& work) {
  const auto record = read(*work);
  auto again = read(*work);
  const auto first = messages::first_sent(std::move(*again), work->carried_before);
  auto steps = messages::sync_steps(*record, first, work->target);
  if (!steps) return fail(work, steps.error());
  const auto* shown = shown_.find(work->upload.lane, setup_.clock());
  const auto was_seen = [&](const messages::SyncStep& step) {
    return shown != nullptr &&
           std::find(shown->times.begin(), shown->times.end(), step.at) != shown->times.end();
  };
  if (shown != nullptr)
    work->label = shown->label;
  else if (work->is_new)
    work->label = Label::none;
  for (auto& step : *steps)
    if (!step.label || !was_seen(step)) work->steps.push_back(std::move(step));
  next_step(work);
}

void MessageLane::next_step(const WorkPtr& work) {
  if (work->steps.empty()) return end_sync(work);
  if (syncs_ >= setup_.syncs) return wait_to_sync_.push_back(work);
  send_step(work);
}

void MessageLane::send_step(const WorkPtr& work) {
  ++syncs_;
  ++work->sent;
  auto what = std::make_shared<const http::Request>(target::correspondence::sync(work->steps.front().call));
  Call call{std::move(what), http::Operation::sync, work->upload.priority, Patience::record,
            work->upload.trail};
  const auto answered = [this] {
    --syncs_;
    if (wait_to_sync_.empty()) return;
    const auto next = std::move(wait_to_sync_.front());
    wait_to_sync_.pop_front();
    send_step(next);
  };
  request(setup_.correspondence, caf::infinite, std::move(call))
      .then(
          [this, work, answered](const Answered& answer) {
            answered();
            on_step(work, answer);
          },
          [this, work, answered](const caf::error& error) {
            answered();
            not_answered(work, error);
          });
}

void MessageLane::on_step(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::gone)
    return fail(work, Problem{"correspondence", "does not know the message that it stored before", {}});
  if (answered.verdict.kind != Kind::success) return fail(work, answered);
  if (!work->steps.front().label) {
    work->steps.pop_front();
    return next_step(work);
  }
  work->look_until = setup_.clock() + setup_.label_patience;
  work->pause = setup_.first_pause;
  work->has_settled = false;
  read_label(work);
}

void MessageLane::read_label(const WorkPtr& work) {
  ask(work, setup_.dialogporten,
      target::dialogporten::get(messages::dialog_id_of(work->target, work->created, setup_.now())),
      http::Operation::read, [this, work](const Answered& answered) {
        if (answered.verdict.kind == Kind::gone) return on_label(work, std::nullopt);
        if (answered.verdict.kind != Kind::success) return fail(work, answered);
        const codec::Document body{std::move((*answered.answer)->body)};
        const auto dialog = codec::read_dialog_parts(parser_, body.view());
        if (!dialog) return fail(work, dialog.error());
        on_label(work, dialog->deleted_at ? std::nullopt : std::optional(label_of(*dialog)));
      });
}

/// Nothing: the dialog is deleted, and has no label any more.
void MessageLane::on_label(const WorkPtr& work, std::optional<Label> label) {
  const auto& step = work->steps.front();
  const bool is_there = !label || *label == *step.label;
  const auto* shown = shown_.find(work->upload.lane, setup_.clock());
  if (!is_there && setup_.clock() < work->look_until)
    return look_again(work, [this, work] { read_label(work); });
  const bool tells_nothing = is_there && label && work->label.value_or(*step.label) == *step.label;
  if (tells_nothing && !std::exchange(work->has_settled, true)) {
    work->pause = setup_.settle;
    return look_again(work, [this, work] { read_label(work); });
  }
  const bool is_first = shown != nullptr || step.known_at >= ours_since(); // nobody can have sent it before
  if (!is_there && is_first)
    return hold(work, "race", {"label", "is not changed yet by a job of Correspondence", {}});
  if (is_there) {
    work->label = step.label;
    auto now = shown != nullptr ? *shown : Shown{};
    now.times.push_back(step.at);
    now.label = *step.label;
    shown_.put(work->upload.lane, std::move(now), setup_.clock());
  }
  work->is_unsure = !is_there; // it may have been sent before, and others after it
  work->steps.pop_front();
  next_step(work);
}

void MessageLane::end_sync(const WorkPtr& work) {
  if (work->is_unsure)
    return hold(work, "race", {"label", "is not what the last event of the message says", {}});
  Uploaded done;
  done.outcome = work->is_new ? Outcome::created : work->sent > 0 ? Outcome::updated : Outcome::unchanged;
  if (work->is_deleted) done.outcome = Outcome::deleted;
  finish(work, std::move(done));
}

} // namespace dialogferry::engine
