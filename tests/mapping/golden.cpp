#include "golden.hpp"

#include <dialogferry/mapping/bundle.hpp>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace golden {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using dialogferry::mapping::Language;
using dialogferry::mapping::Wording;

// -- reading ------------------------------------------------------------------

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Case read_case(const fs::path& path) {
  const auto parsed = json::parse(read_file(path));
  const auto& members = parsed.as_object();
  Case found;
  found.name = members.at("name").as_string().c_str();
  found.title = members.at("title").as_string().c_str();
  for (const auto& rule : members.at("rules").as_array())
    found.rules.emplace_back(rule.as_string().c_str());
  found.bundle = json::serialize(members.at("bundle"));
  found.expected = json::serialize(members.at("expected"));
  return found;
}

void read_folder(const fs::path& folder, std::vector<Case>& cases) {
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") cases.push_back(read_case(entry.path()));
}

/// The folder of shared material beside the checkout, or as the environment says.
fs::path shared_folder() {
  const char* given = std::getenv("DIALOGFERRY_SHARED");
  return given != nullptr ? fs::path(given) : fs::path(SOURCE_ROOT) / ".." / "shared";
}

// -- comparing ----------------------------------------------------------------

bool is_nothing(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty()) ||
         (value.is_object() && value.get_object().empty());
}

/// The text of our own wording that a slot such as `summary/ArchivedConfirmed:nb` stands for.
std::string slot_text(const std::string& slot) {
  static const Wording wording;
  const auto colon = slot.rfind(':');
  const auto found = dialogferry::mapping::slot_named(slot.substr(0, colon));
  REQUIRE(found);
  for (const auto language : {Language::nb, Language::nn, Language::en})
    if (code_of(language) == slot.substr(colon + 1)) return std::string(wording.text(*found, language));
  FAIL("no such language: " << slot);
  return {};
}

/// Fills in `⟦slot⟧` inside a text.
std::string fill_slots(std::string text) {
  static const std::string open = "⟦";
  static const std::string close = "⟧";
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open)) {
    const auto end = text.find(close, at);
    const auto slot = text.substr(at + open.size(), end - at - open.size());
    text.replace(at, end + close.size() - at, slot_text(slot));
  }
  return text;
}

bool same_text(const std::string& expected, const std::string& actual) {
  if (expected == actual) return true;
  const auto a = dialogferry::parse_instant(expected);
  return a && a == dialogferry::parse_instant(actual);
}

class Comparison {
public:
  void compare(const std::string& path, const json::value& expected, const json::value& actual) {
    if (is_nothing(expected) && is_nothing(actual)) return;
    if (expected.is_object() && expected.get_object().contains("$slot"))
      return compare_text(path, slot_text(expected.at("$slot").as_string().c_str()), actual);
    if (expected.is_object() && actual.is_object())
      return compare_members(path, expected.get_object(), actual.get_object());
    if (expected.is_array() && actual.is_array())
      return compare_entries(path, expected.get_array(), actual.get_array());
    if (expected.is_string()) return compare_text(path, fill_slots(expected.get_string().c_str()), actual);
    if (expected != actual) differ(path, json::serialize(expected), json::serialize(actual));
  }

  std::vector<std::string> found;

private:
  void compare_text(const std::string& path, const std::string& expected, const json::value& actual) {
    if (!actual.is_string() || !same_text(expected, actual.get_string().c_str()))
      differ(path, expected, json::serialize(actual));
  }

