#include "platform.hpp"

#include "altinn3/audit.hpp"
#include "altinn3/senders.hpp"
#include "archive/audit.hpp"
#include "archive/controls.hpp"
#include "archive/service.hpp"
#include "clock.hpp"
#include "dialogporten/service.hpp"
#include "flaws.hpp"
#include "live/live_controls.hpp"
#include "live/row_controls.hpp"
#include "migration/audit.hpp"
#include "migration/controls.hpp"
#include "migration/job_clock.hpp"
#include "migration/neighbours.hpp"
#include "problem.hpp"
#include "storage/forms_control.hpp"
#include "storage/live_log.hpp"
#include "storage/register.hpp"
#include "storage/storage.hpp"
#include "stored_dialogs.hpp"
#include "token.hpp"

namespace altinn_sim {

namespace {

storage::WorldOptions world_options(const Options& options) {
  storage::WorldOptions world;
  world.seed = options.seed;
  world.first_day = options.first_day;
  world.last_day = options.last_day;
  world.per_day = static_cast<std::int64_t>(options.per_day);
  world.organisations = options.organisations;
  world.poison = options.poison;
  world.forms_per_day = static_cast<std::int64_t>(options.forms_per_day);
  world.forms_days = options.forms_days;
  world.forms_unfinished = options.forms_unfinished;
  world.forms_late = options.forms_late;
  world.born = live::PlatformClock().now();
  world.import_time = options.import_time.count() * storage::microsecond;
  return world;
}

archive::Shape archive_shape(const Options& options) {
  archive::Shape shape;
  shape.seed = options.seed;
  shape.first_day = options.messages_days ? options.messages_days->first : options.first_day;
  shape.last_day = options.messages_days ? options.messages_days->second : options.last_day;
  shape.per_day = static_cast<std::int64_t>(options.messages_per_day);
  shape.attachments = options.messages_attachments;
  shape.unfit = options.messages_unfit;
  shape.born = live::PlatformClock().now();
  return shape;
}

correspondence::Behaviour behaviour(const Options& options) {
  correspondence::Behaviour behaviour;
  if (options.publish_time) behaviour.publish_time = *options.publish_time;
  behaviour.jobs.time = options.job_time;
  return behaviour;
}

/// The dialog that a successful write was about: a creation answers its id, all else has it in the path.
std::optional<storage::Guid> written_dialog(const Request& request, const Response& response) {
  constexpr std::string_view base = "/api/v1/serviceowner/dialogs";
  constexpr std::size_t id_length = 36;
  auto text = std::string_view(response.body);
  auto skipped = std::size_t{1};
  if (request.path.size() > base.size() + 1) {
    text = request.path;
    skipped += base.size();
  }
  return text.size() < skipped ? std::nullopt : storage::parse_guid(text.substr(skipped, id_length));
}

} // namespace

struct Platform::Services {
  explicit Services(const Options& options)
      : world(world_options(options))
      , changes(world)
      , storage(world, &changes)
      , lookup(world)
      , dialogporten({dialogporten::resource_by_name,
                      [this](std::string_view actor) { return world.actor_name(actor); }},
                     options.seed, dialogporten::Behaviour{options.write_time})
      , stored(dialogporten)
      , live_log(world, stored)
      , emitter(world, changes, live_log, clock)
      , correspondence(around_correspondence(), options.seed, behaviour(options))
      , jobs(correspondence)
      , messages(world, archive_shape(options))
      , message_life(messages, clock)
      , senders(world, correspondence, dialogporten) {
    emitter.set_elsewhere(
        [this](const boost::json::value& change) { return senders.obey(change, clock.now()); });
    changes.observe([this](const storage::Record* before, const storage::Record* after, storage::Ticks made) {
      return live_log.changed(before, after, made);
    });
    if (!options.fixtures.empty()) world.add_fixtures(options.fixtures);
  }

  correspondence::Surroundings around_correspondence() {
    auto around = neighbours_of(
        lookup, dialogporten, [this] { return clock.now(); }, [this] { jobs.wake(); });
    around.told = [this](const std::string& name, const correspondence::Record& record) {
      emitter.tell(event_of(name, record, ++told, clock.now()));
    };
    return around;
  }

