#include "json_reader.hpp"

#include "options.hpp"

#include <algorithm>
#include <stdexcept>

namespace altinn_sim {

namespace json = boost::json;

void refuse(std::string_view member, std::string_view allowed) {
  throw std::invalid_argument("'" + std::string(member) + "': " + std::string(allowed));
}

JsonReader::JsonReader(const json::value& source, std::string_view what) {
  if (!source.is_object()) refuse(what, "must be an object");
  members_ = &source.get_object();
}

const json::value* JsonReader::find(std::string_view name) {
  known_.emplace_back(name);
  return members_->if_contains({name.data(), name.size()});
}

std::optional<std::string> JsonReader::text(std::string_view name, std::string_view allowed) {
  const auto* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_string()) refuse(name, allowed);
  return std::string(value->get_string());
}

double JsonReader::number(std::string_view name, double otherwise, double low, double high,
                          std::string_view allowed) {
  const auto* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_number()) refuse(name, allowed);
  auto number = value->to_number<double>();
  if (!(number >= low && number <= high)) refuse(name, allowed);
  return number;
}

bool JsonReader::flag(std::string_view name, bool otherwise) {
  const auto* value = find(name);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) refuse(name, "true or false");
  return value->get_bool();
}

std::chrono::milliseconds JsonReader::duration(std::string_view name, std::chrono::milliseconds otherwise) {
  auto written = text(name, "a duration such as \"2s\"");
  if (!written) return otherwise;
  auto duration = parse_duration(*written);
  if (!duration) refuse(name, "a duration such as \"2s\"");
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

std::size_t JsonReader::choice(std::string_view name, std::initializer_list<std::string_view> words,
                               std::size_t otherwise) {
  std::string allowed = "one of";
  for (auto word : words)
    allowed.append(" ").append(word);
  auto written = text(name, allowed);
  if (!written) return otherwise;
  const auto* found = std::find(words.begin(), words.end(), *written);
  if (found == words.end()) refuse(name, allowed);
  return static_cast<std::size_t>(found - words.begin());
}

void JsonReader::finish() const {
  for (const auto& member : *members_) {
    std::string name(member.key());
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) refuse(name, "no such member");
  }
}

} // namespace altinn_sim
