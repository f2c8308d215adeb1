#include "company.hpp"

#include "../clocks.hpp"

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
  setup.purge_confirm = manner.purge_confirm;
  std::vector<examiner_actor> examiners;
  for (std::size_t i = 0; i < manner.examiners; ++i)
    roster.add("examiner", examiners.emplace_back(system.spawn<Examiner>(setup)));
  return examiners;
}

std::shared_ptr<const WindowSetup> windows_of(const Neighbours& neighbours, const Manner& manner) {
  const auto& stage = manner.row->stages.front();
  auto windows = std::make_shared<WindowSetup>();
  windows->pages = {stage.pages, neighbours.storage};
  windows->dialogporten = neighbours.dialogporten;
  windows->metadata = neighbours.metadata;
  windows->registry = neighbours.registry;
  windows->mapper = neighbours.mapper;
  windows->parties = std::make_shared<PartyBook>();
  windows->bodies = neighbours.bodies;
  windows->now = system_now;
  windows->archived_forms = stage.pages == &source::storage::archived_forms;
  return windows;
}

} // namespace

Company spawn_company(caf::actor_system& system, Roster& roster, const Neighbours& neighbours,
                      const Manner& manner) {
  Company company;
  company.examiners = spawn_examiners(system, roster, neighbours, manner);
  VerifierSetup setup;
  setup.row = manner.row->id;
  setup.dialogporten = neighbours.dialogporten;
  setup.may_search = manner.row->is_migration;
  setup.repair = manner.repair;
  setup.sample = manner.sample;
  setup.windows = manner.windows;
  setup.looks = manner.looks;
  setup.examiners = company.examiners;
  setup.now = system_now;
  setup.spawn_window = [&system, &roster, shared = windows_of(neighbours, manner)](
                           Window window, const verifier_actor& parent) -> window_actor {
    auto child = system.spawn<DayWindow>(std::move(window), shared, parent);
    roster.add("day window", child, Roster::Role::supervised);
    return child;
  };
  company.verifier = system.spawn<Verifier>(std::move(setup));
  roster.add("verifier", company.verifier);
  return company;
}

} // namespace dialogferry::engine::verify
