#include "reader.hpp"

#include <dialogferry/model/masking.hpp>

namespace dialogferry::codec {

Parser::Parser()
    : impl_(std::make_unique<Impl>()) {}
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() = default;

static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

Document::Document(std::string text)
    : text_(std::make_unique<std::string>(std::move(text))) {
  text_->reserve(text_->size() + json_padding);
}

simdjson::simdjson_result<ondemand::document> Reader::open(Parser& parser, JsonView json) {
  return parser.impl().parser.iterate(
      simdjson::padded_string_view(json.text, json.text.size() + json.padding));
}

bool Reader::fail(std::string_view member, std::string_view message) {
  std::string path(root_);
  for (std::size_t i = 0; i < std::min(depth_, path_.size()); ++i) {
    if (!path_[i].member.empty()) (path += '.') += path_[i].member;
    if (path_[i].entry >= 0) path += '[' + std::to_string(path_[i].entry) + ']';
  }
  if (!member.empty()) (path += '.') += member;
  problem_ = {mask_identities(path), std::string(message), {}}; // a name in a map may be a person's number
  return false;
}

std::optional<ondemand::json_type> Reader::type_of(ondemand::value value, std::string_view member) {
  ondemand::json_type type{};
  bool null = false;
  const bool good =
      !value.type().get(type) && (type != ondemand::json_type::null || (!value.is_null().get(null) && null));
  if (good) return type;
  fail(member, "is broken JSON");
  return std::nullopt;
}

bool Reader::text(ondemand::value value, std::string_view member, std::optional<std::string_view>& out) {
  const std::string_view token = value.raw_json_token();
  if (token.front() != '"') {
    out.reset();
    bool null = false;
    return (!value.is_null().get(null) && null) || fail(member, "must be a text");
  }
  const auto inside = token.substr(1, token.rfind('"') - 1);
  if (std::memchr(inside.data(), '\\', inside.size()) == nullptr) {
    out = inside;
    return true;
  }
  std::string_view unescaped;
  if (value.get_string().get(unescaped)) return fail(member, "holds a broken escape");
  out = arena_.store(unescaped);
  return true;
}

bool Reader::text(ondemand::value value, std::string_view member, std::string_view& out) {
  std::optional<std::string_view> found;
  if (!text(value, member, found)) return false;
  out = found.value_or(std::string_view{});
  return true;
}

bool Reader::flag(ondemand::value value, std::string_view member, bool& out) {
  const auto found = type_of(value, member);
  if (!found || *found == ondemand::json_type::null) return found.has_value();
  return !value.get_bool().get(out) || fail(member, "must be true or false");
}

bool Reader::number(ondemand::value value, std::string_view member, std::optional<std::int64_t>& out) {
  const auto found = type_of(value, member);
  if (!found || *found == ondemand::json_type::null) return found.has_value();
  std::int64_t number = 0;
  if (value.get_int64().get(number)) return fail(member, "must be a whole number");
  out = number;
  return true;
}

bool Reader::instant(ondemand::value value, std::string_view member, std::optional<Instant>& out) {
  std::optional<std::string_view> found;
  if (!text(value, member, found)) return false;
  if (!found) return true;
  out = parse_instant(*found);
  return out.has_value() || fail(member, "must be a date and time");
}

bool Reader::uuid(ondemand::value value, std::string_view member, std::optional<Uuid>& out) {
  std::optional<std::string_view> found;
  if (!text(value, member, found)) return false;
  if (!found) return true;
  out = parse_uuid(*found);
  return out.has_value() || fail(member, "must be a UUID");
}

bool Reader::present(ondemand::value value, std::string_view member, bool& out) {
  ondemand::json_type type{};
  if (value.type().get(type)) return fail(member, "is broken JSON");
  out = type != ondemand::json_type::null;
  return true;
}

} // namespace dialogferry::codec
