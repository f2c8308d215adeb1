#include "golden_compare.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

// The service as the golden cases recorded it: what M1 to M6 answer, the dialogs it makes, its later writes.
namespace altinn_sim::correspondence::testing {

namespace {

std::vector<std::filesystem::path> cases() {
  std::vector<std::filesystem::path> found;
  for (const auto& each :
       std::filesystem::recursive_directory_iterator(std::string(SIM_TESTS_DIR) + "/golden/correspondence"))
    if (each.path().extension() == ".json") found.push_back(each.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string text_of(const json::value& value) {
  return json::value_to<std::string>(value);
}

/// All happens at the moment the case names.
Behaviour at_once() {
  auto behaviour = in_order();
  behaviour.event_time = {};
  return behaviour;
}

/// Operations without the positions in lists, which the dialog's order decides.
json::value without_positions(const json::value& body) {
  if (!body.is_array()) return body;
  auto patch = body.get_array();
  for (auto& each : patch) {
    auto path = text_of(each.at("path"));
    path.erase(path.find_last_not_of("0123456789") + 1);
    each.as_object()["path"] = path;
  }
  return patch;
}

/// A case, the world it happens in.
class Golden {
public:
  explicit Golden(const std::filesystem::path& path)
      : whole(file(path.string()).as_object())
      , bundle(whole.at("bundle").as_object())
      , expected(whole.at("expected").as_object())
      , world(at_once()) {
    world.now = dialogporten::parse_time(text_of(bundle.at("now")))->ticks;
    world.parties.clear();
    for (const auto& [id, urn] : bundle.at("parties").as_object())
      world.parties[id] =
          Party{urn.is_null() ? "" : text_of(urn), named("names", id), named("usernames", id)};
    for (const auto& [name, id] : bundle.at("attachment_ids").as_object())
      world.attachment_ids[name] = dialogporten::parse_uuid(text_of(id)).value();
    if (const auto* id = bundle.if_contains("correspondence_id"); id && !id->is_null())
      world.correspondence_ids[record().at("altinn2CorrespondenceId").to_number<std::int64_t>()] =
          dialogporten::parse_uuid(text_of(*id)).value();
  }

  const json::object& record() const { return bundle.at("correspondence").as_object(); }
  std::string id() const { return text_of(bundle.at("correspondence_id")); }
  bool is_live() const { return !bundle.at("is_migration").as_bool(); }
  const json::object* original() const {
    const auto* found = whole.if_contains("original");
    return found && found->is_object() ? &found->get_object() : nullptr;
  }

  /// The body of M2 as it comes from the archive, nothing put right.
  json::object raw(const json::object& from) const {
    auto body = from;
    const auto attachments = list_in(body, "attachments");
    body.erase("attachments");
    body["IsMigrating"] = true;
    body["makeAvailable"] = is_live();
    json::array ids;
    for (const auto& each : attachments)
      if (const auto* id =
              bundle.at("attachment_ids").as_object().if_contains(text_of(each.at("altinn2AttachmentId"))))
        ids.push_back(*id);
    body.at("correspondenceData").as_object()["existingAttachments"] = ids;
    return body;
  }

  /// M1 for each attachment, by the queries of the case or by what the archive says.
  std::vector<Response> upload() {
    std::vector<Response> answers;
    const auto attachments = list_in(record(), "attachments");
    const auto queries = list_in(expected, "attachments");
    for (std::size_t at = 0; at < attachments.size(); ++at) {
      const auto& attachment = attachments[at].as_object();
      const auto query = at < queries.size() ? queries[at].as_object() : query_of(attachment);
      const auto* sum = query.if_contains("checksum");
      answers.push_back(
          world.upload(query, std::max<std::uint64_t>(attachment.at("size").to_number<std::uint64_t>(), 1),
                       sum ? text_of(*sum) : std::string(32, '0')));
    }
    return answers;
  }

  json::object whole, bundle, expected;
  World world;

private:
  static json::array list_in(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    return found && found->is_array() ? found->get_array() : json::array();
  }

  std::string named(std::string_view list, std::string_view id) const {
    const auto* found = bundle.at(list).as_object().if_contains(id);
    return found && found->is_string() ? text_of(*found) : "";
  }

  json::object query_of(const json::object& attachment) const {
    const auto& data = record().at("correspondenceData").at("correspondence").as_object();
    json::object query{{"resourceId", data.at("resourceId")},
                       {"sender", data.at("sender")},
                       {"sendersReference", data.at("sendersReference")}};
    for (const auto& [name, value] : attachment)
      if (name != "size" && name != "sendersReference" && !value.is_null()) query[name] = value;
    return query;
  }
};

int expected_status(const json::object& answer) {
  return answer.at("status").to_number<int>();
}

/// The answer to M1 or M2 is the one recorded.
void check_answer(const json::object& recorded, const Response& made) {
  CHECK(made.status == expected_status(recorded));
  if (const auto* code = recorded.if_contains("errorCode"))
    CHECK(json::parse(made.body).at("errorCode") == *code);
  if (const auto* members = recorded.if_contains("errors")) {
    const auto errors = json::parse(made.body).at("errors").as_object();
    for (const auto& member : members->as_array())
      CHECK(errors.contains(member.as_string()));
    CHECK(errors.size() == members->as_array().size());
  }
}

} // namespace

TEST_CASE("What the archive's records meet at M1 and M2 is what the service was recorded to answer",
          "[golden][2.1]") {
  int compared = 0;
  for (const auto& path : cases()) {
    Golden golden(path);
    if (golden.original() == nullptr) continue;
    INFO(text_of(golden.whole.at("name")));
    const auto uploaded = golden.upload();
    if (const auto* answers = golden.original()->if_contains("attachments")) {
      for (std::size_t at = 0; at < uploaded.size(); ++at)
        check_answer(answers->at(at).as_object(), uploaded[at]);
      ++compared;
    }
    if (const auto* answer = golden.original()->if_contains("migrate")) {
      check_answer(answer->as_object(), golden.world.post("correspondence", golden.raw(golden.record())));
      ++compared;
    }
  }
  CHECK(compared >= 25);
}

TEST_CASE("The dialogs are those that the service was recorded to make", "[golden][3.3]") {
  int compared = 0;
  for (const auto& path : cases()) {
    Golden golden(path);
    if (golden.expected.if_contains("migrate") == nullptr || !golden.expected.contains("dialog")) continue;
    INFO(text_of(golden.whole.at("name")));
    golden.upload();
    REQUIRE(golden.world.migrate(golden.expected.at("migrate").as_object()) == golden.id());
    json::object entry;
    if (golden.is_live())
      golden.world.let_jobs_end();
    else
      entry = golden.world.publish(golden.id());
    REQUIRE(!golden.world.writes.empty());
    const auto& post = golden.world.writes.front();
    CHECK(post.path == (golden.is_live() ? "" : "?IsSilentUpdate=true"));
    CHECK(Comparison().difference(golden.expected.at("dialog"), post.body) == "");
    const bool refused = golden.expected.contains("publish");
    CHECK((post.status == 201) != refused);
    if (!golden.is_live()) {
      CHECK(entry.at("ok").as_bool());
      CHECK(text_of(entry.at("dialogId")) == (refused ? "" : text_of(golden.expected.at("dialog").at("id"))));
    }
    ++compared;
  }
  CHECK(compared >= 120);
}

TEST_CASE("Records that cannot be published end as they were recorded to", "[golden][1.5]") {
  int compared = 0;
  for (const auto& path : cases()) {
    Golden golden(path);
    const auto* original = golden.original();
    const auto* publish = original ? original->if_contains("publish") : nullptr;
    const bool is_problem = golden.expected.contains("problem") || golden.expected.at("action") == "exclude";
    if (publish == nullptr || !is_problem) continue;
    INFO(text_of(golden.whole.at("name")));
    golden.upload();
    REQUIRE(golden.world.migrate(golden.raw(golden.record())) == golden.id());
    const auto entry = golden.world.publish(golden.id());
    CHECK(entry.at("ok") == publish->at("ok"));
    if (const auto* dialog = publish->as_object().if_contains("dialogId"))
      CHECK(entry.at("dialogId") == *dialog);
    ++compared;
  }
  CHECK(compared >= 7);
}

TEST_CASE("Later events write to dialogs what they were recorded to write", "[golden][3.8]") {
  int compared = 0;
  for (const auto& path : cases()) {
    Golden golden(path);
    const auto* calls = golden.expected.if_contains("calls");
    if (calls == nullptr) continue;
    INFO(text_of(golden.whole.at("name")));
    auto& world = golden.world;
    golden.upload();
    REQUIRE(world.migrate(golden.raw(golden.bundle.at("previous").as_object())) == golden.id());
    REQUIRE(text_of(golden.world.publish(golden.id()).at("dialogId")) != "");
    world.writes.clear();
    for (const auto& call : golden.expected.at("sync").as_array()) {
      const auto name =
          text_of(call.at("path")).substr(std::string_view{"/correspondence/api/v1/migration/"}.size());
      CHECK(world.post(name, call.at("body")).status == 200);
      world.let_jobs_end();
    }
    Comparison comparison;
    REQUIRE(world.writes.size() == calls->as_array().size());
    for (std::size_t at = 0; at < world.writes.size(); ++at) {
      const auto& wanted = calls->as_array()[at].as_object();
      CHECK("/dialogporten/api/v1/serviceowner/dialogs" + world.writes[at].path ==
            text_of(wanted.at("path")));
      CHECK(world.writes[at].method == text_of(wanted.at("method")));
      const auto* body = wanted.if_contains("body");
      CHECK(comparison.difference(body ? without_positions(*body) : json::value(nullptr),
                                  without_positions(world.writes[at].body)) == "");
    }
    std::map<std::string, std::uint64_t> events;
    for (const auto& each : golden.expected.at("events").as_array())
      ++events[text_of(each)];
    CHECK(world.service.published_events() == events);
    ++compared;
  }
  CHECK(compared >= 20);
}

} // namespace altinn_sim::correspondence::testing
