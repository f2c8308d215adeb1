#pragma once

#include "dialogporten/model/language.hpp"
#include "dialogporten/model/place.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/wire/shape.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <limits>

namespace altinn_sim::dialogporten {

/// Why a body does not bind: where, and what was expected there.
struct Unreadable {
  std::string path;
  std::string message;
};

/// Binds JSON to the structs of model/dialog.hpp the way the API does: names in any case, unknown members
/// ignored, the first thing that does not bind ends it.
class Binding {
public:
  /// `stored` also reads the members that requests cannot set.
  explicit Binding(bool stored)
      : stored_{stored} {}

  bool stored() const { return stored_; }
  bool failed() const { return failure_.has_value(); }
  const std::optional<Unreadable>& failure() const { return failure_; }

  void fail(const Place& place, std::string message) {
    if (!failure_) failure_ = Unreadable{path_of(place), std::move(message)};
  }

  void wrong_type(const Place& place, std::string_view wanted) {
    fail(place, "The JSON value could not be converted to " + std::string{wanted} + '.');
  }

private:
  bool stored_;
  std::optional<Unreadable> failure_;
};

namespace json = boost::json;

/// One object being read; what `describe` visits.
class Reader {
public:
  Reader(Binding& binding, const json::object& object, const Place& place)
      : binding_{binding}
      , object_{object}
      , place_{place} {}

  template <class T>
  void operator()(std::string_view name, T& to);

  template <class T>
  void not_null(std::string_view name, T& to);

  template <class T>
  void must(std::string_view name, T& to);

  void must_language(std::string_view name, std::string& to) {
    std::string_view code;
    must(name, code);
    to = normalized_language(code);
  }

  template <class T>
  void filled(std::string_view name, T& to) {
    (*this)(name, to);
  }

  template <class T>
  void stored(std::string_view name, T& to) {
    if (binding_.stored()) (*this)(name, to);
  }

private:
  const json::value* find(std::string_view name) const {
    if (const auto* exact = object_.if_contains(json::string_view{name.data(), name.size()})) return exact;
    const json::value* found = nullptr;
    for (const auto& member : object_)
      if (same_name({member.key().data(), member.key().size()}, name)) found = &member.value();
    return found;
  }

  Binding& binding_;
  const json::object& object_;
  const Place& place_;
};

inline void read(Binding& binding, const json::value& from, std::string_view& to, const Place& place) {
  if (const auto* text = from.if_string())
    to = {text->data(), text->size()};
  else
    binding.wrong_type(place, "System.String");
}

inline void read(Binding& binding, const json::value& from, bool& to, const Place& place) {
  if (const auto* flag = from.if_bool())
    to = *flag;
  else
    binding.wrong_type(place, "System.Boolean");
}

inline void read(Binding& binding, const json::value& from, int& to, const Place& place) {
  const auto* number = from.if_int64();
  if (number && *number >= std::numeric_limits<int>::min() && *number <= std::numeric_limits<int>::max()) {
    to = static_cast<int>(*number);
    return;
  }
  const auto* text = from.if_string(); // numbers may come as texts (observed.md OD-10)
  const char* end = text ? text->data() + text->size() : nullptr;
  const bool whole = text && !text->empty() &&
                     std::from_chars(text->data(), end, to) == std::from_chars_result{end, std::errc{}};
  if (!whole) binding.wrong_type(place, "System.Int32");
}

inline void read(Binding& binding, const json::value& from, Uuid& to, const Place& place) {
  const auto* text = from.if_string();
  if (const auto id = text ? parse_uuid({text->data(), text->size()}) : std::nullopt)
    to = *id;
  else
    binding.wrong_type(place, "System.Guid");
}

inline void read(Binding& binding, const json::value& from, Time& to, const Place& place) {
  const auto* text = from.if_string();
  if (!text) return binding.wrong_type(place, "System.DateTimeOffset");
  const std::string_view view{text->data(), text->size()};
  if (const auto time = parse_time(view))
    to = *time;
  else
    binding.fail(place,
                 "The JSON value could not be converted to System.DateTimeOffset. Expected explicit offset "
                 "postfix. For example '+00:00', '-05:00', 'Z'. Got '" +
                     std::string{view} + "'.");
}

template <class E>
requires std::is_enum_v<E>
void read(Binding& binding, const json::value& from, E& to, const Place& place) {
  if (const auto* text = from.if_string()) {
    if (const auto value = joined_value(names_of<E>(), {text->data(), text->size()})) {
      to = static_cast<E>(*value);
      return;
    }
  } else if (const auto* number = from.if_int64()) {
    if (*number >= 1 && *number <= static_cast<std::int64_t>(names_of<E>().size())) {
      to = static_cast<E>(*number);
      return;
    }
  }
  binding.wrong_type(place, "an enum value");
}

template <class T>
void read(Binding& binding, const json::value& from, std::optional<T>& to, const Place& place) {
  if (from.is_null()) {
    to.reset();
    return;
  }
  read(binding, from, to.emplace(), place);
}

template <class T>
void read(Binding& binding, const json::value& from, std::vector<T>& to, const Place& place) {
  const auto* list = from.if_array();
  if (!list) return binding.wrong_type(place, "a list");
  to.resize(list->size());
  for (std::size_t i = 0; i < list->size() && !binding.failed(); ++i)
    read(binding, (*list)[i], to[i], place.at(i));
}

template <class T>
requires std::is_class_v<T>
void read(Binding& binding, const json::value& from, T& to, const Place& place) {
  const auto* object = from.if_object();
  if (!object) return binding.wrong_type(place, "an object");
  Reader reader{binding, *object, place};
  describe(reader, to);
}

template <class T>
void Reader::operator()(std::string_view name, T& to) {
  if (binding_.failed()) return;
  if (const auto* value = find(name)) read(binding_, *value, to, place_.at(name));
}

template <class T>
void Reader::not_null(std::string_view name, T& to) {
  if (binding_.failed()) return;
  const auto* value = find(name);
  if (value && value->is_null()) return binding_.wrong_type(place_.at(name), "a value that is not null");
  if (value) read(binding_, *value, to, place_.at(name));
}

template <class T>
void Reader::must(std::string_view name, T& to) {
  if (binding_.failed()) return;
  const auto* value = find(name);
  if (!value) return binding_.fail(place_, "The required member '" + std::string{name} + "' is missing.");
  read(binding_, *value, to, place_.at(name));
}

} // namespace altinn_sim::dialogporten
