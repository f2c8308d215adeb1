#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/engine/upload.hpp>
#include <dialogferry/http/masking.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>

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

bool bears_label(const codec::StoredDialog& dialog, std::string_view label) {
  return std::find(dialog.service_owner_labels.begin(), dialog.service_owner_labels.end(), label) !=
         dialog.service_owner_labels.end();
}

} // namespace

UploadSteps::UploadSteps(Upload upload)
    : upload_(std::move(upload)) {
  if (upload_.decision->revision) revision_ = to_string(*upload_.decision->revision);
}

std::shared_ptr<const http::Request> UploadSteps::request() const {
  const auto& decision = *upload_.decision;
  const auto make = [&]() -> http::Request {
    if (looking_) return dp::get(dialog());
    switch (call()) {
    case mapping::Call::create: return dp::create(decision.body, decision.silent);
    case mapping::Call::update: return dp::update(dialog(), decision.body, decision.silent, revision_);
    case mapping::Call::remove: return dp::remove(dialog(), decision.silent, revision_);
    case mapping::Call::purge: return dp::purge(dialog(), decision.silent, revision_);
    case mapping::Call::restore: return dp::restore(dialog(), decision.silent, revision_);
    case mapping::Call::form_saved_time: break;
    }
    const auto& saved = decision.form_saved_times[saved_];
    return dp::update_form_saved_time(dialog(), saved.activity_id, saved.created_at, revision_);
  };
  return std::make_shared<const http::Request>(make());
}

http::Operation UploadSteps::operation() const {
  if (looking_) return http::Operation::read;
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

std::optional<Uploaded> UploadSteps::on_answer(const Answered& answered) {
  attempts_ += answered.attempts;
  return looking_ ? on_looked(answered) : on_call_answered(answered);
}

std::optional<Uploaded> UploadSteps::on_call_answered(const Answered& answered) {
  switch (answered.verdict.kind) {
  case http::Verdict::Kind::success: revision_ = (*answered.answer)->etag; return next_call();
  case http::Verdict::Kind::gone: return ends_a_dialog(call()) ? next_call() : failed(answered);
  case http::Verdict::Kind::exists: was_there_ = true; return look();
  case http::Verdict::Kind::conflict: return look();
  default: return failed(answered);
  }
}

std::optional<Uploaded> UploadSteps::look() {
  if (++looks_ > most_looks) return failed("dialog", "changes faster than it can be written");
  looking_ = true;
  return std::nullopt;
}

std::optional<Uploaded> UploadSteps::on_looked(const Answered& answered) {
  looking_ = false;
  if (answered.verdict.kind == http::Verdict::Kind::gone) {
    if (ends_a_dialog(call())) return next_call();
    if (call() == mapping::Call::create && !was_there_) return std::nullopt; // lost the race, left nothing
  }
  if (answered.verdict.kind != http::Verdict::Kind::success) return failed(answered);
  codec::Parser parser;
  const codec::Document document{(*answered.answer)->body};
  const auto dialog = codec::read_dialog(parser, document.view());
  if (!dialog) return failed(dialog.error().member, dialog.error().message);
  if (!bears_label(*dialog, upload_.label))
    return failed("dialog.id", "is taken by a dialog that does not bear this record's label");
  revision_ = to_string(dialog->revision);
  if (call() == mapping::Call::create) {
    const bool removal_follows = step_ + 1 < upload_.decision->calls.size();
    if (removal_follows && dialog->deleted_at) step_ = upload_.decision->calls.size() - 1;
    return next_call();
  }
  if (call() == mapping::Call::remove && dialog->deleted_at) return next_call();
  return std::nullopt;
}

std::optional<Uploaded> UploadSteps::next_call() {
  const auto& decision = *upload_.decision;
  if (step_ < decision.calls.size() && call() == mapping::Call::form_saved_time) ++saved_;
  if (++step_ < decision.calls.size()) return std::nullopt;
  Uploaded uploaded;
  uploaded.outcome =
      was_there_ && decision.outcome == Outcome::created ? Outcome::unchanged : decision.outcome;
  uploaded.attempts = attempts_;
  return uploaded;
}

Uploaded UploadSteps::failed(const Answered& answered) const {
  auto uploaded = failed(answered.verdict.problem.member, answered.verdict.problem.message);
  uploaded.problem.hint = answered.verdict.problem.hint;
  if (const auto& answer = *answered.answer) {
    uploaded.http_status = answer->status;
    uploaded.body = excerpt_of(answer->body);
  }
  return uploaded;
}

Uploaded UploadSteps::failed(std::string member, std::string message) const {
  Uploaded uploaded;
  uploaded.problem = {std::move(member), std::move(message), {}};
  uploaded.attempts = std::max(1U, attempts_);
  return uploaded;
}

} // namespace dialogferry::engine