  void compare_members(const std::string& path, const json::object& expected, const json::object& actual) {
    static const json::value nothing;
    for (const auto& [name, value] : expected) {
      const auto* other = actual.if_contains(name);
      compare(path + "." + std::string(name), value, other != nullptr ? *other : nothing);
    }
    for (const auto& [name, value] : actual)
      if (!expected.contains(name) && !is_nothing(value))
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
};

// -- recordings that stand as they are -------------------------------------------

bool is_hard_deleted(const json::value& element) {
  boost::system::error_code error;
  const auto* flag = element.find_pointer("/deleteStatus/isHardDeleted", error);
  return flag != nullptr && *flag == json::value(true);
}

/// Where decisions.md D-7 shows other files on the dialog than the original: receipts that it showed nowhere,
/// and elements that are hard-deleted. files.test.cpp tells whether what is shown is right.
void leave_out_d7(const json::value& bundle, json::object& answer) {
  boost::system::error_code error;
  auto* dialog = answer.if_contains("dialog");
  auto* attachments = dialog == nullptr ? nullptr : dialog->as_object().if_contains("attachments");
  const auto* data = bundle.find_pointer("/instance/data", error);
  if (attachments == nullptr || data == nullptr || !data->is_array()) return;
  json::array kept;
  for (const auto& attachment : attachments->as_array()) {
    const auto text = json::serialize(attachment);
    const bool deleted =
        std::any_of(data->get_array().begin(), data->get_array().end(), [&](const auto& element) {
          return is_hard_deleted(element) &&
                 text.find(element.at("id").as_string().c_str()) != std::string::npos;
        });
    if (!deleted && text.find(R"("name":"ref-data-as-pdf")") == std::string::npos) kept.push_back(attachment);
  }
  *attachments = std::move(kept);
}

// -- the check ----------------------------------------------------------------

void check(const Case& recorded) {
  static const dialogferry::mapping::Mapper mapper;
  const auto answer = dialogferry::mapping::map_bundle(recorded.bundle, mapper);
  REQUIRE(answer);
  INFO(answer->json);
  const auto expected = json::parse(recorded.expected).as_object();
  auto actual = json::parse(answer->json).as_object();
  CHECK(actual.at("action") == expected.at("action"));
  CHECK(answer->has_problem == (expected.at("action") == "error"));
  if (answer->has_problem) {
    CHECK_FALSE(actual.at("problem").at("member").as_string().empty());
    return;
  }
  json::object wanted;
  json::object got;
  for (const auto* member : {"calls", "silent", "dialog", "formSavedTimes"}) {
    if (const auto* value = expected.if_contains(member)) wanted[member] = *value;
    if (const auto* value = actual.if_contains(member)) got[member] = *value;
  }
  if (recorded.name.starts_with("realworld/")) {
    const auto bundle = json::parse(recorded.bundle);
    leave_out_d7(bundle, wanted);
    leave_out_d7(bundle, got);
  }
  for (const auto& difference : differences(json::serialize(wanted), json::serialize(got)))
    FAIL_CHECK(difference);
}

class Invoker : public Catch::ITestInvoker {
public:
  explicit Invoker(Case recorded)
      : case_(std::move(recorded)) {}
  void invoke() const override { check(case_); }

private:
  Case case_;
};

std::string tags_of(const Case& recorded) {
  std::string tags = "[golden][" + recorded.name.substr(0, recorded.name.find('/')) + "]";
  for (const auto& rule : recorded.rules)
    if (rule.find(' ') == std::string::npos) tags += "[" + rule + "]";
  return tags;
}

} // namespace

std::vector<Case> load_cases() {
  std::vector<Case> cases;
  for (const auto& group : fs::directory_iterator(fs::path(SOURCE_ROOT) / "tests" / "golden"))
    if (group.path().filename() != "correspondence" && group.path().filename() != "validation")
      read_folder(group.path(), cases);
  read_folder(shared_folder() / "golden" / "realworld", cases);
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

std::vector<std::string> differences(const std::string& expected_json, const std::string& actual_json) {
  Comparison comparison;
  comparison.compare("", json::parse(expected_json), json::parse(actual_json));
  return comparison.found;
}

void register_cases() {
  for (auto& recorded : load_cases()) {
    // Catch keeps views of neither name nor tags, and owns the invoker.
    const auto name = recorded.name + ": " + recorded.title;
    const auto tags = tags_of(recorded);
    auto* invoker = new Invoker(std::move(recorded));
    const Catch::AutoReg registered(invoker, CATCH_INTERNAL_LINEINFO, "golden",
                                    Catch::NameAndTags{name, tags});
  }
}

} // namespace golden
