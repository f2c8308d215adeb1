#include <dialogferry/codec/migration.hpp>
#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/file_carrier.hpp>
#include <dialogferry/engine/carry/message_files.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/target/correspondence.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

namespace {

using Kind = http::Verdict::Kind;

Problem about(const FileToCarry& file, std::string message) {
  return {"attachments[" + file.source_id + "]", std::move(message), {}};
}

} // namespace

CarryFiles files_of(const codec::Correspondence& record, const mapping::correspondence::Decision& decision) {
  CarryFiles carry;
  carry.day = day_of(record.created->at);
  for (std::size_t i = 0; i < record.attachments.size(); ++i) {
    const auto& file = record.attachments[i];
    carry.files.push_back({std::string(file.altinn2_id.value_or("")), decision.attachments.at(i),
                           static_cast<std::uint64_t>(file.size.value_or(0)),
                           std::string(file.checksum.value_or(""))});
  }
  return carry;
}

FileCarrier::FileCarrier(caf::actor_config& config, FileCarrierSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

FileCarrier::behavior_type FileCarrier::make_behavior() {
  return {
      [this](CarryFiles& files) { return take(files); },
      [this](TryAgain paused) {
        if (const auto found = paused_.extract(paused.call)) next_file(found.mapped());
      },
      [this](const FileWanted& wanted) { download(wanted); },
  };
}

void FileCarrier::on_exit() {
  for (const auto& work : std::exchange(under_way_, {}))
    work->promise.deliver(ended_unanswered());
  transfers_.clear();
  paused_.clear();
  setup_ = {};
}

caf::result<CarriedFiles> FileCarrier::take(CarryFiles& files) {
  auto work = std::make_shared<Work>();
  work->files = std::move(files);
  work->promise = make_response_promise<CarriedFiles>();
  const auto promise = work->promise;
  under_way_.push_back(work);
  FindFiles find;
  for (const auto& file : work->files.files)
    find.source_ids.push_back(file.source_id);
  request(setup_.ledger, caf::infinite, std::move(find))
      .then(
          [this, work](FoundFiles& found) {
            if (found.problem) return give_up(work, {{}, *found.problem, 0, held_inside()});
            work->ids = std::move(found.target_ids);
            next_file(work);
          },
          [this, work](const caf::error& error) { not_answered(work, error); });
  return promise;
}

void FileCarrier::next_file(const WorkPtr& work) {
  const auto next = std::find(work->ids.begin(), work->ids.end(), std::nullopt);
  if (next != work->ids.end()) return begin(work, static_cast<std::size_t>(next - work->ids.begin()));
  CarriedFiles carried;
  for (const auto& id : work->ids)
    carried.ids.push_back(*id);
  std::erase(under_way_, work);
  work->promise.deliver(std::move(carried));
}

// -- one try ----------------------------------------------------------------------------

void FileCarrier::begin(const WorkPtr& work, std::size_t at) {
  const auto number = next_++;
  const auto& file = work->files.files[at];
  ++work->tries;
  auto pipe = std::make_shared<http::Pipe>(
      http::ExpectedBytes{file.size, file.checksum},
      [self = file_carrier_actor{this}, number](std::shared_ptr<http::BodySink> sink) {
        caf::anon_send(self, FileWanted{number, std::move(sink)});
      });
  auto post = target::correspondence::attachment(file.query);
  post.stream = pipe;
  transfers_.emplace(number, Transfer{work, at, std::move(pipe), {}, {}, false});
  Call call{std::make_shared<const http::Request>(std::move(post)), http::Operation::upload,
            work->files.priority, Patience::once, work->files.trail};
  request(setup_.correspondence, caf::infinite, std::move(call))
      .then(
          [this, number](const Answered& answered) {
            const auto found = transfers_.find(number);
            if (found == transfers_.end()) return;
            found->second.upload = answered;
            end_if_over(number);
          },
          [this, work, number](const caf::error& error) {
            transfers_.erase(number);
            not_answered(work, error);
          });
}

void FileCarrier::download(const FileWanted& wanted) {
  const auto number = wanted.transfer;
  const auto found = transfers_.find(number);
  if (found == transfers_.end() || found->second.is_downloading)
    return wanted.sink->fail("it is not wanted any more");
  found->second.is_downloading = true;
  const auto work = found->second.work;
  auto get = source::a2_archive::attachment(work->files.files[found->second.at].source_id);
  get.sink = wanted.sink;
  Call call{std::make_shared<const http::Request>(std::move(get)), http::Operation::read,
            work->files.priority, Patience::once, work->files.trail};
  request(setup_.archive, caf::infinite, std::move(call))
      .then(
          [this, number](const Answered& answered) {
            const auto begun = transfers_.find(number);
            if (begun == transfers_.end()) return;
            begun->second.download = answered;
            end_if_over(number);
          },
          [this, work, number](const caf::error& error) {
            transfers_.erase(number);
            not_answered(work, error);
          });
}

void FileCarrier::end_if_over(std::uint64_t number) {
  const auto found = transfers_.find(number);
  if (!found->second.upload || (found->second.is_downloading && !found->second.download)) return;
  const auto transfer = std::move(found->second);
  transfers_.erase(found);
  if (transfer.upload->verdict.kind != Kind::success) return try_again(transfer);
  const codec::Document body{std::move((*transfer.upload->answer)->body)};
  const auto id = codec::read_attachment_id(parser_, body.view());
  if (!id) return give_up(transfer.work, {{}, id.error()});
  taken(transfer.work, transfer.at, *id);
}

void FileCarrier::taken(const WorkPtr& work, std::size_t at, const Uuid& id) {
  work->ids[at] = id;
  work->tries = 0;
  const auto& files = work->files;
  request(setup_.ledger, caf::infinite, NoteFiles{{{files.files[at].source_id, id, files.day, files.until}}})
      .then(
          [this, work](const Noted& noted) {
            if (noted.problem) return give_up(work, {{}, *noted.problem, 0, held_inside()});
            next_file(work);
          },
          [this, work](const caf::error& error) { not_answered(work, error); });
}

/// What the source has is the record's fault, the rest the moment's, unless Correspondence refuses it for
/// good.
void FileCarrier::try_again(const Transfer& transfer) {
  const auto& work = transfer.work;
  const auto& file = work->files.files[transfer.at];
  const auto fault = transfer.pipe->fault();
  const bool is_of_source = fault == http::Pipe::Fault::source && transfer.download;
  const auto& refused = is_of_source ? *transfer.download : *transfer.upload;
  const auto& verdict = refused.verdict;
  if (is_of_source && verdict.kind == Kind::gone)
    return give_up(work, {{}, about(file, "is not in the archive"), verdict.status});
  const bool is_wrong = fault == http::Pipe::Fault::size || fault == http::Pipe::Fault::digest;
  if (is_wrong && work->tries >= setup_.tries_of_wrong_bytes)
    return give_up(work, {{}, about(file, transfer.pipe->problem()->message)});
  const bool is_for_good = fault == http::Pipe::Fault::none && verdict.kind == Kind::exception;
  if (is_for_good || work->tries >= setup_.tries) {
    auto held = is_for_good ? std::nullopt : std::optional(held_by(refused).value_or(held_inside()));
    return give_up(work, {{}, about(file, verdict.problem.message), verdict.status, std::move(held)});
  }
  paused_.emplace(next_, work);
  delayed_send(this, setup_.first_pause * (1U << (work->tries - 1)), TryAgain{next_++});
}

void FileCarrier::give_up(const WorkPtr& work, CarriedFiles why) {
  std::erase(under_way_, work);
  work->promise.deliver(std::move(why));
}

void FileCarrier::not_answered(const WorkPtr& work, const caf::error& error) {
  if (std::find(under_way_.begin(), under_way_.end(), work) == under_way_.end()) return;
  give_up(work,
          {{},
           Problem{"attachments", "was not answered inside the engine: " + home_system().render(error), {}},
           0,
           held_inside()});
}

} // namespace dialogferry::engine
