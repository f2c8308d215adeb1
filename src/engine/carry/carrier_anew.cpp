#include <dialogferry/codec/content_digest.hpp>
#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/dialog_lookup.hpp>
#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace dp = target::dialogporten;
using Kind = http::Verdict::Kind;

namespace {

constexpr std::uint32_t most_readings = 4; ///< of a record that changes between its reading and its events'
constexpr std::string_view label_prefix = "urn:altinn:integration:storage:";
constexpr std::string_view resource_prefix = "urn:altinn:resource:app_";

/// The application of a dialog, `org/app`, from its service resource (M-57); empty where it is none of ours.
std::string app_of(std::string_view resource) {
  if (!resource.starts_with(resource_prefix)) return {};
  std::string app(resource.substr(resource_prefix.size()));
  const auto slash = app.find('_');
  if (slash == std::string::npos) return {};
  app[slash] = '/';
  return app;
}

std::string_view party_of(std::string_view record_id) {
  return record_id.substr(0, record_id.find('/'));
}

bool same_ignoring_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// Whether another record claims the dialog (M-4).
bool is_another_records(const codec::StoredDialog& dialog, std::string_view record_id) {
  const auto other = [&](std::string_view label) {
    return label.starts_with(label_prefix) &&
           !same_ignoring_case(label.substr(label_prefix.size()), record_id);
  };
  const auto& labels = dialog.service_owner_labels;
  return std::any_of(labels.begin(), labels.end(), other);
}

} // namespace

caf::result<MappedAnew> Carrier::map_anew(MapAnew& question) {
  auto work = std::make_shared<Work>();
  work->record_id = question.record_id;
  work->is_migration = question.is_migration;
  work->priority = question.priority;
  work->trail = question.trail;
  work->anew = std::make_unique<Anew>();
  work->anew->question = std::move(question);
  work->anew->promise = make_response_promise<MappedAnew>();
  const auto promise = work->anew->promise;
  work->anew->question.unless_events ? look_at_events(work) : read_instance(work);
  return promise;
}

/// One request where nothing came behind the record (observed.md OS-1). Whatever comes without an event shows
/// in the record's row, which the stream lists anyhow.
void Carrier::look_at_events(const WorkPtr& work) {
  const auto look = [this](const WorkPtr& with, const Answered& answered) {
    if (answered.verdict.kind != Kind::success) return read_instance(with);
    const codec::Document body{std::move((*answered.answer)->body)};
    if (codec::content_digest(parser_, body.view()) != *with->anew->question.unless_events)
      return read_instance(with);
    MappedAnew mapped;
    mapped.decision = std::make_shared<mapping::Decision>();
    mapped.decision->outcome = Outcome::unchanged;
    mapped.nothing_new = true;
    with->anew->promise.deliver(std::move(mapped));
  };
  work->waiting = 1;
  ask(setup_.storage, work, source::storage::events(work->record_id), http::Operation::read, "events", look);
}

void Carrier::read_instance(const WorkPtr& work) {
  work->waiting = 1;
  ask(setup_.storage, work, source::storage::instance(work->record_id), http::Operation::instance, "instance",
      [this](const WorkPtr& with, const Answered& answered) { on_instance(with, answered); });
}

// -- a record that is there -------------------------------------------------------

void Carrier::on_instance(const WorkPtr& work, const Answered& answered) {
  work->anew->instance.reset();
  if (answered.verdict.kind == Kind::gone) return look_for_dialog(work);
  if (answered.verdict.kind == Kind::success)
    return take_instance(work, codec::Document{std::move((*answered.answer)->body)});
  no_answer(work, answered);
  arrived(work);
}

