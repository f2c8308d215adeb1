#pragma once

#include <dialogferry/codec/arena.hpp>
#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::codec {

namespace ondemand = simdjson::ondemand;

struct Parser::Impl {
  ondemand::parser parser;
};

/// The name of a member while its object is walked, in any case, as the sources' own readers take it.
/// Compared as raw text: names of the contracts hold no escapes.
class Key {
public:
  explicit Key(ondemand::raw_json_string raw)
      : raw_(raw.raw()) {}

  template <std::size_t N>
  bool operator==(const char (&name)[N]) const {
    for (std::size_t i = 0; i + 1 < N; ++i)
      if (raw_[i] != name[i] && !differs_in_case(raw_[i], name[i])) return false;
    return raw_[N - 1] == '"';
  }

  /// As it stands in the JSON, escapes and all.
  std::string_view text() const {
    const char* end = raw_;
    while (*end != '"')
      end += *end == '\\' ? 2 : 1;
    return {raw_, static_cast<std::size_t>(end - raw_)};
  }

private:
  static bool differs_in_case(char a, char b) {
    const char lower = static_cast<char>(a | 0x20);
    return lower >= 'a' && lower <= 'z' && lower == static_cast<char>(b | 0x20);
  }

  const char* raw_;
};

/// Reads values of one JSON text and remembers the first problem with the path of the member it met. Every
/// reading function is false after a problem; a null counts as absent everywhere.
class Reader {
public:
  /// `root` is what the path starts with: "instance".
  Reader(std::string_view root, Arena& arena)
      : root_(root)
      , arena_(arena) {}

  Problem problem() && { return std::move(problem_); }
  Arena& arena() { return arena_; }

  bool fail(std::string_view member, std::string_view message);

  // -- single values ---------------------------------------------------------

  bool text(ondemand::value value, std::string_view member, std::optional<std::string_view>& out);
  bool text(ondemand::value value, std::string_view member, std::string_view& out);
  bool flag(ondemand::value value, std::string_view member, bool& out);
  bool number(ondemand::value value, std::string_view member, std::optional<std::int64_t>& out);
  bool instant(ondemand::value value, std::string_view member, std::optional<Instant>& out);
  bool uuid(ondemand::value value, std::string_view member, std::optional<Uuid>& out);
  /// Whether the value is something other than null.
  bool present(ondemand::value value, std::string_view member, bool& out);

  // -- structures ------------------------------------------------------------

  /// Walks an object: each(key, value) per member. Nothing happens for a null.
  template <class Each>
  bool object(ondemand::value value, std::string_view member, Each&& each) {
    const auto found = type_of(value, member);
    if (!found || *found == ondemand::json_type::null) return found.has_value();
    ondemand::object object;
    if (value.get_object().get(object)) return fail(member, "must be an object");
    const Scope scope(*this, member);
    return fields(object, each);
  }

  /// Walks an object used as a map: each(name, value) per member. Nothing happens for a null.
  template <class Each>
  bool map(ondemand::value value, std::string_view member, Each&& each) {
    const auto found = type_of(value, member);
    if (!found || *found == ondemand::json_type::null) return found.has_value();
    ondemand::object object;
    if (value.get_object().get(object)) return fail(member, "must be an object");
    const Scope scope(*this, member);
    for (auto result : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(result).get(field) || field.unescaped_key().get(name)) return fail({}, "is broken JSON");
      if (!each(arena_.store(name), field.value())) return false;
    }
    return true;
  }

  /// Walks a list: each(value) per entry. Nothing happens for a null.
  template <class Each>
  bool list(ondemand::value value, std::string_view member, Each&& each) {
    const auto found = type_of(value, member);
    if (!found || *found == ondemand::json_type::null) return found.has_value();
    ondemand::array array;
    if (value.get_array().get(array)) return fail(member, "must be a list");
    const Scope scope(*this, member);
    return entries(array, each);
  }

  /// Walks the text's outermost object.
  template <class Each>
  bool document(Parser& parser, JsonView json, Each&& each) {
    ondemand::document document;
    ondemand::object object;
    if (open(parser, json).get(document)) return fail({}, "is not JSON");
    if (document.get_object().get(object)) return fail({}, "must be an object");
    return fields(object, each) && (at_end(document) || fail({}, "is followed by something else"));
  }

  /// Walks the text's outermost list.
  template <class Each>
  bool document_list(Parser& parser, JsonView json, Each&& each) {
    ondemand::document document;
    ondemand::array array;
    if (open(parser, json).get(document)) return fail({}, "is not JSON");
    if (document.get_array().get(array)) return fail({}, "must be a list");
    const Scope scope(*this, {});
    return entries(array, each) && (at_end(document) || fail({}, "is followed by something else"));
  }

  static bool at_end(ondemand::document& document) {
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

  static simdjson::simdjson_result<ondemand::document> open(Parser& parser, JsonView json);

  /// A path segment for as long as it lives; `entry()` numbers the entries of a list.
  class Scope {
  public:
    Scope(Reader& reader, std::string_view member)
        : reader_(reader) {
      if (reader_.depth_ < reader_.path_.size()) reader_.path_[reader_.depth_] = {member, -1};
      ++reader_.depth_;
    }
    ~Scope() { --reader_.depth_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

  private:
    Reader& reader_;
  };

private:
  struct Segment {
    std::string_view member;
    std::int32_t entry = -1;
  };

  template <class Each>
  bool fields(ondemand::object object, Each& each) {
    for (auto result : object) {
      ondemand::field field;
      if (std::move(result).get(field)) return fail({}, "is broken JSON");
      if (!each(Key(field.key()), field.value())) return false;
    }
    return true;
  }

  template <class Each>
  bool entries(ondemand::array array, Each& each) {
    for (auto result : array) {
      ondemand::value value;
      if (depth_ <= path_.size()) ++path_[depth_ - 1].entry;
      // NOLINTNEXTLINE(performance-move-const-arg): get() is for rvalues only
      if (std::move(result).get(value)) return fail({}, "is broken JSON");
      if (!each(value)) return false;
    }
    return true;
  }

  /// The type of a value; nothing, and a problem, for what is no JSON value.
  std::optional<ondemand::json_type> type_of(ondemand::value value, std::string_view member);

  std::string_view root_;
  Arena& arena_;
  Problem problem_;
  std::array<Segment, 8> path_;
  std::size_t depth_ = 0;
};

/// Appends one entry to a list whose length is not known yet: grows by doubling inside the arena.
template <class T>
class ListBuilder {
public:
  explicit ListBuilder(Arena& arena)
      : arena_(arena) {}

  T& add() {
    if (size_ == room_.size()) {
      const auto larger = arena_.make<T>(room_.empty() ? 4 : room_.size() * 2);
      std::copy(room_.begin(), room_.end(), larger.begin());
      room_ = larger;
    }
    return room_[size_++];
  }

  std::span<const T> list() const { return room_.first(size_); }

private:
  Arena& arena_;
  std::span<T> room_;
  std::size_t size_ = 0;
};

} // namespace dialogferry::codec
