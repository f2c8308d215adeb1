#include "../clocks.hpp"
#include "../limit/apis.hpp"
#include "../plans.hpp"
#include "../rows.hpp"
#include "company.hpp"

#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/engine/roster.hpp>
#include <dialogferry/engine/verify/verify.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/mapping/from_config.hpp>
#include <dialogferry/metrics/registry.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

constexpr std::chrono::seconds closing{5};

std::size_t threads_of(const Config& config) {
  return config.engine.threads > 0 ? config.engine.threads
                                   : std::max(1U, std::thread::hardware_concurrency());
}

/// Everybody that comparing takes, on threads of their own, and nobody else.
class Crew {
public:
  Crew(const Config& config, const VerifyTask& task)
      : config_(config)
      , task_(task)
      , pool_(threads_of(config), http::IoPool::Threads::lent)
      , system_config_(pool_)
      , system_(system_config_) {}

  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  Result<void> begin();
  Result<DayVerified> verify(Day day);

private:
  template <class Handle>
  Handle keep(std::string kind, Handle actor) {
    roster_.add(std::move(kind), actor);
    actors_.push_back(caf::actor_cast<caf::actor>(actor));
    return actor;
  }
  Result<void> find_organisations();
  void spawn_carriers();
  void spawn_company();

  const Config& config_;
  const VerifyTask& task_;
  Roster roster_{[this](const Problem&) { // whoever waits for an answer of the one that failed is let go
    if (company_.verifier) caf::anon_send_exit(company_.verifier, caf::exit_reason::user_shutdown);
  }};
  http::IoPool pool_;
  IoScheduledConfig system_config_;
  caf::actor_system system_;
  std::unique_ptr<Apis> apis_;
  std::vector<std::string> organisations_;
  std::shared_ptr<const mapping::Mapper> mapper_;
  metadata_actor metadata_;
  register_actor registry_;
  std::vector<uploader_actor> uploaders_;
  std::vector<carrier_actor> carriers_;
  Company company_;
  std::vector<caf::actor> actors_; ///< whom the company asks, in the order of their spawning
};

Crew::~Crew() {
  roster_.close();
  if (company_.verifier) caf::anon_send_exit(company_.verifier, caf::exit_reason::user_shutdown);
  for (const auto& examiner : company_.examiners)
    caf::anon_send_exit(examiner, caf::exit_reason::user_shutdown);
  company_ = {};
  for (auto actor = actors_.rbegin(); actor != actors_.rend(); ++actor)
    caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
  actors_.clear();
  if (apis_) apis_->close();
  pool_.close();
  metadata_ = nullptr;
  registry_ = nullptr;
  uploaders_.clear();
  carriers_.clear();
  roster_.wait_until_gone(closing);
}

Result<void> Crew::begin() {
  auto apis = Apis::create(config_, apis_of(config_, {task_.row}), pool_, system_,
                           std::make_shared<metrics::Registry>());
  if (!apis) return tl::unexpected(apis.error());
  apis_ = std::move(*apis);
  for (const auto& [name, gate] : apis_->gates())
    roster_.add("gate of " + name, gate);
  if (auto found = find_organisations(); !found) return found;
  spawn_carriers();
  spawn_company();
  return {};
}

Result<void> Crew::find_organisations() {
  AskedOwners owners(system_, apis_->gate("storage"));
  OwnersSetup later; // of names that nobody could look up; a list of theirs is empty then
  auto names = owners.of(task_.row, config_.rows.at(task_.row).organisations, later);
  if (!names) return tl::unexpected(names.error());
  organisations_ = std::move(*names);
  return {};
}

void Crew::spawn_carriers() {
  mapper_ = std::make_shared<const mapping::Mapper>(mapping::settings_of(config_.mapping), task_.wording);
  metadata_ =
      keep("metadata", metadata_actor(system_.spawn<Metadata>(apis_->gate("storage"), mapper_, steady)));
  registry_ = keep("register", register_actor(system_.spawn<Registry>(apis_->gate("register"), steady)));
  UploaderSetup uploader;
  uploader.storage = apis_->gate("storage");
  uploader.dialogporten = apis_->gate("dialogporten");
  uploader.clock = steady;
  uploaders_.push_back(keep("uploader", uploader_actor(system_.spawn<Uploader>(uploader))));
  CarrierSetup carrier;
  carrier.storage = apis_->gate("storage");
  carrier.dialogporten = apis_->gate("dialogporten");
  carrier.metadata = metadata_;
  carrier.registry = registry_;
  carrier.uploaders = uploaders_;
  carrier.mapper = mapper_;
  carrier.now = system_now;
  carrier.clock = steady;
  carrier.purge_confirm = config_.mapping.purge_confirm;
  carrier.retry_for = config_.engine.retry_for;
  for (std::size_t i = 0; i < pool_.threads(); ++i)
    carriers_.push_back(keep("carrier", carrier_actor(system_.spawn<Carrier>(carrier))));
}

void Crew::spawn_company() {
  Neighbours neighbours;
  neighbours.storage = apis_->gate("storage");
  neighbours.dialogporten = apis_->gate("dialogporten");
  neighbours.metadata = metadata_;
  neighbours.registry = registry_;
  neighbours.carriers = carriers_;
  neighbours.uploaders = uploaders_;
  neighbours.mapper = mapper_;
  neighbours.bodies = apis_->bodies();
  Manner manner;
  manner.row = kind_of(task_.row);
  manner.repair = task_.repair;
  manner.sample = task_.sample;
  manner.purge_confirm = config_.mapping.purge_confirm;
  manner.examiners = pool_.threads();
  company_ = verify::spawn_company(system_, roster_, neighbours, manner);
}

Result<DayVerified> Crew::verify(Day day) {
  Result<DayVerified> result = tl::unexpected(Problem{});
  caf::scoped_actor self(system_);
  self->request(company_.verifier, caf::infinite, VerifyDay{day, organisations_})
      .receive([&](DayVerified& verified) { result = std::move(verified); },
               [&](const caf::error& error) {
                 result = tl::unexpected(Problem{"engine",
                                                 "comparing ended unexpectedly: " + system_.render(error),
                                                 "please report this"});
               });
  return result;
}

Result<void> check_row(const Config& config, const VerifyTask& task) {
  const auto* kind = kind_of(task.row);
  if (kind == nullptr || !kind->is_by_owner())
    return fail("--row", task.row + " has no days that can be compared",
                "compare a row of app instances or archived forms");
  if (config.rows.find(task.row) == config.rows.end() || !config.rows.at(task.row).enabled)
    return fail("--row", task.row + " is off", "add [rows." + task.row + "]");
  return {};
}

} // namespace

Result<void> verify(const Config& config, const VerifyTask& task,
                    const std::function<bool(const ComparedDay&)>& each) {
  if (auto row = check_row(config, task); !row) return row;
  auto ledger =
      ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::tool, system_now());
  if (!ledger) return tl::unexpected(ledger.error());
  Crew crew(config, task);
  if (auto begun = crew.begin(); !begun) return begun;
  for (auto day = task.to; day >= task.from; day = day.previous()) {
    auto verified = crew.verify(day);
    if (!verified) return tl::unexpected(verified.error());
    if (!verified->problem)
      if (auto noted = (*ledger)->note_verification(verified->verification); !noted) return noted;
    const bool goes_on = each(
        {std::move(verified->verification), std::move(verified->not_searched), std::move(verified->problem)});
    if (!goes_on) break;
  }
  return {};
}

} // namespace dialogferry::engine::verify
