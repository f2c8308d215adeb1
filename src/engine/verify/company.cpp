#include "company.hpp"

#include "../clocks.hpp"

#include <dialogferry/engine/verify/message_examiner.hpp>
#include <dialogferry/engine/verify/message_window.hpp>

namespace dialogferry::engine::verify {

namespace {

std::vector<examiner_actor> spawn_examiners(caf::actor_system& system, Roster& roster,
                                            const Neighbours& neighbours, const Manner& manner) {
  ExaminerSetup setup;
  setup.storage = neighbours.storage;
  setup.dialogporten = neighbours.dialogporten;
  setup.metadata = neighbours.metadata;
  setup.registry = neighbours.registry;
  setup.carriers = neighbours.carriers;
  setup.uploaders = neighbours.uploaders;
  setup.mapper = neighbours.mapper;
  setup.now = system_now;
  setup.clock = steady;
  setup.is_migration = manner.row->is_migration;
  setup.priority = manner.priority;
  setup.purge_confirm = manner.purge_confirm;
  std::vector<examiner_actor> examiners;
  for (std::size_t i = 0; i < manner.examiners; ++i)
    roster.add("examiner", examiners.emplace_back(system.spawn<Examiner>(setup)));
  return examiners;
}

bool is_of_messages(const RowKind& row) {
  return row.stages.front().carrier == CarrierKind::migration;
}

std::vector<examiner_actor> spawn_message_examiners(caf::actor_system& system, Roster& roster,
                                                    const Neighbours& neighbours, const Manner& manner) {
  MessageExaminerSetup setup;
  setup.archive = neighbours.archive;
  setup.correspondence = neighbours.correspondence;
  setup.dialogporten = neighbours.dialogporten;
  setup.registry = neighbours.people;
  setup.first_hop = neighbours.first_hop;
  setup.second_hop = neighbours.second_hop;
  setup.mapping = neighbours.mapping;
  setup.live_from = neighbours.live_from;
  setup.now = system_now;
  setup.priority = manner.priority;
  std::vector<examiner_actor> examiners;
  for (std::size_t i = 0; i < manner.examiners; ++i)
    roster.add("examiner", examiners.emplace_back(system.spawn<MessageExaminer>(setup)));
  return examiners;
}

std::shared_ptr<const WindowSetup> windows_of(const Neighbours& neighbours, const Manner& manner) {
  const auto& stage = manner.row->stages.front();
  auto windows = std::make_shared<WindowSetup>();
  windows->pages = {stage.pages, is_of_messages(*manner.row) ? neighbours.archive : neighbours.storage};
  windows->dialogporten = neighbours.dialogporten;
  windows->metadata = neighbours.metadata;
  windows->registry = neighbours.registry;
  windows->mapper = neighbours.mapper;
  windows->parties = std::make_shared<PartyBook>();
  windows->bodies = neighbours.bodies;
  windows->now = system_now;
  windows->priority = manner.priority;
  windows->archived_forms = stage.pages == &source::storage::archived_forms;
  return windows;
}

} // namespace

bool can_be_compared(const RowKind& row) {
  return row.is_by_owner() || is_of_messages(row);
}

Company spawn_company(caf::actor_system& system, Roster& roster, const Neighbours& neighbours,
                      const Manner& manner) {
  Company company;
  const bool messages = is_of_messages(*manner.row);
  company.examiners = messages ? spawn_message_examiners(system, roster, neighbours, manner)
                               : spawn_examiners(system, roster, neighbours, manner);
  VerifierSetup setup;
  setup.row = manner.row->id;
  setup.dialogporten = neighbours.dialogporten;
  setup.priority = manner.priority;
  setup.may_search = manner.row->is_migration && !messages;
  setup.repair = manner.repair;
  setup.sample = manner.sample;
  setup.windows = manner.windows;
  setup.looks = manner.looks;
  setup.examiners = company.examiners;
  setup.now = system_now;
  setup.spawn_window = [&system, &roster, messages, shared = windows_of(neighbours, manner)](
                           Window window, const verifier_actor& parent) -> window_actor {
    auto child = messages ? window_actor(system.spawn<MessageWindow>(std::move(window), shared, parent))
                          : window_actor(system.spawn<DayWindow>(std::move(window), shared, parent));
    roster.add("day window", child, Roster::Role::supervised);
    return child;
  };
  company.verifier = system.spawn<Verifier>(std::move(setup));
  roster.add("verifier", company.verifier);
  return company;
}

} // namespace dialogferry::engine::verify
