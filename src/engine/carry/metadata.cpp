#include <dialogferry/engine/carry/deferral.hpp>
#include <dialogferry/engine/carry/lookups.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

constexpr std::array<std::string_view, 3> languages = {"nb", "nn", "en"};
constexpr std::size_t most_applications = 10'000;

std::shared_ptr<const http::Request> part_request(const std::string& app_id, std::size_t part) {
  return std::make_shared<const http::Request>(
      part == 0 ? source::storage::application(app_id) : source::storage::texts(app_id, languages[part - 1]));
}

bool is_app_id(std::string_view text) {
  const auto slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         text.find('/', slash + 1) == std::string_view::npos &&
         text.find_first_of("?#% ") == std::string_view::npos;
}

} // namespace

Metadata::Metadata(caf::actor_config& config, gate_actor storage,
                   std::shared_ptr<const mapping::Mapper> mapper, std::function<Moment()> clock)
    : actor_base(config)
    , storage_(std::move(storage))
    , mapper_(std::move(mapper))
    , clock_(std::move(clock))
    , known_(most_applications, lookup_age) {}

Metadata::behavior_type Metadata::make_behavior() {
  return {[this](FindApplication& find) -> caf::result<FoundApplication> {
    if (const auto* known = known_.find(find.app_id, clock_())) return *known;
    if (!is_app_id(find.app_id))
      return FoundApplication{nullptr, {"instance.appId", "is not of the form org/app", {}}, {}};
    auto promise = make_response_promise<FoundApplication>();
    auto& fetch = under_way_[find.app_id];
    const bool first = fetch == nullptr;
    if (first) fetch = std::make_shared<Fetch>();
    fetch->waiting.push_back(promise);
    if (first) {
      fetch->app_id = find.app_id;
      this->fetch(fetch, std::min(find.priority, Priority::history)); // others may come to wait for it too
    }
    return promise;
  }};
}

void Metadata::on_exit() {
  for (auto& [app_id, fetch] : std::exchange(under_way_, {}))
    for (auto& promise : fetch->waiting)
      promise.deliver(ended_unanswered());
  storage_ = nullptr;
}

void Metadata::fetch(const std::shared_ptr<Fetch>& fetch, Priority priority) {
  for (std::size_t part = 0; part < fetch->bodies.size(); ++part) {
    Call call{part_request(fetch->app_id, part), http::Operation::read, priority, Patience::record};
    request(storage_, caf::infinite, std::move(call))
        .then([this, fetch, part](const Answered& answered) { on_answer(fetch, part, answered); },
              [this, fetch](const caf::error& error) {
                fetch->problem = Problem{
                    "application", "the engine's gate did not answer: " + home_system().render(error), {}};
                fetch->held = held_inside();
                if (--fetch->missing == 0) finish(*fetch);
              });
  }
}

void Metadata::on_answer(const std::shared_ptr<Fetch>& fetch, std::size_t part, const Answered& answered) {
  const auto& answer = *answered.answer;
  if (answered.verdict.kind == http::Verdict::Kind::success) {
    fetch->bodies[part].emplace(std::move((*answered.answer)->body));
  } else if (!answer || answer->status != 404) {
    fetch->problem = answered.verdict.problem;
    fetch->held = held_by(answered);
  }
  if (--fetch->missing == 0) finish(*fetch);
}

void Metadata::finish(Fetch& fetch) {
  auto found = fetch.problem ? FoundApplication{nullptr, *fetch.problem, fetch.held} : prepare(fetch);
  if (!fetch.problem) known_.put(fetch.app_id, found, clock_());
  for (auto& promise : fetch.waiting)
    promise.deliver(found);
  under_way_.erase(std::string(fetch.app_id));
}

FoundApplication Metadata::prepare(Fetch& fetch) {
  if (!fetch.bodies[0])
    return {nullptr, {"application", "Storage has no application " + fetch.app_id, {}}, {}};
  std::vector<codec::Document> texts;
  for (std::size_t part = 1; part < fetch.bodies.size(); ++part)
    if (fetch.bodies[part]) texts.push_back(std::move(*fetch.bodies[part]));
  auto prepared = mapper_->prepare(parser_, std::move(*fetch.bodies[0]), std::move(texts));
  if (!prepared) return {nullptr, prepared.error(), {}};
  return {std::move(*prepared), {}, {}};
}

} // namespace dialogferry::engine