void Carrier::take_instance(const WorkPtr& work, codec::Document body) {
  auto& anew = *work->anew;
  anew.instance_body.emplace(std::move(body));
  auto instance = codec::read_instance(parser_, anew.instance_body->view());
  if (!instance) {
    work->problem = instance.error();
    return arrived(work);
  }
  anew.instance.emplace(std::move(*instance));
  anew.seen.row = codec::content_digest(parser_, anew.instance_body->view(),
                                        to_string(version7(anew.instance->guid, anew.instance->created)));
  work->record_id = anew.instance->id; // an event may name another party (observed.md OE-6)
  work->organisation = anew.instance->org;
  work->last_changed = anew.instance->last_changed;
  work->job.row.app_id = anew.instance->app_id;
  work->job.row.party_id = anew.instance->party_id;
  ++anew.readings;
  anew.steady = std::exchange(anew.version, anew.instance->last_changed) == anew.instance->last_changed;
  if (anew.steady) return arrived(work);
  anew.existing.reset();
  anew.behind_dialog = false;
  find_owner(work, nullptr);
  ++work->waiting;
  fetch_events(work); // after the record: whatever it knows of, they tell
  fetch_application(work);
}

/// Events that are newer than their record tell of a change between the two readings. Mapped together they
/// would make what can't be undone: a transmission without the files that were sent.
bool Carrier::may_be_older_than_its_events(const Work& work) {
  const auto& anew = *work.anew;
  if (anew.steady || anew.readings >= most_readings) return false;
  const auto is_newer = [&](const auto& event) {
    return event.created && *event.created > anew.instance->last_changed;
  };
  return std::any_of(work.events.list.begin(), work.events.list.end(), is_newer);
}

/// Within one engine a record is in one place at a time. Between the reading of a record and of its dialog,
/// the live changes of another engine may have brought the dialog a newer version, which history would take
/// back. What is read after the dialog is as new as the dialog, or the dialog has another revision when it is
/// written.
bool Carrier::may_be_older_than_its_dialog(const Work& work, const mapping::Decision& decision) {
  const auto& anew = *work.anew;
  return work.priority != Priority::live && anew.instance && anew.existing && !decision.calls.empty() &&
         !anew.behind_dialog && anew.readings < most_readings;
}

/// The dialog is read after the record, so that what is known of it is the newer of the two.
void Carrier::fetch_dialog(const WorkPtr& work) {
  auto& anew = *work->anew;
  if (!work->application.application && !work->application.problem.message.empty()) return arrived(work);
  const auto id =
      setup_.mapper->dialog_id_of(*anew.instance, work->application.application.get(), setup_.now());
  if (!id || !*id) return arrived(work); // the mapping says why
  ask(setup_.dialogporten, work, dp::get(**id), http::Operation::read, "dialog",
      [this](const WorkPtr& with, const Answered& answered) { on_dialog(with, answered); });
}

void Carrier::on_dialog(const WorkPtr& work, const Answered& answered) {
  auto& anew = *work->anew;
  if (answered.verdict.kind == Kind::gone) return arrived(work);
  if (answered.verdict.kind != Kind::success) {
    no_answer(work, answered);
    return arrived(work);
  }
  anew.dialog_body.emplace(std::move((*answered.answer)->body));
  auto dialog = codec::read_dialog(parser_, anew.dialog_body->view());
  if (!dialog)
    work->problem = dialog.error();
  else
    anew.existing.emplace(std::move(*dialog));
  if (!anew.instance && !work->problem) return confirm_absence(work);
  arrived(work);
}

// -- a record that is gone ----------------------------------------------------------

/// Without the record its dialog's id cannot be derived: Dialogporten finds it by the label (dialogporten.md
/// 2.9).
void Carrier::look_for_dialog(const WorkPtr& work) {
  work->anew->existing.reset();
  ask(setup_.dialogporten, work, dp::lookup("urn:altinn:instance-id:" + work->record_id),
      http::Operation::read, "dialog",
      [this](const WorkPtr& with, const Answered& answered) { on_orphan(with, answered); });
}

void Carrier::on_orphan(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind == Kind::gone)
    return arrived(work); // nothing was ever made of it, or it is purged
  if (answered.verdict.kind != Kind::success) {
    no_answer(work, answered);
    return arrived(work);
  }
  const codec::Document body{std::move((*answered.answer)->body)};
  auto found = codec::read_dialog_lookup(parser_, body.view());
  if (!found) {
    work->problem = found.error();
    return arrived(work);
  }
  work->anew->app_id = app_of(found->service_resource);
  work->organisation = work->anew->app_id.substr(0, work->anew->app_id.find('/'));
  ask(setup_.dialogporten, work, dp::get(found->dialog), http::Operation::read, "dialog",
      [this](const WorkPtr& with, const Answered& dialog) { on_dialog(with, dialog); });
}

