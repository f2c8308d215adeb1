#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/engine/verify/message_judge.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine::verify {

/// What an examiner of messages works with.
struct MessageExaminerSetup {
  gate_actor archive;
  gate_actor correspondence;
  gate_actor dialogporten;
  gate_actor registry;                   ///< null: where the mapping needs people, content is not compared
  std::vector<uploader_actor> first_hop; ///< for repairs, with `second_hop`: by the lane of a message
  std::vector<uploader_actor> second_hop;
  std::shared_ptr<const mapping::Settings> mapping;
  std::optional<Instant> live_from; ///< as MigratorSetup
  std::function<Instant()> now;
  Priority priority = Priority::history;
};

/// Looks at single messages: in the archive, in Correspondence, in Dialogporten, as they are now. A repair
/// carries a message that Correspondence does not show through both hops; a dialog that is missing, or that
/// no update can put right, is made anew as the second hop would have made it, for Correspondence makes none
/// for a message that names one (correspondence.md 1.5).
class MessageExaminer : public actor_base<examiner_actor> {
public:
  MessageExaminer(caf::actor_config& config, MessageExaminerSetup setup);
  const char* name() const override { return "message examiner"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    Examine question;
    caf::typed_response_promise<Examined> promise;
    codec::Document body;
    std::optional<codec::Correspondence> record;
    std::optional<Uuid> id;  ///< in Altinn 3
    std::vector<Uuid> files; ///< what Correspondence calls its attachments
    std::vector<codec::Person> people;
    std::optional<mapping::correspondence::Decision> decision; ///< how its dialog would be made
    codec::Document expected_body;
    std::optional<codec::Document> stored_body;
    codec::Arena texts;
    MessageEvidence evidence;
    std::optional<ledger::Difference> difference; ///< found at the first look
  };
  using WorkPtr = std::shared_ptr<Work>;

  // -- looking ----------------------------------------------------------------------
  void look(const WorkPtr& work);
  void on_message(const WorkPtr& work, const Answered& answered);
  void find(const WorkPtr& work);
  void read_details(const WorkPtr& work);
  void find_people(const WorkPtr& work);
  void foresee(const WorkPtr& work);
  void tell_why(const WorkPtr& work, const Result<mapping::correspondence::Decision>& decision);
  void read_dialog(const WorkPtr& work);
  void conclude(const WorkPtr& work);

  // -- repairing --------------------------------------------------------------------
  void repair(const WorkPtr& work);
  void carry(const WorkPtr& work, const std::vector<uploader_actor>& hop, bool is_last);
  void make_anew(const WorkPtr& work);
  void create(const WorkPtr& work);

  void nothing(const WorkPtr& work);
  void give_up(const WorkPtr& work, Problem problem);
  template <class Then>
  void ask(const WorkPtr& work, const gate_actor& gate, http::Request what, http::Operation operation,
           Then then);

  MessageExaminerSetup setup_;
  codec::Parser parser_;
};

} // namespace dialogferry::engine::verify
