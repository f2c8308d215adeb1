#include <dialogferry/codec/bundle.hpp>
#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/mapping/bundle.hpp>

#include <charconv>

namespace dialogferry::mapping {

namespace {

/// The bodies of a bundle, decoded, as the mapper takes them.
struct Decoded {
  std::optional<codec::Instance> instance;
  std::optional<codec::Events> events;
  std::shared_ptr<const PreparedApplication> application;
  std::optional<codec::StoredDialog> existing;
  std::vector<KnownUser> users;
};

/// Decodes a body that may be absent. False, with the problem, where it cannot be read.
template <class T>
bool decode(const std::optional<codec::Document>& body, Result<T> (*read)(codec::Parser&, codec::JsonView),
            codec::Parser& parser, std::optional<T>& out, Problem& problem) {
  if (!body) return true;
  auto value = read(parser, body->view());
  if (!value) {
    problem = std::move(value).error();
    return false;
  }
  out = std::move(*value);
  return true;
}

std::vector<KnownUser> known_users(const codec::Bundle& bundle) {
  std::vector<KnownUser> users;
  for (const auto& [id, urn] : bundle.users) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error == std::errc{} && end == id.data() + id.size()) users.push_back({number, urn});
  }
  return users;
}

std::optional<std::string_view> owner_urn(const codec::Bundle& bundle, const Decoded& decoded) {
  if (!decoded.instance) return std::nullopt;
  for (const auto& [id, urn] : bundle.parties)
    if (id == decoded.instance->owner_party_id) return urn;
  return std::nullopt;
}

Result<Decision> decide(codec::Parser& parser, codec::Bundle& bundle, const Mapper& mapper) {
  Decoded decoded;
  Problem problem;
  const bool read = decode(bundle.instance, codec::read_instance, parser, decoded.instance, problem) &&
                    decode(bundle.events, codec::read_events, parser, decoded.events, problem) &&
                    decode(bundle.existing, codec::read_dialog, parser, decoded.existing, problem);
  if (!read) return tl::unexpected(std::move(problem));
  if (bundle.application) {
    auto application = mapper.prepare(parser, std::move(*bundle.application), std::move(bundle.texts));
    if (!application) return tl::unexpected(std::move(application).error());
    decoded.application = std::move(*application);
  }
  decoded.users = known_users(bundle);
  return mapper.decide({.instance = decoded.instance ? &*decoded.instance : nullptr,
                        .events = decoded.events ? &*decoded.events : nullptr,
                        .application = decoded.application.get(),
                        .party_urn = owner_urn(bundle, decoded),
                        .users = decoded.users,
                        .existing = decoded.existing ? &*decoded.existing : nullptr,
                        .is_migration = bundle.is_migration,
                        .now = bundle.now});
}

Result<codec::Bundle> open_bundle(codec::Parser& parser, std::string_view bundle_json) {
  const codec::Document document{std::string(bundle_json)};
  auto bundle = codec::read_bundle(parser, document.view());
  if (bundle && bundle->kind != "instance") return fail("bundle.kind", "must be instance");
  return bundle;
}

void write_calls(codec::JsonWriter& json, const Decision& decision) {
  json.name(R"("calls":[)");
  for (const auto call : decision.calls) {
    json.comma();
    json.plain(name_of(call));
  }
  json.close(']');
}

void write_saved_times(codec::JsonWriter& json, const std::vector<FormSavedTime>& times) {
  json.name(R"("formSavedTimes":[)");
  for (const auto& [activity, at] : times) {
    json.name(R"({"activityId":)");
    json.uuid(activity);
    json.name(R"("createdAt":)");
    json.instant(at);
    json.close('}');
  }
  json.close(']');
}

std::string write_decision(const Decision& decision) {
  codec::JsonWriter json(decision.body.size() + 512);
  json.open('{');
  json.name(R"("action":)");
  json.plain(name_of(decision.action));
  write_calls(json, decision);
  if (!decision.calls.empty()) {
    json.name(R"("silent":)");
    json.flag(decision.silent);
  }
  json.name(R"("reason":)");
  json.text(decision.reason);
  if (!decision.body.empty()) {
    json.name(R"("dialog":)");
    json.raw(decision.body);
  }
  if (!decision.form_saved_times.empty()) write_saved_times(json, decision.form_saved_times);
  json.member(R"("retry_at":)", decision.retry_at);
  if (decision.activities_left_out > 0) {
    json.name(R"("activities_left_out":)");
    json.number(decision.activities_left_out);
  }
  json.close('}');
  return std::move(json).take();
}

std::string write_problem(const Problem& problem) {
  codec::JsonWriter json(256);
  json.name(R"({"action":"error","calls":[],"problem":{"member":)");
  json.text(problem.member);
  json.name(R"("message":)");
  json.text(problem.message);
  json.close('}');
  json.close('}');
  return std::move(json).take();
}

} // namespace

Result<Decision> decide_bundle(std::string_view bundle_json, const Mapper& mapper) {
  codec::Parser parser;
  auto bundle = open_bundle(parser, bundle_json);
  if (!bundle) return tl::unexpected(std::move(bundle).error());
  return decide(parser, *bundle, mapper);
}

Result<BundleAnswer> map_bundle(std::string_view bundle_json, const Mapper& mapper) {
  codec::Parser parser;
  auto bundle = open_bundle(parser, bundle_json);
  if (!bundle) return tl::unexpected(std::move(bundle).error());
  const auto decision = decide(parser, *bundle, mapper);
  if (!decision) return BundleAnswer{write_problem(decision.error()), true};
  return BundleAnswer{write_decision(*decision), false};
}

} // namespace dialogferry::mapping
