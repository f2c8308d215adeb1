#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/validation.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

using namespace altinn_sim::dialogporten;
namespace bj = boost::json;

namespace {

std::string file(const std::string& name) {
  std::ifstream in{std::string{GOLDEN_DIR} + "/validation/" + name};
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The member or element called `step` of `parent`, made where it is missing.
bj::value& child(bj::value& parent, const std::string& step) {
  if (parent.is_array()) {
    std::size_t index = 0;
    std::from_chars(step.data(), step.data() + step.size(), index);
    return parent.as_array().at(index);
  }
  return parent.as_object()[step];
}

std::pair<std::string, std::string> split_last(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos ? std::pair{std::string{}, path}
                                  : std::pair{path.substr(0, dot), path.substr(dot + 1)};
}

bj::value& at(bj::value& root, const std::string& path) {
  bj::value* here = &root;
  std::istringstream steps{path};
  for (std::string step; std::getline(steps, step, '.');)
    here = &child(*here, step);
  return *here;
}

std::string body_of(const bj::object& test, const bj::object& base) {
  bj::value body = base.at(test.at("verb").as_string());
  if (const auto* set = test.if_contains("set"))
    for (const auto& [path, value] : set->as_object())
      at(body, path) = value;
  if (const auto* drop = test.if_contains("drop"))
    for (const auto& path : drop->as_array()) {
      const auto [parent, name] = split_last(std::string{path.as_string()});
      at(body, parent).as_object().erase(name);
    }
  return bj::serialize(body);
}

std::set<std::string> expected_fields(const bj::object& test) {
  std::set<std::string> fields;
  if (const auto* list = test.if_contains("fields"))
    for (const auto& field : list->as_array())
      fields.insert(lower(std::string{field.as_string()}));
  return fields;
}

std::string judge(const bj::object& test, const bj::object& base) {
  const Ticks now = parse_time("2026-01-01T00:00:00Z")->ticks;
  const auto verb = test.at("verb").as_string() == "create" ? Verb::create : Verb::update;
  const auto verdict = validate(verb, body_of(test, base), now);
  const bool unreadable = test.contains("unreadable");
  std::set<std::string> named;
  for (const auto& complaint : verdict.complaints)
    named.insert(lower(complaint.key));
  std::string said;
  for (const auto& key : named)
    said += ' ' + key;
  if (verdict.accepted() != test.at("accepted").as_bool()) return "accepted differs:" + said;
  if (verdict.breaks != test.contains("breaks")) return "breaks differs:" + said;
  if (verdict.unreadable != unreadable) return "unreadable differs:" + said;
  if (!unreadable && named != expected_fields(test)) return "fields differ:" + said;
  return {};
}

} // namespace

TEST_CASE("every recorded body gets the verdict that Dialogporten gave", "[golden][OD-5][OD-14]") {
  const auto base = bj::parse(file("base.json")).as_object();
  std::istringstream lines{file("dialogporten.ndjson")};
  int count = 0;
  std::string failing;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto test = bj::parse(line).as_object();
    const auto problem = judge(test, base);
    if (!problem.empty()) failing += "\n  " + std::string{test.at("name").as_string()} + ": " + problem;
  }
  INFO("failing:" << failing);
  CHECK(failing.empty());
  CHECK(count == 644);
}
