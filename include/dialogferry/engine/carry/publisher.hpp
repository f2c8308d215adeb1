#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/asked.hpp>
#include <dialogferry/engine/carry/publish_round.hpp>
#include <dialogferry/mapping/settings.hpp>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// What a publisher works with.
struct PublisherSetup {
  gate_actor correspondence;
  gate_actor dialogporten; ///< asked whether a dialog is there, and to purge one that lost its record
  gate_actor archive;      ///< asked for a record that was refused, to tell why
  gate_actor registry;     ///< likewise for the people in it; null: they are not told of
  std::shared_ptr<const mapping::Settings> mapping;
  std::function<Instant()> now;
  std::shared_ptr<Asked> asked; ///< may be null
  std::chrono::milliseconds ask_again_after{
      250}; ///< an empty answer; doubled for what was refused with an error
};

/// Makes messages available in Dialogporten (M3) and sees that they are. What is not is asked for once more
/// (observed.md OC-2), then looked at: a dialog whose record does not know it, and does not come to know it
/// within some seconds, is purged and made anew (OC-1); where there is none, Dialogporten refused it, and the
/// mapping tells why (correspondence.md 3.10).
class Publisher : public actor_base<publisher_actor> {
public:
  Publisher(caf::actor_config& config, PublisherSetup setup);
  const char* name() const override { return "publisher"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    PublishRound round;
    Priority priority = Priority::history;
    std::optional<Day> day;
    caf::typed_response_promise<Published> promise;
    TrailPtr trail;
    std::vector<Uuid> asked = {}; ///< and not answered yet
  };
  using WorkPtr = std::shared_ptr<Work>;

  void go_on(const WorkPtr& work);
  void ask(const WorkPtr& work);
  void no_longer_asked(Work& work);
  void look(const WorkPtr& work);
  void on_there(Work& work, http::Answer& answer);
  void purge(const WorkPtr& work);
  void find_reason(const WorkPtr& work);
  void find_people(const WorkPtr& work, std::shared_ptr<codec::Document> body);
  void tell_reason(const WorkPtr& work, const codec::Document& record, const Answered* people);

  template <class Then>
  void call(const WorkPtr& work, const gate_actor& gate, http::Request request, http::Operation operation,
            Then then);

  PublisherSetup setup_;
  codec::Parser parser_;
  std::vector<WorkPtr> under_way_;
  std::unordered_map<std::uint64_t, WorkPtr> paused_; ///< asked once more after a pause
  std::uint64_t next_paused_ = 0;
};

} // namespace dialogferry::engine
