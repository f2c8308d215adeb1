#include "correspondence/service.hpp"

#include "correspondence/api/desk.hpp"
#include "dialogporten/model/text.hpp"

#include <unordered_set>

namespace altinn_sim::correspondence {

namespace {

struct Route {
  std::string_view path;
  Response (*answer)(Desk&, const Request&);
  bool has_json = true;
};

constexpr Route routes[] = {
    {"/migration/attachment", upload, false},
    {"/migration/correspondence", migrate},
    {"/migration/makemigratedcorrespondenceavailable", make_available},
    {"/migration/correspondence/syncStatusEvent", sync_statuses},
    {"/migration/correspondence/syncForwardingEvent", sync_forwards},
    {"/migration/correspondence/syncNotificationEvent", sync_notifications},
};

Response bare(int status) {
  Response response;
  response.status = status;
  return response;
}

bool is_json(std::string_view content_type) {
  const auto type =
      dialogporten::lower(dialogporten::trimmed(content_type.substr(0, content_type.find(';'))));
  return type == "application/json" || type == "text/json" ||
         (type.starts_with("application/") && type.ends_with("+json"));
}

/// The id in "/correspondence/{id}", and whether "/details" follows it.
std::optional<std::pair<std::string_view, bool>> shown_in(std::string_view path) {
  constexpr std::string_view base = "/correspondence/";
  constexpr std::string_view details = "/details";
  if (!path.starts_with(base)) return std::nullopt;
  path.remove_prefix(base.size());
  const bool is_detailed = path.ends_with(details);
  if (is_detailed) path.remove_suffix(details.size());
  return std::pair(path, is_detailed);
}

/// Tells of jobs that came by the last step.
class Watched : public Work {
public:
  Watched(Desk& desk, std::shared_ptr<Work> work)
      : desk_(desk)
      , work_(std::move(work)) {}

  std::optional<std::chrono::microseconds> next(Response& answer) override {
    const auto rest = work_->next(answer);
    if (desk_.around.jobs_came) desk_.around.jobs_came();
    return rest;
  }

private:
  Desk& desk_;
  std::shared_ptr<Work> work_;
};

} // namespace

Service::Service(Surroundings surroundings, std::uint64_t seed, Behaviour behaviour)
    : desk_(std::make_unique<Desk>(std::move(surroundings), seed)) {
  set_behaviour(behaviour);
}

Service::~Service() = default;

Response Service::handle(const Request& request) {
  auto path = request.path;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/correspondence" && request.method == Method::get) return list(*desk_, request);
  if (const auto id = shown_in(path)) return overview(*desk_, request, id->first, id->second);
  for (const auto& route : routes) {
    if (!dialogporten::same_name(route.path, path)) continue;
    if (request.method != Method::post) return bare(405);
    if (request.token_expired) return bare(401);
    if (route.has_json && !is_json(request.content_type)) return bare(415);
    auto response = route.answer(*desk_, request);
    if (response.work) response.work = std::make_shared<Watched>(*desk_, std::move(response.work));
    return response;
  }
  return bare(404);
}

Uuid Service::send(const NewCorrespondence& wanted) {
  const auto id = send_correspondence(*desk_, wanted);
  if (desk_->around.jobs_came) desk_->around.jobs_came();
  return id;
}

bool Service::happen(const Uuid& id, const StatusEvent& event) {
  const bool is_there = correspondence::happen(*desk_, id, event);
  if (desk_->around.jobs_came) desk_->around.jobs_came();
  return is_there;
}

bool Service::forget_dialog(const Uuid& id) {
  const std::lock_guard lock(desk_->mutex);
  auto* record = desk_->store.find(id);
  if (record == nullptr || !record->dialog()) return false;
  std::erase_if(record->references, [](const auto& each) { return each.type == reference::dialog; });
  record->is_migrating = true;
  return true;
}

std::optional<Moment> Service::run_jobs(Moment until) {
  const std::lock_guard lock(desk_->mutex);
  return desk_->jobs.run(until);
}

void Service::set_behaviour(const Behaviour& behaviour) {
  const std::lock_guard lock(desk_->mutex);
  desk_->behaviour = behaviour;
  desk_->jobs.settings = behaviour.jobs;
}

Behaviour Service::behaviour() const {
  const std::lock_guard lock(desk_->mutex);
  return desk_->behaviour;
}

void Service::for_each(const std::function<void(const Record&)>& visit) const {
  const std::lock_guard lock(desk_->mutex);
  for (const auto& [id, record] : desk_->store.records)
    visit(record);
}

void Service::for_each_attachment(const std::function<void(const Attachment&, bool is_named)>& visit) const {
  const std::lock_guard lock(desk_->mutex);
  std::unordered_set<Uuid, UuidHash> named;
  for (const auto& [id, record] : desk_->store.records)
    named.insert(record.attachments.begin(), record.attachments.end());
  for (const auto& [id, attachment] : desk_->store.attachments)
    visit(attachment, named.contains(id));
}

std::optional<Record> Service::find(const Uuid& id) const {
  const std::lock_guard lock(desk_->mutex);
  const auto* record = desk_->store.find(id);
  return record ? std::optional(*record) : std::nullopt;
}

std::optional<Record> Service::find_altinn2(std::int64_t id) const {
  const std::lock_guard lock(desk_->mutex);
  const auto found = desk_->store.by_altinn2.find(id);
  if (found == desk_->store.by_altinn2.end()) return std::nullopt;
  return desk_->store.records.at(found->second);
}

Service::Figures Service::figures() const {
  Figures figures;
  for_each_attachment([&](const Attachment& attachment, bool is_named) {
    ++figures.attachments;
    figures.orphaned_attachments += is_named ? 0 : 1;
    figures.doubled_uploads += attachment.doubled_uploads;
  });
  const std::lock_guard lock(desk_->mutex);
  figures.open_jobs = desk_->jobs.open();
  figures.retried_jobs = desk_->jobs.retried();
  figures.failed_jobs = desk_->jobs.given_up();
  return figures;
}

std::map<std::string, std::uint64_t> Service::published_events() const {
  const std::lock_guard lock(desk_->mutex);
  return desk_->events;
}

void finish(Response& response, const std::function<void(std::chrono::microseconds)>& rest) {
  const auto work = std::move(response.work);
  response.work = nullptr;
  while (work) {
    const auto time = work->next(response);
    if (!time) return;
    rest(*time);
  }
}

} // namespace altinn_sim::correspondence
