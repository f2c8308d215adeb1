#include "reader.hpp"

#include <dialogferry/codec/dialog_lookup.hpp>

namespace dialogferry::codec {

Result<DialogLookup> read_dialog_lookup(Parser& parser, JsonView json) {
  DialogLookup found;
  Arena arena;
  Reader reader("lookup", arena);
  std::optional<Uuid> dialog;
  std::optional<std::string_view> resource;
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    if (key == "dialogId") return reader.uuid(value, "dialogId", dialog);
    if (!(key == "serviceResource")) return true;
    return reader.object(value, "serviceResource", [&](Key inner, ondemand::value member) {
      return !(inner == "id") || reader.text(member, "id", resource);
    });
  });
  if (!read || (!dialog && !reader.fail("dialogId", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  found.dialog = *dialog;
  found.service_resource = resource.value_or("");
  return found;
}

} // namespace dialogferry::codec
