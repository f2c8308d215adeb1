#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace dialogferry::system {

namespace json = boost::json;

/// What an OpenAPI document says of the JSON of an API: as much of JSON Schema as ours uses. What it does not
/// know is a mistake, so that nothing goes unchecked.
class Schemas {
public:
  explicit Schemas(const std::string& file)
      : document_(YAML::LoadFile(file)) {}

  const YAML::Node& document() const { return document_; }
  /// The node itself, or what its `$ref` leads to.
  YAML::Node resolved(const YAML::Node& node) const;

  /// What is wrong with `value`, a line each; empty where it is as `schema` says.
  std::vector<std::string> check(const json::value& value, const YAML::Node& schema,
                                 const std::string& at = "$") const;

private:
  void check_object(const json::object& object, const YAML::Node& schema, const std::string& at,
                    std::vector<std::string>& wrong) const;

  YAML::Node document_;
};

} // namespace dialogferry::system
