#pragma once

#include "archive/service.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What the tests of the archive share.
namespace altinn_sim::archive::testing {

namespace json = boost::json;

constexpr Day first_day = 20'089; // 2025-01-01

inline Shape shape(std::int64_t per_day, std::int64_t days = 3) {
  Shape out;
  out.first_day = first_day;
  out.last_day = first_day + days - 1;
  out.per_day = per_day;
  return out;
}

struct Fixture {
  explicit Fixture(const Shape& shape)
      : world({})
      , archive(world, shape) {}

  /// `GET` of a target below the API's base, "/messages?size=2"; parameters must not be encoded.
  Response get(std::string_view target) const {
    Request request;
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    for (auto rest = request.query; !rest.empty();) {
      const auto end = std::min(rest.find('&'), rest.size());
      const auto equals = std::min(rest.find('='), end);
      request.parameters.emplace_back(rest.substr(0, equals),
                                      rest.substr(std::min(equals + 1, end), end - equals - 1));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return answer(archive, request);
  }

  json::object page(std::string_view target) const { return json::parse(get(target).body).as_object(); }

  /// All pages of a list, each message as its text.
  std::vector<json::object> all(const std::string& query) const {
    constexpr std::string_view base = "/a2-archive/api/v1";
    std::vector<json::object> out;
    for (auto target = "/messages?" + query; !target.empty();) {
      auto one = page(target);
      for (auto& each : one.at("messages").as_array())
        out.push_back(std::move(each.as_object()));
      const auto* next = one.if_contains("next");
      target = next ? json::value_to<std::string>(*next).substr(base.size()) : "";
    }
    return out;
  }

  storage::World world;
  Archive archive;
};

inline std::int64_t id_of(const json::object& message) {
  return message.at("altinn2CorrespondenceId").to_number<std::int64_t>();
}

inline Ticks time_of(const json::object& message, std::string_view name) {
  return *storage::parse_time(json::value_to<std::string>(message.at(name)));
}

} // namespace altinn_sim::archive::testing
