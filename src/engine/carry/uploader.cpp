#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/log.hpp>

namespace dialogferry::engine {

Uploader::Uploader(caf::actor_config& config, UploaderSetup setup)
    : actor_base(config)
    , Resident(setup.home)
    , setup_(std::move(setup))
    , recent_(setup_.remembered) {}

Uploader::behavior_type Uploader::make_behavior() {
  set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](TryAgain now) {
        const auto paused = paused_.extract(now.call);
        if (!paused.empty()) ask_carrier(paused.mapped());
      },
      [this](Upload& upload) -> caf::result<Uploaded> {
        const auto promise = make_response_promise<Uploaded>();
        take(std::move(upload), {promise});
        return promise;
      },
      [this](Uploads& uploads) { on_uploads(uploads); },
      [this](const Answers& answers) { on_answers(answers); },
      [this](SendOut) {
        calls_.send_out(*this);
        done_.send_out(*this);
      },
  };
}

void Uploader::on_exit() {
  setup_ = {};
  lanes_ = {};
  paused_.clear();
  calls_.clear();
  done_.clear();
}

void Uploader::take(Upload upload, ReplyTo<Uploaded> reply) {
  const auto lane = upload.lane;
  auto work = std::make_shared<Work>(Work{UploadSteps(std::move(upload)), std::move(reply)});
  if (const auto begun = lanes_.enter(lane, std::move(work))) begin(*begun);
}

void Uploader::on_uploads(Uploads& uploads) {
  const auto asker = current_sender();
  for (auto& [number, upload] : uploads.items)
    take(std::move(upload), {{}, asker, number});
}

void Uploader::begin(const WorkPtr& work) {
  const auto& upload = work->steps.upload();
  if (upload.decision && recent_.may_be_after(upload.lane, upload.listed)) work->steps.map_first();
  go_on(work);
}

void Uploader::go_on(const WorkPtr& work) {
  switch (work->steps.next()) {
  case UploadSteps::Next::map: return map(work);
  case UploadSteps::Next::store_id: return send_call(work, setup_.storage, "storage");
  case UploadSteps::Next::call: return send_call(work, setup_.dialogporten, "dialogporten");
  }
}

void Uploader::map(const WorkPtr& work) {
  const auto pause = work->steps.pause(setup_.random ? setup_.random() : 1);
  if (pause.count() == 0) return ask_carrier(work);
  paused_.emplace(next_paused_, work);
  delayed_send(this, pause, TryAgain{next_paused_++});
}

void Uploader::ask_carrier(const WorkPtr& work) {
  const auto& upload = work->steps.upload();
  recent_.note(upload.lane, setup_.clock());
  request(upload.carrier, caf::infinite, work->steps.question())
      .then([this, work](const MappedAnew& mapped) { after(work, work->steps.on_mapped(mapped)); },
            [this, work](const caf::error& error) {
              MappedAnew none;
              none.problem = {
                  "record", "was not read again inside the engine: " + home_system().render(error), {}};
              none.held = held_inside();
              after(work, work->steps.on_mapped(none));
            });
}

void Uploader::send_call(const WorkPtr& work, const gate_actor& gate, const char* api) {
  Call call{work->steps.request(), work->steps.operation(), work->steps.upload().priority, Patience::record,
            work->steps.upload().trail};
  calls_.ask(*this, gate, std::move(call), {work, api});
}

void Uploader::on_answers(const Answers& answers) {
  for (const auto& [number, answered] : answers.items)
    if (const auto sent = calls_.take(number)) after(sent->work, sent->work->steps.on_answer(answered));
}

void Uploader::on_down(const caf::down_msg& down) {
  for (const auto& [work, api] : calls_.take_lost(down.source.id())) {
    Uploaded uploaded;
    uploaded.problem = {api, "the engine's gate did not answer: " + home_system().render(down.reason), {}};
    uploaded.held = held_inside();
    after(work, std::move(uploaded));
  }
}

void Uploader::after(const WorkPtr& work, std::optional<Uploaded> uploaded) {
  if (!uploaded) return go_on(work);
  log_debug("written", work->steps.upload().trail, [&](LogLine& line) {
    line.field("outcome", name_of(uploaded->outcome)).field("attempt", std::to_string(uploaded->attempts));
  });
  work->reply.give(*this, done_, std::move(*uploaded));
  if (const auto next = lanes_.leave(work->steps.upload().lane)) begin(*next);
}

const uploader_actor& uploader_of(const std::vector<uploader_actor>& uploaders, const Uuid& lane) {
  return uploaders[turn_of(lane, uploaders.size())];
}

} // namespace dialogferry::engine
