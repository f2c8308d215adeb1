#include <dialogferry/engine/uploader.hpp>

namespace dialogferry::engine {

Uploader::Uploader(caf::actor_config& config, gate_actor dialogporten)
    : uploader_actor::base(config)
    , dialogporten_(std::move(dialogporten)) {}

Uploader::behavior_type Uploader::make_behavior() {
  return {[this](Upload& upload) -> caf::result<Uploaded> {
    auto promise = make_response_promise<Uploaded>();
    const auto dialog = upload.decision->dialog_id;
    auto work = std::make_shared<Work>(Work{UploadSteps(std::move(upload)), promise});
    if (const auto begun = lanes_.enter(dialog, std::move(work))) send_next(*begun);
    return promise;
  }};
}

void Uploader::send_next(const std::shared_ptr<Work>& work) {
  Call call{work->steps.request(), work->steps.operation(), work->steps.priority(), Patience::record};
  request(dialogporten_, caf::infinite, std::move(call))
      .then(
          [this, work](Answered& answered) {
            if (auto uploaded = work->steps.on_answer(answered))
              finish(work, std::move(*uploaded));
            else
              send_next(work);
          },
          [this, work](const caf::error& error) {
            Uploaded uploaded;
            uploaded.problem = {
                "dialogporten", "the engine's gate did not answer: " + home_system().render(error), {}};
            finish(work, std::move(uploaded));
          });
}

void Uploader::finish(const std::shared_ptr<Work>& work, Uploaded uploaded) {
  work->promise.deliver(std::move(uploaded));
  if (const auto next = lanes_.leave(work->steps.dialog())) send_next(*next);
}

const uploader_actor& uploader_of(const std::vector<uploader_actor>& uploaders, const Uuid& dialog) {
  return uploaders[std::hash<Uuid>{}(dialog) % uploaders.size()];
}

} // namespace dialogferry::engine
