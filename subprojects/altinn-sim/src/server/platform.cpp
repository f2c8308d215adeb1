#include "platform.hpp"

#include "dialogporten/service.hpp"
#include "problem.hpp"
#include "storage/register.hpp"
#include "storage/storage.hpp"
#include "stored_dialogs.hpp"

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
  return world;
}

} // namespace

struct Platform::Services {
  explicit Services(const Options& options)
      : world(world_options(options))
      , storage(world)
      , lookup(world)
      , dialogporten({dialogporten::resource_by_name,
                      [this](std::string_view actor) { return world.actor_name(actor); }},
                     options.seed)
      , stored(dialogporten) {
    if (!options.fixtures.empty()) world.add_fixtures(options.fixtures);
  }

  Response stored_dialog(std::string_view id) const {
    auto uuid = dialogporten::parse_uuid(id);
    auto dialog = uuid ? dialogporten.dialog(*uuid) : std::nullopt;
    if (!dialog) return problem_answer(404, "Not found", "No dialog of this id is stored.");
    Response response;
    response.body = std::move(*dialog);
    return response;
  }

  Response audit(const Request& request) const {
    storage::AuditRange range;
    if (auto problem = storage::read_audit_range(request, range)) {
      return problem_answer(400, "Bad request", *problem);
    }
    Response response;
    response.body = storage::audit(world, stored, range);
    return response;
  }

  storage::World world;
  storage::Storage storage;
  storage::Register lookup;
  dialogporten::Service dialogporten;
  DialogportenDialogs stored;
};

Platform::Platform(const Options& options)
    : services_(std::make_unique<Services>(options)) {}

Platform::~Platform() = default;

void Platform::attach_to(Simulator& simulator) {
  auto* services = services_.get();
  simulator.serve(Api::storage, [=](const Request& request) { return services->storage.handle(request); });
  simulator.serve(Api::register_, [=](const Request& request) { return services->lookup.handle(request); });
  simulator.serve(Api::dialogporten,
                  [=](const Request& request) { return services->dialogporten.handle(request); });
  simulator.control("POST /validate",
                    [](const Request& request) { return dialogporten::validate_only(request); });
  simulator.control("GET /audit", [=](const Request& request) { return services->audit(request); });
  simulator.control("GET /dialogs/", [=](const Request& request) {
    constexpr std::string_view base = "/dialogs/";
    return services->stored_dialog(request.path.substr(base.size()));
  });
}

} // namespace altinn_sim
