#include "outside.hpp"

namespace dialogferry::engine {

namespace {

class Reporter : public actor_base<engine_actor> {
public:
  Reporter(caf::actor_config& config, std::shared_ptr<Outlook> outlook)
      : actor_base(config)
      , outlook_(std::move(outlook)) {}
  const char* name() const override { return "reporter"; }

  behavior_type make_behavior() override {
    return {
        [this](const RowIdle& row) {
          const std::lock_guard lock(outlook_->mutex);
          outlook_->idle.emplace(row.row, row.stage);
          outlook_->changed.notify_all();
        },
        [this](const RowBusy& row) {
          const std::lock_guard lock(outlook_->mutex);
          outlook_->idle.erase({row.row, row.stage});
        },
        [this](const Fatal& fatal) { outlook_->fail(fatal.problem); },
    };
  }

private:
  std::shared_ptr<Outlook> outlook_;
};

template <class Message>
void keep(caf::event_based_actor* self, Message& message) {
  self->request(message.to, caf::infinite, std::move(message.note))
      .then([done = message.done](const Noted& noted) { done(noted.problem); },
            [self, done = message.done](const caf::error& error) {
              done(Problem{"engine", self->home_system().render(error), "send it again"});
            });
}

caf::behavior messenger(caf::event_based_actor* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) { return defect_of(thrown); });
  return {[](const Defect& defect) { throw std::runtime_error(defect.what); },
          [self](Deliver& events) { keep(self, events); },
          [self](KeepSetting& setting) { keep(self, setting); },
          [self](KeepNote& note) { keep(self, note); }};
}

} // namespace

void Outlook::fail(Problem problem) {
  const std::lock_guard lock(mutex);
  if (!failure) failure = std::move(problem);
  changed.notify_all();
}

engine_actor spawn_reporter(caf::actor_system& system, std::shared_ptr<Outlook> outlook) {
  return system.spawn<Reporter>(std::move(outlook));
}

caf::actor spawn_messenger(caf::actor_system& system) {
  return system.spawn(messenger);
}

} // namespace dialogferry::engine
