#include "correspondence/wire/binding.hpp"

#include "correspondence/model/json_time.hpp"
#include "dialogporten/model/text.hpp"

#include <charconv>
#include <limits>

namespace altinn_sim::correspondence {

namespace {

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole_of(const json::value& value) {
  std::optional<std::int64_t> number;
  if (const auto* text = value.if_string()) number = number_in(view(*text));
  if (const auto* given = value.if_int64()) number = *given;
  const bool fits = number && *number >= std::numeric_limits<std::int32_t>::min() &&
                    *number <= std::numeric_limits<std::int32_t>::max();
  return fits ? number : std::nullopt;
}

std::optional<Ticks> time_of(const json::value& value) {
  const auto* text = value.if_string();
  return text ? parse_json_time(view(*text)) : std::nullopt;
}

std::optional<Uuid> uuid_of(const json::value& value) {
  const auto* text = value.if_string();
  return text ? dialogporten::parse_uuid(view(*text)) : std::nullopt;
}

std::optional<int> one_of(std::string_view name, const std::vector<std::string_view>& names) {
  name = dialogporten::trimmed(name);
  for (std::size_t at = 0; at < names.size(); ++at)
    if (dialogporten::same_name(names[at], name)) return static_cast<int>(at);
  const auto number = number_in(name);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<int> choice_of(const json::value& value, const std::vector<std::string_view>& names) {
  if (const auto* number = value.if_int64()) return static_cast<int>(*number);
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  int sum = 0;
  for (auto rest = view(*text);;) {
    const auto end = rest.find(',');
    const auto each = one_of(rest.substr(0, end), names);
    if (!each) return std::nullopt;
    sum |= *each;
    if (end == std::string_view::npos) return sum;
    rest.remove_prefix(end + 1);
  }
}

} // namespace

Members::Members(Verdict& verdict, const json::value& source, std::string path)
    : verdict_(verdict)
    , source_(source.if_object())
    , path_(std::move(path)) {
  if (source_ == nullptr) unbound("", "an object");
}

std::string Members::path(std::string_view name) const {
  if (path_.empty() || name.empty()) return path_ + dialogporten::pascal(name);
  return path_ + '.' + dialogporten::pascal(name);
}

const json::value* Members::find(std::string_view name) const {
  if (source_ == nullptr) return nullptr;
  const json::value* found = nullptr;
  for (const auto& member : *source_)
    if (dialogporten::same_name({member.key().data(), member.key().size()}, name)) found = &member.value();
  return found;
}

void Members::unbound(std::string_view name, std::string_view type) {
  std::string at = "$";
  if (!path_.empty()) at += '.' + path_;
  if (!name.empty()) at.append(".").append(name);
  verdict_.unbound.push_back({at, "The JSON value could not be converted to " + std::string{type} + "."});
}

template <class T, class Read>
void Members::value(std::string_view name, T& to, std::string_view type, Read read) {
  const auto* found = find(name);
  if (found == nullptr) return;
  if (const auto value = read(*found))
    to = *value;
  else
    unbound(name, type);
}

void Members::whole(std::string_view name, std::int64_t& to) {
  value(name, to, "System.Int32", whole_of);
}

void Members::flag(std::string_view name, bool& to) {
  value(name, to, "System.Boolean", [](const json::value& it) -> std::optional<bool> {
    return it.is_bool() ? std::optional(it.get_bool()) : std::nullopt;
  });
}

void Members::time(std::string_view name, Ticks& to) {
  value(name, to, "System.DateTimeOffset", time_of);
}

void Members::uuid(std::string_view name, Uuid& to) {
  value(name, to, "System.Guid", uuid_of);
}

void Members::choice(std::string_view name, const std::vector<std::string_view>& names, int& to) {
  value(name, to, "an enum", [&](const json::value& it) { return choice_of(it, names); });
}

std::optional<std::int64_t> Members::whole_if(std::string_view name) {
  std::int64_t out = 0;
  const auto* found = find(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  whole(name, out);
  return out;
}

std::optional<Ticks> Members::time_if(std::string_view name) {
  Ticks out = 0;
  const auto* found = find(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  time(name, out);
  return out;
}

std::optional<Uuid> Members::uuid_if(std::string_view name) {
  Uuid out;
  const auto* found = find(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  uuid(name, out);
  return out;
}

std::optional<std::string> Members::text_if(std::string_view name) {
  const auto* found = find(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (const auto* text = found->if_string()) return std::string{view(*text)};
  unbound(name, "System.String");
  return std::nullopt;
}

std::optional<std::string> Members::text(std::string_view name) {
  const auto* found = find(name);
  if (found != nullptr && found->is_null()) refuse(name, "The field is required.");
  return text_if(name);
}

bool Members::require(std::string_view name) {
  if (source_ == nullptr || find(name) != nullptr) return true;
  verdict_.unbound.push_back(
      {path_.empty() ? "$" : "$." + path_,
       "JSON deserialization was missing required properties including: '" + std::string{name} + "'."});
  return false;
}

const json::array* Members::list(std::string_view name, bool may_be_null) {
  const auto* found = find(name);
  if (found == nullptr) return nullptr;
  if (found->is_null()) {
    if (!may_be_null) refuse(name, "The field is required.");
    return nullptr;
  }
  if (const auto* list = found->if_array()) return list;
  unbound(name, "a list");
  return nullptr;
}

void Members::refuse(std::string_view name, std::string message) {
  verdict_.invalid.push_back({path(name), std::move(message)});
}

} // namespace altinn_sim::correspondence
