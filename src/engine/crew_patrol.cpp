#include "clocks.hpp"
#include "crew.hpp"
#include "plans.hpp"
#include "verify/company.hpp"
#include "verify/keep.hpp"

#include <dialogferry/mapping/from_config.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace dialogferry::engine {

namespace {

/// Few side by side: what is compared by itself goes behind everything else.
verify::Manner manner_of(const Config& config, const RowKind& row) {
  verify::Manner manner;
  manner.row = &row;
  manner.priority = Priority::last;
  manner.purge_confirm = config.mapping.purge_confirm;
  manner.windows = 2;
  manner.looks = 16;
  return manner;
}

} // namespace

/// Becomes true when this engine is the one for it.
std::shared_ptr<const std::atomic<bool>> Crew::await_duty(const std::string& name) {
  const auto is_on_duty = std::make_shared<std::atomic<bool>>(false);
  setup_.system.spawn([is_on_duty, writer = writer_, name](caf::event_based_actor* self) {
    self->request(writer, caf::infinite, AwaitDuty{name})
        .then([is_on_duty](const Noted&) { *is_on_duty = true; }, [](const caf::error&) {});
  });
  return is_on_duty;
}

/// Historic rows that can be compared; whether they are is a matter of their controls.
Result<void> Crew::begin_patrol() {
  verify::PatrolSetup patrol;
  for (auto& row : rows_) {
    if (row.stages.empty() || !verify::can_be_compared(*row.kind)) continue;
    verify::Neighbours neighbours;
    neighbours.storage = setup_.apis.gate("storage");
    neighbours.dialogporten = setup_.apis.gate("dialogporten");
    neighbours.metadata = metadata_;
    neighbours.registry = registry_;
    neighbours.carriers = carriers_;
    neighbours.uploaders = uploaders_;
    neighbours.mapper = mapper_;
    neighbours.bodies = setup_.apis.bodies();
    neighbours.archive = setup_.apis.gate("a2_archive");
    neighbours.correspondence = setup_.apis.gate("correspondence");
    neighbours.people = setup_.apis.gate("register");
    neighbours.mapping =
        std::make_shared<const mapping::Settings>(mapping::settings_of(setup_.config.mapping));
    neighbours.live_from = live_messages_from(setup_.config);
    row.company =
        verify::spawn_company(setup_.system, setup_.roster, neighbours, manner_of(setup_.config, *row.kind));
    verify::PatrolledRow patrolled{row.id, {}, row.controls, row.company.verifier};
    for (const auto& stage : row.stages)
      patrolled.stages.push_back(stage.plan.stage);
    row.patrol = patrolled.view;
    patrol.rows.push_back(std::move(patrolled));
  }
  if (patrol.rows.empty()) return {};
  auto opened = ledger::open(setup_.config.ledger.url, name_of(setup_.config.environment),
                             ledger::OpenMode::tool, system_now());
  if (!opened) return tl::unexpected(opened.error());
  const std::shared_ptr<ledger::Ledger> ledger = std::move(*opened);
  patrol.read = [ledger, is_on_duty = await_duty("patrol")]() -> Result<ledger::Snapshot> {
    if (!*is_on_duty) return ledger::Snapshot{}; // another engine compares
    return ledger->snapshot();
  };
  patrol.note = [ledger](const ledger::Verification& verification) {
    return verify::keep(*ledger, verification);
  };
  patrol.now = system_now;
  patrol_ = setup_.system.spawn<verify::Patrol, caf::detached>(std::move(patrol));
  setup_.roster.add("patrol", patrol_);
  return {};
}

} // namespace dialogferry::engine
