#pragma once

#include <dialogferry/codec/instance_head.hpp>
#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/engine/verify/judge.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine::verify {

/// What an examiner works with.
struct ExaminerSetup {
  gate_actor storage;
  gate_actor dialogporten;
  metadata_actor metadata;
  register_actor registry;
  std::vector<carrier_actor> carriers; ///< at least one
  std::vector<uploader_actor> uploaders;
  std::shared_ptr<const mapping::Mapper> mapper;
  std::function<Instant()> now;
  std::function<Moment()> clock;
  bool is_migration = true;
  Priority priority = Priority::history;
  std::chrono::milliseconds purge_confirm{60'000}; ///< between the two confirmations that a record is gone
};

/// Looks at single records: the record as it is now, its dialog as it is now, and what carrying it would do.
/// One that changes meanwhile is looked at again before anything is called a difference. A repair is the way
/// of any record: in its lane, by whoever carries; a dialog that no update can put right is purged there
/// before it is made anew under its own id.
class Examiner : public actor_base<examiner_actor> {
public:
  Examiner(caf::actor_config& config, ExaminerSetup setup);
  const char* name() const override { return "examiner"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    Examine question;
    caf::typed_response_promise<Examined> promise;
    std::string record_id;
    std::uint32_t readings = 0;
    bool is_mended = false; ///< looked at again after the repair
    MappedAnew mapped;
    std::optional<codec::Document> instance_body;
    codec::Arena texts;
    std::optional<codec::InstanceHead> instance; ///< nothing: the source has it no more
    std::optional<codec::Document> dialog_body;
    Evidence evidence;
    Uuid own = {};                               ///< the dialog that the record has or must have
    std::optional<codec::DialogHead> other;      ///< the suspect's own, where that is not the record's
    std::vector<ledger::Difference> differences; ///< found at the first look
    std::size_t next = 0;                        ///< of these, to be repaired
  };
  using WorkPtr = std::shared_ptr<Work>;

  // -- looking ----------------------------------------------------------------------
  void look(const WorkPtr& work);
  void on_mapped(const WorkPtr& work, MappedAnew& mapped);
  void read_instance(const WorkPtr& work);
  void on_instance(const WorkPtr& work, const Answered& answered);
  void find_application(const WorkPtr& work);
  void find_owner(const WorkPtr& work);
  void read_dialog(const WorkPtr& work);
  void on_dialog(const WorkPtr& work, const Answered& answered);
  void read_other(const WorkPtr& work);
  void conclude(const WorkPtr& work);
  std::vector<ledger::Difference> differences_of(const Work& work) const;

  // -- repairing --------------------------------------------------------------------
  void repair_next(const WorkPtr& work);
  void purge(const WorkPtr& work, const Uuid& dialog, bool then_carry);
  void carry(const WorkPtr& work, bool absence_confirmed);
  template <class Then>
  void upload(const WorkPtr& work, std::shared_ptr<mapping::Decision> decision, bool absence_confirmed,
              Then then);

  void give_up(const WorkPtr& work, Problem problem);
  template <class Then>
  void ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
           Then then);

  ExaminerSetup setup_;
  codec::Parser parser_;
  std::unordered_map<std::uint64_t, WorkPtr> paused_; ///< a purge waits for its second confirmation
  std::uint64_t next_paused_ = 0;
  std::size_t turn_ = 0; ///< whose turn it is among the carriers
};

} // namespace dialogferry::engine::verify
