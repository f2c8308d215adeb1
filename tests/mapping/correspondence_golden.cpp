#include "correspondence_golden.hpp"

#include <dialogferry/mapping/correspondence_bundle.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace correspondence_golden {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace dialogferry;

json::value read_json(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return json::parse(text.str());
}

// -- comparing, as README.md of the cases says ------------------------------------

bool is_nothing(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty()) || value == json::value(false);
}

/// Members whose false, or empty list, equals an absent one.
bool may_be_absent(std::string_view name, const json::value& value) {
  if (value == json::value(false)) return name == "deprecated" || name == "isDeleteDialogAction";
  return is_nothing(value);
}

/// The instant to six decimals.
std::optional<std::int64_t> microseconds(const std::string& text) {
  const auto at = parse_instant(text);
  if (!at) return std::nullopt;
  return (at->ticks - (at->ticks % 10 + 10) % 10) / 10;
}

bool same_text(const std::string& expected, const std::string& actual) {
  if (expected == actual) return true;
  const auto at = microseconds(expected);
  return at && at == microseconds(actual);
}

class Comparison {
public:
  void compare(const std::string& path, const json::value& expected, const json::value& actual) {
    if (expected.is_object() && expected.get_object().contains("$slot"))
      return compare_slot(path, expected, actual);
    if (expected.is_object() && expected.get_object().contains("$uuid7"))
      return compare_id(path, expected.at("$uuid7").as_string().c_str(), actual);
    if (expected.is_object() && actual.is_object())
      return compare_members(path, expected.get_object(), actual.get_object());
    if (expected.is_array() && actual.is_array())
      return compare_entries(path, expected.get_array(), actual.get_array());
    if (expected.is_string() && actual.is_string() &&
        same_text(expected.get_string().c_str(), actual.get_string().c_str()))
      return;
    if (expected != actual) differ(path, json::serialize(expected), json::serialize(actual));
  }

  std::vector<std::string> found;

private:
  void compare_slot(const std::string& path, const json::value& expected, const json::value& actual) {
    if (!actual.is_string() || actual.get_string().empty())
      return differ(path, "a text", json::serialize(actual));
    const std::string text(actual.get_string());
    std::size_t at = 0;
    const auto* parts = expected.as_object().if_contains("contains");
    if (parts == nullptr) return;
    for (const auto& part : parts->as_array()) {
      at = text.find(part.as_string().c_str(), at);
      if (at == std::string::npos) return differ(path, json::serialize(*parts), text);
      at += part.as_string().size();
    }
  }

  /// Equal labels mean equal ids, different labels different ids.
  void compare_id(const std::string& path, const std::string& label, const json::value& actual) {
    const auto id = actual.is_string() ? parse_uuid(actual.get_string().c_str()) : std::nullopt;
    if (!id || id->version() != 7) return differ(path, "an id of version 7", json::serialize(actual));
    const auto [known, is_new] = ids_.emplace(label, *id);
    if (known->second != *id) differ(path, to_string(known->second), to_string(*id));
    if (is_new &&
        std::count_if(ids_.begin(), ids_.end(), [&](const auto& one) { return one.second == *id; }) > 1)
      differ(path, "an id of its own", to_string(*id));
  }

  void compare_members(const std::string& path, const json::object& expected, const json::object& actual) {
    static const json::value nothing;
    for (const auto& [name, value] : expected) {
      const auto* other = actual.if_contains(name);
      if (other == nullptr && may_be_absent(name, value)) continue;
      if (other != nullptr && may_be_absent(name, value) && may_be_absent(name, *other)) continue;
      compare(path + "." + std::string(name), value, other != nullptr ? *other : nothing);
    }
    for (const auto& [name, value] : actual)
      if (!expected.contains(name) && !may_be_absent(name, value))
        differ(path + "." + std::string(name), "nothing", json::serialize(value));
  }

  void compare_entries(const std::string& path, const json::array& expected, const json::array& actual) {
    if (expected.size() != actual.size())
      return differ(path, json::serialize(expected), json::serialize(actual));
    for (std::size_t i = 0; i < expected.size(); ++i)
      compare(path + "[" + std::to_string(i) + "]", expected[i], actual[i]);
  }

  void differ(const std::string& path, const std::string& expected, const std::string& actual) {
    found.push_back(path + "\n    expected " + expected + "\n    actual   " + actual);
  }

  std::map<std::string, Uuid> ids_;
};

/// Every reason for which Dialogporten refuses the dialog is told, and no other.
void check_refused(const json::object& expected, const json::object& actual) {
  std::vector<std::string> wanted;
  std::vector<std::string> got;
  if (const auto* list = expected.if_contains("refused"))
    for (const auto& reason : list->as_array()) {
      const std::string text(reason.as_string());
      wanted.push_back("dialog." + text.substr(0, text.find(':')));
    }
  if (const auto* list = actual.if_contains("refused"))
    for (const auto& problem : list->as_array())
      got.emplace_back(problem.at("member").as_string());
  CHECK(got == wanted);
  const auto* publish = expected.if_contains("publish");
  CHECK((publish != nullptr && *publish == json::value("exception")) == !wanted.empty());
}

void check_problem(const json::object& expected, const json::object& actual, bool has_problem) {
  const bool is_unfit = expected.contains("problem");
  CHECK(has_problem == is_unfit);
  if (!is_unfit || !has_problem) return;
  CHECK(actual.at("action") == "error");
  CHECK_FALSE(actual.at("problem").at("member").as_string().empty());
  CHECK_FALSE(actual.at("problem").at("message").as_string().empty());
}

void check(const json::object& recorded) {
  const auto answer =
      mapping::correspondence::map_bundle(json::serialize(recorded.at("bundle")), mapping::Settings{});
  REQUIRE(answer);
  INFO(answer->json);
  const auto& expected = recorded.at("expected").as_object();
  const auto actual = json::parse(answer->json).as_object();
  check_problem(expected, actual, answer->has_problem);
  if (answer->has_problem) return;
  CHECK(actual.at("action") == expected.at("action"));
  check_refused(expected, actual);
  json::object wanted;
  json::object got;
  // `events` are what the service publishes; the simulator's tests have them.
  for (const auto* member : {"silent", "attachments", "migrate", "dialog", "sync", "calls"}) {
    if (const auto* value = expected.if_contains(member)) wanted[member] = *value;
    if (const auto* value = actual.if_contains(member)) got[member] = *value;
  }
  Comparison comparison;
  comparison.compare("", wanted, got);
  for (const auto& difference : comparison.found)
    FAIL_CHECK(difference);
}

class Invoker : public Catch::ITestInvoker {
public:
  explicit Invoker(json::object recorded)
      : case_(std::move(recorded)) {}
  void invoke() const override { check(case_); }

private:
  json::object case_;
};

} // namespace

std::vector<std::string> register_cases() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SOURCE_ROOT) / "tests" / "golden" / "correspondence")) {
    if (entry.path().extension() != ".json") continue;
    auto recorded = read_json(entry.path()).as_object();
    const std::string name(recorded.at("name").as_string());
    const auto title = "correspondence/" + name + ": " + std::string(recorded.at("title").as_string());
    const auto tags = "[golden][correspondence][" + name.substr(0, name.find('/')) + "]";
    names.push_back(name);
    // Catch keeps views of neither name nor tags, and owns the invoker.
    auto* invoker = new Invoker(std::move(recorded));
    const Catch::AutoReg registered(invoker, CATCH_INTERNAL_LINEINFO, "golden",
                                    Catch::NameAndTags{title, tags});
  }
  return names;
}

} // namespace correspondence_golden
