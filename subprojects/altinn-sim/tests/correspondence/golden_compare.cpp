#include "golden_compare.hpp"

#include "dialogporten/model/time.hpp"
#include "dialogporten/model/uuid.hpp"

#include <vector>

namespace altinn_sim::correspondence::testing {

namespace json = boost::json;

namespace {

bool is_nothing(const json::value* value) {
  if (value == nullptr || value->is_null()) return true;
  if (value->is_array()) return value->get_array().empty();
  if (value->is_bool()) return !value->get_bool();
  return value->is_object() && value->get_object().empty();
}

std::string text_of(const json::value& value) {
  return json::value_to<std::string>(value);
}

std::string unlike(const json::value& expected, const json::value& made, const std::string& at) {
  return at + ": expected " + json::serialize(expected) + ", made " + json::serialize(made);
}

bool same_instant(const json::value& expected, const json::value& made) {
  const auto a = dialogporten::parse_time(text_of(expected));
  const auto b = dialogporten::parse_time(text_of(made));
  return a && b && stored(*a) == stored(*b);
}

/// Lists in which order says nothing.
bool is_unordered(const std::string& at) {
  for (const auto* name : {".searchTags", ".attachments", ".guiActions", ".apiActions", ".activities"})
    if (at.ends_with(name)) return true;
  return false;
}

} // namespace

std::string Comparison::difference(const json::value& expected, const json::value& made,
                                   const std::string& at) {
  if (const auto* object = expected.if_object()) {
    if (const auto* label = object->if_contains("$uuid7")) {
      const auto id = made.is_string() ? dialogporten::parse_uuid(text_of(made)) : std::nullopt;
      if (!id || !is_version_7(*id)) return unlike(expected, made, at);
      return ids_.emplace(text_of(*label), text_of(made)).first->second == text_of(made)
                 ? ""
                 : unlike(expected, made, at);
    }
    if (object->contains("$slot")) {
      if (!made.is_string() || made.get_string().empty()) return unlike(expected, made, at);
      std::size_t from = 0;
      if (const auto* parts = object->if_contains("contains"))
        for (const auto& part : parts->as_array()) {
          from = text_of(made).find(text_of(part), from);
          if (from == std::string::npos) return unlike(expected, made, at);
        }
      return "";
    }
    return made.is_object() ? of_objects(*object, made.get_object(), at) : unlike(expected, made, at);
  }
  if (const auto* list = expected.if_array()) {
    if (!made.is_array()) return unlike(expected, made, at);
    return is_unordered(at) ? unordered(*list, made.get_array(), at) : of_lists(*list, made.get_array(), at);
  }
  if (expected == made) return "";
  if (expected.is_string() && made.is_string() && same_instant(expected, made)) return "";
  return unlike(expected, made, at);
}

std::string Comparison::of_objects(const json::object& expected, const json::object& made,
                                   const std::string& at) {
  for (const auto& [name, value] : made)
    if (!is_nothing(&value) && is_nothing(expected.if_contains(name)))
      return at + '.' + std::string{name} + ": not expected";
  for (const auto& [name, value] : expected) {
    const auto* other = made.if_contains(name);
    if (is_nothing(&value) && is_nothing(other)) continue;
    const auto where = at + '.' + std::string{name};
    if (other == nullptr) return where + ": missing";
    if (auto told = difference(value, *other, where); !told.empty()) return told;
  }
  return "";
}

std::string Comparison::of_lists(const json::array& expected, const json::array& made,
                                 const std::string& at) {
  if (expected.size() != made.size()) return unlike(expected, made, at);
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (auto told = difference(expected[i], made[i], at + '[' + std::to_string(i) + ']'); !told.empty())
      return told;
  return "";
}

std::string Comparison::unordered(const json::array& expected, const json::array& made,
                                  const std::string& at) {
  if (expected.size() != made.size()) return unlike(expected, made, at);
  std::vector<bool> used(made.size());
  for (const auto& each : expected) {
    bool found = false;
    for (std::size_t i = 0; i < made.size() && !found; ++i) {
      if (used[i]) continue;
      const auto before = ids_;
      found = difference(each, made[i], at + "[]").empty();
      if (found)
        used[i] = true;
      else
        ids_ = before;
    }
    if (!found)
      return at + ": none of those made is " + json::serialize(each) + " in " + json::serialize(made);
  }
  return "";
}

} // namespace altinn_sim::correspondence::testing
