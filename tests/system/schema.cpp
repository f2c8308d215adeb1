#include "schema.hpp"

#include <dialogferry/model/time.hpp>

#include <set>
#include <stdexcept>

namespace dialogferry::system {

namespace {

bool has_type(const json::value& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  throw std::runtime_error("no type " + type);
}

bool has_one_of(const json::value& value, const YAML::Node& types) {
  if (types.IsScalar()) return has_type(value, types.as<std::string>());
  for (const auto& type : types)
    if (has_type(value, type.as<std::string>())) return true;
  return false;
}

void know_every_word(const YAML::Node& schema) {
  static const std::set<std::string> known = {"type",      "properties",  "required", "additionalProperties",
                                              "items",     "enum",        "format",   "minimum",
                                              "minLength", "description", "examples"};
  for (const auto& word : schema)
    if (!known.contains(word.first.as<std::string>()))
      throw std::runtime_error("no word " + word.first.as<std::string>());
}

} // namespace

YAML::Node Schemas::resolved(const YAML::Node& node) const {
  if (!node.IsMap() || !node["$ref"]) return node;
  const auto path = node["$ref"].as<std::string>();
  auto found = YAML::Clone(document_);
  for (std::size_t at = 2; at < path.size();) { // behind "#/"
    const auto end = std::min(path.find('/', at), path.size());
    found = found[path.substr(at, end - at)];
    if (!found) throw std::runtime_error("nothing at " + path);
    at = end + 1;
  }
  return found;
}

std::vector<std::string> Schemas::check(const json::value& value, const YAML::Node& node,
                                        const std::string& at) const {
  const auto schema = resolved(node);
  know_every_word(schema);
  std::vector<std::string> wrong;
  if (schema["type"] && !has_one_of(value, schema["type"])) return {at + " has another type"};
  if (schema["enum"]) {
    bool any = false;
    for (const auto& one : schema["enum"])
      any = any || (value.is_string() && value.as_string() == one.as<std::string>().c_str());
    if (!any) wrong.push_back(at + " is none of those listed");
  }
  if (schema["format"] && !parse_instant(std::string(value.as_string()))) wrong.push_back(at + " is no time");
  if (schema["minLength"] && value.as_string().size() < schema["minLength"].as<std::size_t>())
    wrong.push_back(at + " is too short");
  if (value.is_object()) check_object(value.as_object(), schema, at, wrong);
  if (value.is_array() && schema["items"])
    for (const auto& element : value.as_array())
      for (auto& one : check(element, schema["items"], at + "[]"))
        wrong.push_back(std::move(one));
  return wrong;
}

void Schemas::check_object(const json::object& object, const YAML::Node& schema, const std::string& at,
                           std::vector<std::string>& wrong) const {
  for (const auto& name : schema["required"])
    if (!object.contains(name.as<std::string>())) wrong.push_back(at + " lacks " + name.as<std::string>());
  for (const auto& [key, member] : object) {
    const std::string name(key);
    const auto known = schema["properties"] ? schema["properties"][name] : YAML::Node();
    const auto& others = schema["additionalProperties"];
    if (known && known.IsDefined() && !known.IsNull()) {
      for (auto& one : check(member, known, at + "." + name))
        wrong.push_back(std::move(one));
    } else if (others && others.IsMap()) {
      for (auto& one : check(member, others, at + "." + name))
        wrong.push_back(std::move(one));
    } else if (others) {
      wrong.push_back(at + " has a member " + name);
    }
  }
}

} // namespace dialogferry::system
