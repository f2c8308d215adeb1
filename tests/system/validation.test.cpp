#include "platform.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

using namespace dialogferry::system;

namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  return small;
}

/// The member or element called `step`, made where it is missing.
json::value& child(json::value& parent, const std::string& step) {
  return parent.is_array() ? parent.as_array().at(std::stoul(step)) : parent.as_object()[step];
}

json::value& at(json::value& root, const std::string& path) {
  json::value* here = &root;
  std::istringstream steps(path);
  for (std::string step; std::getline(steps, step, '.');)
    here = &child(*here, step);
  return *here;
}

void drop(json::value& root, const std::string& path) {
  const auto dot = path.rfind('.');
  auto& parent = dot == std::string::npos ? root : at(root, path.substr(0, dot));
  parent.as_object().erase(path.substr(dot + 1)); // npos + 1 is 0: all of it
}

json::value body_of(const json::object& test, const json::object& base) {
  json::value body = base.at(test.at("verb").as_string());
  if (const auto* members = test.if_contains("set"))
    for (const auto& [path, value] : members->as_object())
      at(body, path) = value;
  if (const auto* members = test.if_contains("drop"))
    for (const auto& path : members->as_array())
      drop(body, std::string(path.as_string()));
  return body;
}

std::set<std::string> fields_of(const json::object& verdict) {
  std::set<std::string> fields;
  if (const auto* list = verdict.if_contains("fields"))
    for (const auto& field : list->as_array())
      fields.insert(lower(field.as_string()));
  return fields;
}

bool same_verdict(const json::object& recorded, const json::object& given) {
  return recorded.at("accepted") == given.at("accepted") &&
         recorded.contains("unreadable") == given.contains("unreadable") &&
         recorded.contains("breaks") == given.contains("breaks") && fields_of(recorded) == fields_of(given);
}

} // namespace

TEST_CASE("The platform gives every recorded body the verdict of Dialogporten's own checks",
          "[system][golden]") {
  Platform platform({"--per-day", "1"});
  const auto base = json::parse(contents(GOLDEN "/validation/base.json")).as_object();
  std::istringstream lines(contents(GOLDEN "/validation/dialogporten.ndjson"));
  int count = 0;
  std::string differing;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto test = json::parse(line).as_object();
    const auto verb = std::string(test.at("verb").as_string());
    const auto answer = platform.request("POST", "/_sim/validate?verb=" + verb, body_of(test, base));
    REQUIRE(answer.status == 200);
    if (!same_verdict(test, json::parse(answer.body).as_object()))
      differing += '\n' + std::string(test.at("name").as_string()) + ": " + answer.body;
  }
  CHECK(differing == "");
  CHECK(count == 644);
}
