#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/engine/carry/lanes.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/settings.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace dialogferry::engine {

/// What an ensurer works with.
struct EnsurerSetup {
  gate_actor correspondence;
  gate_actor dialogporten;
  gate_actor registry;
  std::shared_ptr<const mapping::Settings> mapping;
  std::function<Instant()> now;
};

/// Sees that a message of Altinn 3 has its dialog: mostly it is there, made by Correspondence itself; where
/// it is missing it is made, and what its dialog does not tell yet is told (correspondence.md 3, 3.8). One
/// message is under way at a time in its lane.
class Ensurer : public actor_base<uploader_actor> {
public:
  Ensurer(caf::actor_config& config, EnsurerSetup setup);
  const char* name() const override { return "ensurer"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    Upload upload;
    caf::typed_response_promise<Uploaded> promise;
    codec::Document body;
    std::optional<codec::Correspondence> record;
    std::vector<codec::Person> people;
    codec::Document dialog_body;
    std::optional<codec::StoredDialog> existing;
    std::optional<mapping::correspondence::Decision> decision;
    std::size_t next_call = 0;
    std::uint32_t readings = 0;
  };
  using WorkPtr = std::shared_ptr<Work>;

  void begin(const WorkPtr& work);
  void find_people(const WorkPtr& work);
  void find_dialog(const WorkPtr& work);
  void decide(const WorkPtr& work);
  void create(const WorkPtr& work);
  void next_call(const WorkPtr& work);
  void finish(const WorkPtr& work, Uploaded done);

  template <class Then>
  void ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
           Then then);

  EnsurerSetup setup_;
  codec::Parser parser_;
  Lanes<WorkPtr> lanes_;
  std::vector<WorkPtr> under_way_;
};

} // namespace dialogferry::engine
