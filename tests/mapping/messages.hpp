#pragma once

#include <boost/json.hpp>

#include <string>

/// Bundles about messages for tests.
namespace messages {

namespace json = boost::json;

/// A record of Altinn 2 that has only what it must have, and the ids of its message.
json::value bundle();

/// The same, carried before without any event.
json::value carried();

/// Sets a member of the bundle by its JSON pointer; the last segment is created.
void set_json(json::value& bundle, const std::string& pointer, json::value value);

template <class T>
void set(json::value& bundle, const std::string& pointer, const T& value) {
  set_json(bundle, pointer, json::value_from(value));
}

/// The answer to a bundle.
json::object answer_to(const json::value& bundle);

/// The member of the problem that the record ends in; empty where it is fit.
std::string problem_of(const json::value& bundle);

/// A file of tests/observed/correspondence.
json::value observed(const std::string& name);

json::object status(const std::string& name, const std::string& at, const std::string& party);

/// A UUID with this number in it.
std::string numbered(std::size_t number);

inline const std::string reader = "b7c1d0aa-5e7f-4c39-8d21-334455667788";

} // namespace messages
