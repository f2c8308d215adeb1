#include "reader.hpp"

#include <dialogferry/codec/organisations.hpp>

#include <set>

namespace dialogferry::codec {

Result<std::vector<std::string>> read_organisations(Parser& parser, JsonView json) {
  std::set<std::string> organisations;
  Arena arena;
  Reader reader("applications", arena);
  const auto read_application = [&](ondemand::value entry) {
    return reader.object(entry, {}, [&](Key key, ondemand::value member) {
      if (!(key == "org")) return true;
      std::optional<std::string_view> org;
      const bool read = reader.text(member, "org", org);
      if (org && !org->empty()) organisations.emplace(*org);
      return read;
    });
  };
  const bool read = reader.document(parser, json, [&](Key key, ondemand::value value) {
    return !(key == "applications") || reader.list(value, "applications", read_application);
  });
  if (!read) return tl::unexpected(std::move(reader).problem());
  return std::vector<std::string>(organisations.begin(), organisations.end());
}

} // namespace dialogferry::codec
