#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/lookups.hpp>

#include <algorithm>

using namespace dialogferry;
using namespace dialogferry::engine;
using namespace dialogferry::engine::test;

namespace {

const std::string application =
    R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},"dataTypes":[{"id":"model","appLogic":{}}]})";

struct MetadataWorld : World {
  std::shared_ptr<Reply<FoundApplication>> find(std::string app = "ttd/form",
                                                Priority priority = Priority::history) {
    return ask<FoundApplication>(metadata, FindApplication{std::move(app), priority});
  }

  /// Answers every open request for `target`.
  void reply(const std::string& target, const http::Answer& with) {
    for (std::size_t i = 0; i < storage->asked.size(); ++i)
      if (storage->open.contains(i) && storage->asked[i].request->target == target)
        answer(storage, i, answered(http::Operation::read, with));
  }

  void reply_all(const http::Answer& application_answer, const http::Answer& texts = response(404)) {
    reply("/storage/api/v1/applications/ttd/form", application_answer);
    for (const std::string language : {"nb", "nn", "en"})
      reply("/storage/api/v1/applications/ttd/form/texts/" + language, texts);
  }

  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  metadata_actor metadata =
      spawn<Metadata>(stand_in_of<gate_actor>(storage), std::make_shared<const mapping::Mapper>(), clock());
};

} // namespace

TEST_CASE("An application costs four requests, whoever asks for it how often", "[engine][metadata][M-62]") {
  MetadataWorld world;
  std::vector<std::shared_ptr<Reply<FoundApplication>>> replies;
  for (int i = 0; i < 10; ++i)
    replies.push_back(world.find("ttd/form", i == 0 ? Priority::live : Priority::history));
  std::vector<std::string> targets;
  for (const auto& call : world.storage->asked) {
    targets.push_back(call.request->target);
    CHECK(call.priority == Priority::live);
  }
  std::sort(targets.begin(), targets.end());
  CHECK(targets == std::vector<std::string>{"/storage/api/v1/applications/ttd/form",
                                            "/storage/api/v1/applications/ttd/form/texts/en",
                                            "/storage/api/v1/applications/ttd/form/texts/nb",
                                            "/storage/api/v1/applications/ttd/form/texts/nn"});
  world.reply_all(response(200, application));
  for (const auto& reply : replies)
    CHECK(reply->value().application);
  CHECK(world.find()->value().application == replies[0]->value().application);
  CHECK(world.storage->asked.size() == 4);
}

TEST_CASE("Two applications are fetched side by side", "[engine][metadata]") {
  MetadataWorld world;
  const auto first = world.find();
  const auto second = world.find("ttd/other");
  CHECK(world.storage->asked.size() == 8);
  world.reply_all(response(200, application));
  CHECK(first->value().application);
  CHECK_FALSE(second->there());
}

TEST_CASE("Texts that an application does not have are left out", "[engine][metadata][M-62]") {
  MetadataWorld world;
  const auto reply = world.find();
  world.reply("/storage/api/v1/applications/ttd/form/texts/nb",
              response(200, R"({"language":"nb","resources":[{"id":"appName","value":"Navn"}]})"));
  CHECK_FALSE(reply->there());
  world.reply_all(response(200, application));
  CHECK(reply->value().application);
  CHECK(reply->value().problem.message.empty());
}

TEST_CASE("An application that Storage does not have is a problem", "[engine][metadata]") {
  MetadataWorld world;
  const auto reply = world.find();
  world.reply_all(response(404));
  CHECK_FALSE(reply->value().application);
  CHECK(reply->value().problem.member == "application");
}

TEST_CASE("An application that cannot be read is a problem", "[engine][metadata]") {
  MetadataWorld world;
  const auto reply = world.find();
  world.reply_all(response(200, R"({"id":7})"));
  CHECK_FALSE(reply->value().application);
  CHECK_FALSE(reply->value().problem.message.empty());
}

TEST_CASE("An application whose texts could not be had is a problem, and is asked for again the next time",
          "[engine][metadata]") {
  MetadataWorld world;
  const auto first = world.find();
  const auto second = world.find();
  world.reply_all(response(200, application), response(500, R"({"title":"Broken"})"));
  for (const auto& reply : {first, second}) {
    CHECK_FALSE(reply->value().application);
    CHECK(reply->value().problem.message == "status 500, Broken");
  }
  const auto third = world.find();
  CHECK(world.storage->asked.size() == 8);
  world.reply_all(response(200, application));
  CHECK(third->value().application);
}

TEST_CASE("An application is kept five minutes and at most ten", "[engine][metadata][M-36]") {
  MetadataWorld world;
  world.advance(60s);
  world.find();
  world.reply_all(response(200, application));
  world.advance(lookup_age - 1s);
  CHECK(world.find()->there());
  world.advance(lookup_age + 2s);
  CHECK_FALSE(world.find()->there());
  CHECK(world.storage->asked.size() == 8);
}

TEST_CASE("What is no application's name is not asked for", "[engine][metadata]") {
  const auto name = GENERATE("", "ttd", "ttd/", "/form", "ttd/form/x", "ttd/fo rm", "ttd/form?x", "ttd/%2e");
  MetadataWorld world;
  const auto reply = world.find(name);
  CHECK(reply->value().problem.member == "instance.appId");
  CHECK(world.storage->asked.empty());
}