/// A 404 alone purges nothing: the list must not have the record either, and some time later it must still be
/// gone (storage.md 2.10, decisions.md).
void Carrier::confirm_absence(const WorkPtr& work) {
  auto& anew = *work->anew;
  if (!anew.question.absence_confirmed) return list_owner(work, {});
  if (anew.app_id.empty()) return arrived(work);
  request(setup_.metadata, caf::infinite, FindApplication{anew.app_id, work->priority})
      .then(
          [this, work](FoundApplication& found) {
            work->application = std::move(found); // may be gone as well: nothing then forbids the purge
            arrived(work);
          },
          [this, work](const caf::error& error) { not_answered(work, "application", error); });
}

void Carrier::list_owner(const WorkPtr& work, std::string_view token) {
  ask(setup_.storage, work,
      source::storage::list_of_party(work->organisation, party_of(work->record_id), token),
      http::Operation::list, "instances",
      [this](const WorkPtr& with, const Answered& answered) { on_owner_listed(with, answered); });
}

void Carrier::on_owner_listed(const WorkPtr& work, const Answered& answered) {
  if (answered.verdict.kind != Kind::success) {
    no_answer(work, answered);
    return arrived(work);
  }
  auto page = codec::split_page(parser_,
                                std::make_shared<const codec::Document>(std::move((*answered.answer)->body)));
  if (!page) {
    work->problem = page.error();
    return arrived(work);
  }
  for (const auto& row : page->rows)
    if (same_ignoring_case(row.id, work->record_id))
      return take_instance(work, codec::Document{std::string(row.json.text)}); // the 404 was not true
  if (page->next_query) return list_owner(work, source::storage::token_of(*page->next_query));
  work->anew->again = SecondLook{SecondLook::Why::absence, setup_.now() + setup_.purge_confirm, {}};
  arrived(work);
}

// -- answers ------------------------------------------------------------------------

void Carrier::finish_anew(const WorkPtr& work, Result<mapping::Decision> decision) {
  auto& anew = *work->anew;
  if (!decision) return fail(work, decision.error());
  if (may_be_older_than_its_dialog(*work, *decision)) {
    anew.behind_dialog = true;
    return read_instance(work);
  }
  const auto* existing = anew.existing ? &*anew.existing : nullptr;
  const auto* application = work->application.application.get();
  const bool chooses_ids = application != nullptr && application->switches().enable_user_supplied_dialog_id;
  if (anew.instance && existing != nullptr && !chooses_ids && is_another_records(*existing, work->record_id))
    return fail(work, Problem{"dialog.id", "is taken by a dialog of another record", {}});
  if (anew.again) { // gone, and not confirmed yet
    decision->calls.clear();
    decision->outcome = Outcome::deferred;
    decision->reason = "The form seems to be gone, which is to be confirmed";
  } else if (decision->outcome == Outcome::deferred) {
    anew.again = second_look(*decision);
  } else if (decision->retry_at) {
    anew.again = SecondLook{SecondLook::Why::receipts, *decision->retry_at, {}};
  }
  MappedAnew mapped;
  mapped.decision = std::make_shared<mapping::Decision>(std::move(*decision));
  mapped.again = anew.again;
  mapped.last_changed = work->last_changed;
  mapped.organisation = work->organisation;
  mapped.record_id = work->record_id;
  mapped.seen = anew.seen;
  anew.promise.deliver(std::move(mapped));
}

void Carrier::fail_anew(const WorkPtr& work, Uploaded failed) {
  MappedAnew mapped;
  mapped.problem = std::move(failed.problem);
  mapped.held = std::move(failed.held);
  mapped.http_status = failed.http_status;
  mapped.attempts = failed.attempts;
  mapped.record_id = work->record_id;
  mapped.last_changed = work->last_changed;
  mapped.organisation = work->organisation;
  work->anew->promise.deliver(std::move(mapped));
}

} // namespace dialogferry::engine
