#include "common.hpp"

#include <dialogferry/codec/content_digest.hpp>

namespace dialogferry::codec {

namespace {

/// FNV-1a.
std::uint64_t hash(std::string_view text, std::uint64_t from = 0xcbf29ce484222325ULL) {
  for (const char c : text)
    from = (from ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return from;
}

} // namespace

std::uint64_t content_digest(Parser& parser, JsonView json, std::string_view own_dialog_id) {
  std::uint64_t sum = hash("record"); // of an empty one, too, it is something
  Arena arena;
  Reader reader("record", arena);
  const auto add = [&](std::uint64_t name, ondemand::value value) {
    std::string_view slice;
    if (!slice_of(value, slice)) return reader.fail({}, "is broken JSON");
    sum += hash(slice, name);
    return true;
  };
  const auto add_value = [&](std::uint64_t name, std::string_view key, ondemand::value value) {
    const auto raw = value.raw_json_token();
    if (key == "dialog.id" && raw.size() > 2 && raw.substr(1).starts_with(own_dialog_id) &&
        !own_dialog_id.empty())
      return true;
    return add(hash(key, name), value);
  };
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    const auto name = hash(key.text());
    ondemand::json_type type{};
    if (value.type().get(type)) return reader.fail({}, "is broken JSON");
    if (key == "dataValues" && type == ondemand::json_type::object)
      return reader.map(value, "dataValues", [&](std::string_view entry, ondemand::value text) {
        return add_value(name, entry, text);
      });
    if (type == ondemand::json_type::array)
      return reader.list(value, "list", [&](ondemand::value entry) { return add(name, entry); });
    return add(name, value);
  });
  return read ? sum : 0;
}

} // namespace dialogferry::codec
