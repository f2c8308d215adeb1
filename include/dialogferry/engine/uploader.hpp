#pragma once

#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/lanes.hpp>
#include <dialogferry/engine/upload.hpp>

#include <memory>
#include <vector>

namespace dialogferry::engine {

/// Writes the dialogs whose ids fall to it, one piece of work a dialog at a time.
class Uploader : public uploader_actor::base {
public:
  Uploader(caf::actor_config& config, gate_actor dialogporten);
  const char* name() const override { return "uploader"; }
  behavior_type make_behavior() override;

private:
  struct Work {
    UploadSteps steps;
    caf::typed_response_promise<Uploaded> promise;
  };

  void send_next(const std::shared_ptr<Work>& work);
  void finish(const std::shared_ptr<Work>& work, Uploaded uploaded);

  gate_actor dialogporten_;
  Lanes<std::shared_ptr<Work>> lanes_;
};

/// The uploader that has the lane of a dialog.
const uploader_actor& uploader_of(const std::vector<uploader_actor>& uploaders, const Uuid& dialog);

} // namespace dialogferry::engine
