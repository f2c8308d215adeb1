#pragma once

#include "exchange.hpp"
#include "json_text.hpp"

#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// A text answer: Storage's actions only make JSON, so it comes as a JSON string (storage.md, JSON rules).
inline Response text_answer(int status, std::string_view text) {
  Response out;
  out.status = status;
  append_quoted(out.body, text);
  return out;
}

inline Response json_answer(std::string body) {
  Response out;
  out.body = std::move(body);
  return out;
}

inline Response empty_answer(int status) {
  Response out;
  out.status = status;
  out.content_type.clear();
  return out;
}

/// 400 as model validation words it: one member, one reason.
Response validation_problem(std::string_view member, std::string_view reason);

} // namespace altinn_sim::storage
