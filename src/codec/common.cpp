#include "common.hpp"

namespace dialogferry::codec {

bool read_map(Reader& reader, ondemand::value value, std::string_view member,
              std::span<const NamedText>& out) {
  ListBuilder<NamedText> entries(reader.arena());
  const bool read = reader.map(value, member, [&](std::string_view name, ondemand::value text) {
    NamedText& entry = entries.add();
    entry.name = name;
    return reader.text(text, name, entry.value);
  });
  out = entries.list();
  return read;
}

bool slice_of(ondemand::value value, std::string_view& out) {
  ondemand::object object;
  ondemand::array array;
  out = value.raw_json_token();
  if (out.front() == '{' && (value.get_object().get(object) || object.raw_json().get(out))) return false;
  if (out.front() == '[' && (value.get_array().get(array) || array.raw_json().get(out))) return false;
  out = out.substr(0, out.find_last_not_of(" \t\r\n") + 1);
  return true;
}

} // namespace dialogferry::codec
