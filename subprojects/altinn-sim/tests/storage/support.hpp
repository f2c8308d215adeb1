#pragma once

#include "storage/record_json.hpp"
#include "storage/register.hpp"
#include "storage/scan.hpp"
#include "storage/storage.hpp"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace altinn_sim::storage {

/// A small world: 12 days from 2025-03-01.
WorldOptions small_world(std::int64_t per_day);

/// Splits a target as the server does: path, raw query, parameters decoded once.
struct Call {
  explicit Call(std::string target, Method method = Method::get, std::string body = {});
  Request request;

private:
  std::string target_;
  std::string body_;
};

Response ask(const Storage& storage, const std::string& target);
boost::json::object json_of(const Response& response);

/// A copy of one array of the body.
boost::json::array array_of(const Response& response, std::string_view name);

/// Ids of one page, in order.
std::vector<std::string> ids_of(const boost::json::object& page);

/// Follows `next` to the end; `pages` tells how many there were.
std::vector<std::string> ids_of_all_pages(const Storage& storage, std::string target,
                                          std::size_t* pages = nullptr);

} // namespace altinn_sim::storage
