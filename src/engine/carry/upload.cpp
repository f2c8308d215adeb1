#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/upload.hpp>
#include <dialogferry/http/masking.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace dp = target::dialogporten;

namespace {

constexpr std::size_t excerpt_size = 2048;
constexpr std::size_t longest_identity = 64; ///< a number that the end cuts must be seen whole to be masked

std::string excerpt_of(std::string_view body) {
  auto masked = http::mask_identities(body.substr(0, excerpt_size + longest_identity));
  if (masked.size() > excerpt_size) masked.resize(excerpt_size);
  return masked;
}

bool ends_a_dialog(mapping::Call call) {
  return call == mapping::Call::remove || call == mapping::Call::purge;
}

} // namespace

UploadSteps::UploadSteps(Upload upload)
    : upload_(std::move(upload)) {
  if (upload_.decision) begin_decision();
}

void UploadSteps::begin_decision() {
  const auto& decision = *upload_.decision;
  step_ = 0;
  saved_ = 0;
  storing_ = decision.write_back && !decision.calls.empty();
  revision_ = decision.revision ? to_string(*decision.revision) : std::string();
}

UploadSteps::Next UploadSteps::next() const {
  if (!upload_.decision) return Next::map;
  return storing_ ? Next::store_id : Next::call;
}

MapAnew UploadSteps::question() const {
  return {upload_.record_id,
          upload_.is_migration,
          upload_.absence_confirmed,
          upload_.priority,
          readings_ == 0 ? upload_.unless_events : std::nullopt,
          upload_.trail};
}

std::chrono::milliseconds UploadSteps::pause(double random01) const {
  constexpr std::chrono::milliseconds first{500};
  constexpr std::chrono::milliseconds last{10'000};
  if (readings_ == 0) return std::chrono::milliseconds{0};
  return http::next_delay(readings_, first, last, std::nullopt, random01);
}

std::shared_ptr<const http::Request> UploadSteps::request() {
  if (!request_) request_ = std::make_shared<const http::Request>(make_request());
  return request_;
}

http::Request UploadSteps::make_request() {
  auto& decision = *upload_.decision;
  const auto& dialog = decision.dialog_id;
  if (storing_) return source::storage::store_dialog_id(upload_.record_id, dialog);
  switch (call()) {
  case mapping::Call::create: return dp::create(std::move(decision.body), decision.silent);
  case mapping::Call::update: return dp::update(dialog, std::move(decision.body), decision.silent, revision_);
  case mapping::Call::remove: return dp::remove(dialog, decision.silent, revision_);
  case mapping::Call::purge: return dp::purge(dialog, decision.silent, revision_);
  case mapping::Call::restore: return dp::restore(dialog, decision.silent, revision_);
  case mapping::Call::form_saved_time: break;
  }
  const auto& saved = decision.form_saved_times[saved_];
  return dp::update_form_saved_time(dialog, saved.activity_id, saved.created_at, revision_);
}

http::Operation UploadSteps::operation() const {
  if (storing_) return http::Operation::write;
  switch (call()) {
  case mapping::Call::create: return http::Operation::create;
  case mapping::Call::remove: return http::Operation::remove;
  case mapping::Call::purge: return http::Operation::purge;
  case mapping::Call::restore: return http::Operation::restore;
  case mapping::Call::update: return http::Operation::update;
  case mapping::Call::form_saved_time: break;
  }
  return http::Operation::write;
}

// -- answers --------------------------------------------------------------------

std::optional<Uploaded> UploadSteps::on_answer(const Answered& answered) {
  attempts_ += answered.attempts;
  request_.reset();
  if (!storing_) return on_call_answered(answered);
  if (answered.verdict.kind == http::Verdict::Kind::success) {
    storing_ = false;
    return std::nullopt;
  }
  // Storage answers 500 where the instance is gone (storage.md 2.1): reading it again tells.
  if (std::exchange(stored_in_vain_, true)) return failed(answered);
  map_first();
  return std::nullopt;
}

std::optional<Uploaded> UploadSteps::on_call_answered(const Answered& answered) {
  switch (answered.verdict.kind) {
  case http::Verdict::Kind::success:
    created_ = created_ || call() == mapping::Call::create;
    restored_ = restored_ || call() == mapping::Call::restore;
    revision_ = (*answered.answer)->etag;
    return next_call();
  case http::Verdict::Kind::gone: return ends_a_dialog(call()) ? next_call() : read_again(answered);
  case http::Verdict::Kind::unknown:
    may_be_created_ = may_be_created_ || call() == mapping::Call::create;
    return read_again(answered);
  case http::Verdict::Kind::exists:
  case http::Verdict::Kind::conflict: return read_again(answered);
  default: return failed(answered);
  }
}

std::optional<Uploaded> UploadSteps::next_call() {
  if (call() == mapping::Call::form_saved_time) ++saved_;
  if (++step_ < upload_.decision->calls.size()) return std::nullopt;
  return done();
}

std::optional<Uploaded> UploadSteps::read_again(const Answered& answered) {
  if (readings_ < most_readings) {
    map_first();
    return std::nullopt;
  }
  auto uploaded = failed(answered);
  uploaded.problem.message =
      "could not be written, however often it was read again: " + uploaded.problem.message;
  return uploaded;
}

std::optional<Uploaded> UploadSteps::on_mapped(const MappedAnew& mapped) {
  ++readings_;
  again_ = mapped.again;
  last_changed_ = mapped.last_changed;
  organisation_ = mapped.organisation;
  seen_ = mapped.seen;
  nothing_new_ = mapped.nothing_new;
  if (!mapped.record_id.empty())
    upload_.record_id = mapped.record_id; // an event may name another party (OE-6)
  if (!mapped.decision) {
    attempts_ += mapped.attempts;
    auto uploaded = failed(mapped.problem);
    uploaded.http_status = mapped.http_status;
    uploaded.held = mapped.held;
    return uploaded;
  }
  upload_.decision = mapped.decision;
  begin_decision();
  if (mapped.decision->revision) created_ = created_ || may_be_created_;
  if (mapped.decision->calls.empty()) return done();
  return std::nullopt;
}

// -- results --------------------------------------------------------------------

Uploaded UploadSteps::done() const {
  Uploaded uploaded;
  uploaded.outcome = upload_.decision->outcome;
  if (uploaded.outcome == Outcome::updated || uploaded.outcome == Outcome::unchanged) {
    if (restored_) uploaded.outcome = Outcome::restored;
    if (created_) uploaded.outcome = Outcome::created;
  }
  uploaded.attempts = std::max(1U, attempts_);
  uploaded.again = again_;
  tell_what_was_read(uploaded);
  return uploaded;
}

void UploadSteps::tell_what_was_read(Uploaded& uploaded) const {
  uploaded.last_changed = last_changed_;
  uploaded.organisation = organisation_;
  uploaded.seen = seen_;
  uploaded.nothing_new = nothing_new_;
  if (readings_ > 0) uploaded.record_id = upload_.record_id;
}

Uploaded UploadSteps::failed(const Answered& answered) const {
  auto uploaded = failed(answered.verdict.problem);
  uploaded.held = held_by(answered);
  if (const auto& answer = *answered.answer) {
    uploaded.http_status = answer->status;
    uploaded.body = excerpt_of(answer->body);
  }
  return uploaded;
}

Uploaded UploadSteps::failed(Problem problem) const {
  Uploaded uploaded;
  uploaded.problem = std::move(problem);
  uploaded.attempts = std::max(1U, attempts_);
  tell_what_was_read(uploaded);
  return uploaded;
}

} // namespace dialogferry::engine