  /// Who calls Dialogporten: the organisation of the token, where it is one of the platform's.
  dialogporten::Caller caller_of(const Request& request) const {
    dialogporten::Caller caller;
    caller.correspondence = true; // who mends dialogs of messages must have that scope (observed.md OC-1)
    const auto number = consumer_of(request.authorization);
    const auto name = organisation_of(request.authorization);
    for (const auto& owner : world.generator().catalogue().organisations())
      if (name.empty() ? owner.number == number : owner.code == name) caller.org = owner.code;
    return caller;
  }

  Response stored_dialog(std::string_view id) const {
    auto uuid = dialogporten::parse_uuid(id);
    auto dialog = uuid ? dialogporten.dialog(*uuid) : std::nullopt;
    if (!dialog) return problem_answer(404, "Not found", "No dialog of this id is stored.");
    Response response;
    response.body = std::move(*dialog);
    return response;
  }

  /// Adds rows to a body that ends with those there are.
  static void append_rows(const boost::json::array& rows, std::string& body) {
    body.pop_back();
    for (const auto& row : rows)
      body += ',' + boost::json::serialize(row);
    body += ']';
  }

  Response audit(const Request& request) {
    world.imports().catch_up(request.now);
    storage::AuditRange range;
    range.live = &live_log;
    if (auto problem = storage::read_audit_range(request, range)) {
      return problem_answer(400, "Bad request", *problem);
    }
    Response response;
    response.body = storage::audit(world, stored, range);
    response.body.pop_back();
    auto rows = audit_messages(messages, correspondence, dialogporten, range);
    if (auto row = audit_altinn3(correspondence, dialogporten)) rows.push_back(std::move(*row));
    append_rows(rows, response.body);
    response.body += R"(,"correspondence":)" +
                     boost::json::serialize(audit_correspondence(correspondence, dialogporten)) + '}';
    return response;
  }

  Response write_dialogs(const Request& request) {
    auto response = dialogporten.handle(request, caller_of(request));
    if (request.method == Method::get || response.status / 100 != 2) return response;
    if (const auto dialog = written_dialog(request, response))
      live_log.dialog_written(*dialog, steady_us(), clock.now());
    return response;
  }

  storage::World world;
  storage::Changes changes;
  storage::Storage storage;
  storage::Register lookup;
  dialogporten::Service dialogporten;
  DialogportenDialogs stored;
  live::PlatformClock clock;
  storage::LiveLog live_log;
  live::Emitter emitter;
  std::atomic<std::uint64_t> told{0}; ///< events of correspondences
  correspondence::Service correspondence;
  JobClock jobs;
  archive::Archive messages;
  MessageLife message_life;
  Senders senders;
};

Platform::Platform(const Options& options)
    : services_(std::make_unique<Services>(options)) {}

Platform::~Platform() = default;

void Platform::attach_to(Simulator& simulator) {
  auto* services = services_.get();
  simulator.serve(Api::storage, [=](const Request& request) { return services->storage.handle(request); });
  simulator.serve(Api::register_, [=](const Request& request) { return services->lookup.handle(request); });
  simulator.serve(Api::dialogporten,
                  [=](const Request& request) { return services->write_dialogs(request); });
  simulator.serve(Api::correspondence,
                  [=](const Request& request) { return services->correspondence.handle(request); });
  simulator.serve(Api::a2_archive,
                  [=](const Request& request) { return archive::answer(services->messages, request); });
  add_archive_controls(simulator, services->messages, services->message_life);
  add_correspondence_controls(simulator, services->correspondence);
  live::add_live_controls(simulator, services->emitter, services->live_log, services->clock);
  live::add_row_controls(simulator, services->world, services->changes);
  add_plant_control(simulator, services->world, services->dialogporten, services->messages,
                    services->correspondence);
  simulator.control("POST /validate",
                    [](const Request& request) { return dialogporten::validate_only(request); });
  simulator.control("POST /forms",
                    [=](const Request& request) { return storage::control_forms(services->world, request); });
  simulator.control("GET /audit", [=](const Request& request) { return services->audit(request); });
  simulator.control("GET /dialogs/", [=](const Request& request) {
    constexpr std::string_view base = "/dialogs/";
    return services->stored_dialog(request.path.substr(base.size()));
  });
}

} // namespace altinn_sim
