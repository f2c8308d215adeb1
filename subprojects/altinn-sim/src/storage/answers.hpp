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

/// A text answer as it is.
inline Response plain_answer(int status, std::string_view text) {
  Response out;
  out.status = status;
  out.content_type = "text/plain; charset=utf-8";
  out.body = text;
  return out;
}

/// What the framework makes of an answer without a body, or of an exception: 404 or 500 (observed.md OS-10).
Response problem_details(int status);

/// What the serializer says of a stored row that it cannot read (observed.md OS-4).
constexpr std::string_view unreadable_row =
    "The JSON value could not be converted to System.String. Path: $.DataValues.n | LineNumber: 0 | "
    "BytePositionInLine: 412.";

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
