#pragma once

#include "exchange.hpp"

#include <boost/json/serialize.hpp>

namespace altinn_sim {

/// An answer with a JSON body.
inline Response json_answer(int status, const boost::json::value& body) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(body);
  return response;
}

/// An answer that says in one sentence what is wrong.
inline Response problem_answer(int status, std::string_view title, std::string_view detail) {
  Response response = json_answer(status, {{"title", title}, {"status", status}, {"detail", detail}});
  response.content_type = "application/problem+json; charset=utf-8";
  return response;
}

} // namespace altinn_sim
