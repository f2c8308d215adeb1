#include "route.hpp"
#include "target.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;

namespace {

std::string endpoint(Method method, std::string_view path) {
  return endpoint_name(route_of(method, path).endpoint);
}

} // namespace

TEST_CASE("a target is split and decoded once") {
  auto target = split_target("/a%2Fb/c?lastChanged=lt%3A2025&lastChanged=gte:2024&x&=&%zz=1%253b&y=a+b");
  CHECK(target.path == "/a/b/c");
  CHECK(target.query == "lastChanged=lt%3A2025&lastChanged=gte:2024&x&=&%zz=1%253b&y=a+b");
  std::vector<std::pair<std::string, std::string>> expected = {{"lastChanged", "lt:2025"},
                                                               {"lastChanged", "gte:2024"},
                                                               {"x", ""},
                                                               {"", ""},
                                                               {"%zz", "1%3b"},
                                                               {"y", "a b"}};
  CHECK(target.parameters == expected);
  CHECK(percent_decoded("%4", false) == "%4");
  CHECK(percent_decoded("%41%", false) == "A%");
}

TEST_CASE("a request finds its API, the path below it and its endpoint") {
  auto route =
      route_of(Method::get, "/storage/api/v1/instances/50001234/0186df2d-c460-7b53-a39f-152c8fc6ef30/events");
  CHECK(route.api == Api::storage);
  CHECK(route.path == "/instances/50001234/0186df2d-c460-7b53-a39f-152c8fc6ef30/events");
  CHECK(endpoint_name(route.endpoint) == "GET /storage/api/v1/instances/{partyId}/{guid}/events");
  CHECK(endpoint(Method::post, "/dialogporten/api/v1/serviceowner/dialogs") ==
        "POST /dialogporten/api/v1/serviceowner/dialogs");
  CHECK(endpoint(Method::post, "/register/api/v1/dialogporten/parties/query") ==
        "POST /register/api/v1/dialogporten/parties/query");
  CHECK(endpoint(Method::get, "/Storage/API/v1/Applications/ttd/app/texts/nb/") ==
        "GET /storage/api/v1/applications/{org}/{app}/texts/{language}");
}

TEST_CASE("what is no known endpoint is counted as the API's other, and what is nobody's as nobody's") {
  CHECK(endpoint(Method::get, "/storage/api/v1/instances/1/2/3/4") == "other /storage/api/v1");
  CHECK(endpoint(Method::put, "/storage/api/v1/instances") == "other /storage/api/v1");
  CHECK(endpoint(Method::get, "/storage/api/v1") == "other /storage/api/v1");
  CHECK(route_of(Method::get, "/storage/api/v11/instances").api == Api::none);
  CHECK(endpoint(Method::get, "/favicon.ico") == "other /");
  CHECK(route_of(Method::get, "*").api == Api::none);
  CHECK(route_of(Method::get, "/_sim/requests").api == Api::control);
}
