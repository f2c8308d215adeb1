#include "../clocks.hpp"
#include "../limit/apis.hpp"
#include "../plans.hpp"
#include "../rows.hpp"
#include "company.hpp"
#include "keep.hpp"

#include <dialogferry/engine/carry/carrier.hpp>
#include <dialogferry/engine/carry/file_carrier.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/engine/carry/migrator.hpp>
#include <dialogferry/engine/carry/publisher.hpp>
#include <dialogferry/engine/carry/uploader.hpp>
#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/engine/ledger_writer.hpp>
#include <dialogferry/engine/roster.hpp>
#include <dialogferry/engine/verify/verify.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/ledger/one_rate.hpp>
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
  bool is_of_messages() const { return !kind_of(task_.row)->is_by_owner(); }
  Result<void> find_organisations();
  void spawn_carriers();
  Result<void> spawn_hops();
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
  std::vector<uploader_actor> first_hop_; ///< of messages, for repairs
  std::vector<uploader_actor> second_hop_;
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
  first_hop_.clear();
  second_hop_.clear();
  roster_.wait_until_gone(closing);
}

Result<void> Crew::begin() {
  auto rates = ledger::one_rate_of(config_.ledger.url);
  if (!rates) return tl::unexpected(rates.error());
  auto apis = Apis::create(config_, apis_of(config_, {task_.row}), pool_, system_,
                           std::make_shared<metrics::Registry>(), std::move(*rates));
  if (!apis) return tl::unexpected(apis.error());
  apis_ = std::move(*apis);
  for (const auto& [name, gate] : apis_->gates())
    roster_.add("gate of " + name, gate);
  if (const auto& exchange = apis_->exchange()) roster_.add("rate exchange", exchange);
  if (auto found = find_organisations(); !found) return found;
  if (!is_of_messages()) spawn_carriers();
  if (is_of_messages() && task_.repair)
    if (auto spawned = spawn_hops(); !spawned) return spawned;
  spawn_company();
  return {};
}

Result<void> Crew::find_organisations() {
  if (is_of_messages()) { // the archive lists those of all together
    organisations_ = {std::string(all_owners)};
    return {};
  }
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
  const auto people = std::make_shared<PeopleBook>(lookup_age);
  registry_ =
      keep("register", register_actor(system_.spawn<Registry>(apis_->gate("register"), people, steady)));
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
  carrier.people = people;
  carrier.uploaders = uploaders_;
  carrier.mapper = mapper_;
  carrier.now = system_now;
  carrier.clock = steady;
  carrier.purge_confirm = config_.mapping.purge_confirm;
  carrier.retry_for = config_.engine.retry_for;
  for (std::size_t i = 0; i < pool_.threads(); ++i)
    carriers_.push_back(keep("carrier", carrier_actor(system_.spawn<Carrier>(carrier))));
}

/// Both hops of messages. What they note of attachments goes into the ledger by a connection of their own.
Result<void> Crew::spawn_hops() {
  auto ledger =
      ledger::open(config_.ledger.url, name_of(config_.environment), ledger::OpenMode::tool, system_now());
  if (!ledger) return tl::unexpected(ledger.error());
  LedgerWriterSetup notes;
  notes.ledger = std::move(*ledger);
  notes.now = system_now;
  FileCarrierSetup files;
  files.archive = apis_->gate("a2_archive");
  files.correspondence = apis_->gate("correspondence");
  files.ledger = keep("ledger writer", spawn_ledger_writer(system_, std::move(notes)));
  PublisherSetup publisher;
  publisher.correspondence = apis_->gate("correspondence");
  publisher.dialogporten = apis_->gate("dialogporten");
  publisher.archive = apis_->gate("a2_archive");
  publisher.registry = apis_->gate("register");
  publisher.mapping = std::make_shared<const mapping::Settings>(mapping::settings_of(config_.mapping));
  publisher.now = system_now;
  MigratorSetup migrator;
  migrator.archive = apis_->gate("a2_archive");
  migrator.correspondence = apis_->gate("correspondence");
  migrator.files = keep("file carrier", file_carrier_actor(system_.spawn<FileCarrier>(std::move(files))));
  migrator.mapping = publisher.mapping;
  migrator.live_from = live_messages_from(config_);
  migrator.now = system_now;
  first_hop_.push_back(keep("migrator", migrator_actor(system_.spawn<Migrator>(migrator))));
  migrator.publisher = keep("publisher", publisher_actor(system_.spawn<Publisher>(publisher)));
  second_hop_.push_back(keep("migrator", migrator_actor(system_.spawn<Migrator>(migrator))));
  return {};
}

void Crew::spawn_company() {
  Neighbours neighbours;
  neighbours.archive = apis_->gate("a2_archive");
  neighbours.correspondence = apis_->gate("correspondence");
  neighbours.people = apis_->gate("register");
  neighbours.first_hop = first_hop_;
  neighbours.second_hop = second_hop_;
  neighbours.mapping = std::make_shared<const mapping::Settings>(mapping::settings_of(config_.mapping));
  neighbours.live_from = live_messages_from(config_);
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
  if (kind == nullptr || !can_be_compared(*kind))
    return fail("--row", task.row + " has no days that can be compared",
                "compare a row of app instances or archived forms, or a2-correspondence-historic");
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
      if (auto noted = keep(**ledger, verified->verification); !noted) return noted;
    const bool goes_on = each(
        {std::move(verified->verification), std::move(verified->not_searched), std::move(verified->problem)});
    if (!goes_on) break;
  }
  return {};
}

} // namespace dialogferry::engine::verify
