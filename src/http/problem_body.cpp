#include "problem_body.hpp"

#include <simdjson.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace dialogferry::http {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t excerpt = 300;

std::string text_of(const element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : std::string(simdjson::minify(value));
}

void add_errors(ProblemBody& problem, const object& errors) {
  for (const auto& [key, value] : errors) {
    std::vector<std::string> messages;
    array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const auto message : list)
        messages.push_back(text_of(message));
    } else {
      messages.push_back(text_of(value));
    }
    problem.errors.emplace_back(std::string(key), std::move(messages));
  }
}

void add_validation_errors(ProblemBody& problem, const array& errors) {
  for (const auto error : errors) {
    std::string_view path;
    std::string_view detail;
    std::ignore = error["paths"].at(0).get(path); // without one it is about the whole
    if (error["detail"].get(detail) != simdjson::SUCCESS) std::ignore = error["code"].get(detail);
    problem.errors.emplace_back(std::string(path), std::vector<std::string>{std::string(detail)});
  }
}

/// A bare map of lists, as PATCH gives it (dialogporten.md 1.1).
bool is_bare_map(const object& root) {
  return root.size() > 0 &&
         std::all_of(root.begin(), root.end(), [](const auto& member) { return member.value.is_array(); });
}

} // namespace

bool ProblemBody::has(std::string_view key, std::string_view fragment) const {
  return std::any_of(errors.begin(), errors.end(), [&](const auto& error) {
    const auto& [name, messages] = error;
    return name == key && (fragment.empty() ||
                           std::any_of(messages.begin(), messages.end(), [&](const std::string& message) {
                             return message.find(fragment) != std::string::npos;
                           }));
  });
}

ProblemBody read_problem(const std::string& body) {
  ProblemBody problem;
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) {
    problem.title = body.substr(0, excerpt);
    return problem;
  }
  std::string_view text;
  object members;
  if (root.get(text) == simdjson::SUCCESS) problem.title = text.substr(0, excerpt);
  if (root.get(members) != simdjson::SUCCESS) return problem;
  object errors;
  array validation_errors;
  if (members["title"].get(text) == simdjson::SUCCESS) problem.title = text;
  if (members["detail"].get(text) == simdjson::SUCCESS) problem.detail = text;
  if (members["code"].get(text) == simdjson::SUCCESS) problem.code = text;
  if (members["validationErrors"].get(validation_errors) == simdjson::SUCCESS) {
    add_validation_errors(problem, validation_errors);
  } else if (members["errors"].get(errors) == simdjson::SUCCESS) {
    add_errors(problem, errors);
  } else if (is_bare_map(members)) {
    add_errors(problem, members);
  }
  if (problem.title.empty()) problem.title = std::exchange(problem.detail, {});
  return problem;
}

} // namespace dialogferry::http
