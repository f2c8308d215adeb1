#include "golden.hpp"
#include "records.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

TEST_CASE("a bundle that cannot be read is a failure that names the member") {
  const Mapper mapper;
  const auto problem_of = [&](std::string_view text) { return map_bundle(text, mapper).error(); };
  CHECK(problem_of("nonsense").member == "bundle");
  CHECK(problem_of("{}") == Problem{"bundle.now", "is missing", ""});
  CHECK(problem_of(R"({"now":"yesterday"})").member == "bundle.now");
  CHECK(problem_of(R"({"now":"2025-01-01T00:00:00Z","kind":"else"})").member == "bundle.kind");
  CHECK(problem_of(R"({"now":"2025-01-01T00:00:00Z","parties":[]})").member == "bundle.parties");
}

TEST_CASE("a record that cannot be mapped is an answer with a problem") {
  const Mapper mapper;
  auto bundle = archived_form();
  set(bundle, "/instance/created", 17);
  const auto answer = map_bundle(json::serialize(bundle), mapper);
  REQUIRE(answer);
  CHECK(answer->has_problem);
  const auto written = json::parse(answer->json);
  CHECK(written.at("action") == "error");
  CHECK(written.at_pointer("/problem/member") == "instance.created");
  CHECK(written.at_pointer("/problem/message") == "must be a text");
}

TEST_CASE("an answer says what to do, why, and when to look again") {
  const Mapper mapper;
  auto bundle = archived_form();
  set(bundle, "/application/dataTypes/0/enablePdfCreation", true);
  set(bundle, "/now", "2025-06-18T10:01:00Z");
  const auto answer = map_bundle(json::serialize(bundle), mapper);
  REQUIRE(answer);
  CHECK_FALSE(answer->has_problem);
  const auto written = json::parse(answer->json);
  CHECK(written.at("action") == "create");
  CHECK(written.at("calls") == json::array{"create"});
  CHECK(written.at("silent") == false);
  CHECK_FALSE(written.at("reason").as_string().empty());
  CHECK(written.at("retry_at") == "2025-06-18T10:10:00Z");
  CHECK(written.at_pointer("/dialog/id") == "0197823f-91b7-7fff-83bc-131e7988a1bb");
}

TEST_CASE("one mapper serves several threads, each with the same answer") {
  const Mapper mapper;
  const auto bundle = json::serialize(archived_form());
  const auto once = map_bundle(bundle, mapper)->json;
  std::vector<std::future<bool>> threads;
  for (int i = 0; i < 4; ++i)
    threads.push_back(std::async(std::launch::async, [&] {
      for (int j = 0; j < 100; ++j)
        if (map_bundle(bundle, mapper)->json != once) return false;
      return true;
    }));
  for (auto& thread : threads)
    CHECK(thread.get());
}

TEST_CASE("the comparison of recorded cases sees every kind of difference") {
  const auto same = [](const char* expected, const char* actual) {
    return golden::differences(expected, actual).empty();
  };
  CHECK(same(R"({"a":null,"b":[],"c":{}})", "{}"));
  CHECK(same("{}", R"({"a":null,"b":[],"c":{}})"));
  CHECK(same(R"({"t":"2024-01-01T00:00:00.500+00:00"})", R"({"t":"2024-01-01T00:00:00.5Z"})"));
  CHECK(same(R"({"t":{"$slot":"delete label:en"}})", R"({"t":"Delete"})"));
  CHECK(same(R"({"t":"⟦transmission title:en⟧ #1"})", R"({"t":"Submission #1"})"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":2})"));
  CHECK_FALSE(same(R"({"a":1})", "{}"));
  CHECK_FALSE(same("{}", R"({"a":""})"));
  CHECK_FALSE(same(R"({"a":["x","y"]})", R"({"a":["y","x"]})"));
  CHECK_FALSE(same(R"({"a":["x"]})", R"({"a":["x","x"]})"));
  CHECK_FALSE(same(R"({"t":"2024-01-01T00:00:00Z"})", R"({"t":"2024-01-01T00:00:00.0000001Z"})"));
  CHECK_FALSE(same(R"({"t":{"$slot":"delete label:en"}})", R"({"t":"Slett"})"));
  CHECK_FALSE(same(R"({"t":{"$slot":"delete label:en"}})", "{}"));
}
