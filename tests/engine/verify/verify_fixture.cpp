#include "verify_fixture.hpp"

namespace dialogferry::engine::test {

namespace {

std::string behind(const std::string& target, const std::string& name) {
  const auto at = target.find(name);
  if (at == std::string::npos) return {};
  const auto begin = at + name.size();
  return target.substr(begin, target.find('&', begin) - begin);
}

} // namespace

std::string record_of(const std::string& guid) {
  return "50001234/" + guid;
}

StoredDialog::StoredDialog(const Listing::Row& row)
    : record(record_of(row.guid))
    , id(version7(*parse_uuid(row.guid), form_created))
    , updated(row.at) {}

std::string StoredDialog::json() const {
  return R"({"id":")" + to_string(id) + R"(","org":"ttd","createdAt":")" + to_string(created) +
         R"(","updatedAt":")" + to_string(updated) + R"(","party":")" + party + R"(","serviceResource":")" +
         form_resource + R"(","serviceOwnerContext":{"serviceOwnerLabels":[{"value":)" +
         R"("urn:altinn:integration:storage:)" + record + R"("}]}})";
}

void StoredDialogs::add_all(const Listing& listing) {
  for (const auto& row : listing.rows)
    list.emplace_back(row);
}

http::Answer StoredDialogs::answer(const std::string& target) const {
  return target.find("updatedAfter=") == std::string::npos ? one(target) : page(target);
}

http::Answer StoredDialogs::one(const std::string& target) const {
  for (const auto& dialog : list)
    if (target.find("/dialogs/" + to_string(dialog.id)) != std::string::npos)
      return response(200, dialog.json());
  return response(404);
}

http::Answer StoredDialogs::page(const std::string& target) const {
  const auto after = parse_instant(behind(target, "updatedAfter=")).value();
  const auto before = parse_instant(behind(target, "updatedBefore=")).value();
  const auto token = behind(target, "continuationToken=");
  std::vector<StoredDialog> found;
  for (const auto& dialog : list)
    if (dialog.updated >= after && dialog.updated <= before) found.push_back(dialog);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.updated != b.updated ? a.updated > b.updated : a.id > b.id;
  });
  const auto begin = token.empty() ? 0 : std::stoul(token);
  const auto end = std::min(found.size(), begin + std::stoul(behind(target, "limit=")));
  std::string items;
  for (auto i = begin; i < end; ++i)
    items += (items.empty() ? "" : ",") + found[i].json();
  return response(200, R"({"items":[)" + items + R"(],"hasNextPage":)" +
                           (end < found.size() ? "true" : "false") + R"(,"continuationToken":")" +
                           std::to_string(end) + R"(","orderBy":")" + order + R"("})");
}

SidesWorld::SidesWorld() {
  storage->at_once = [this](const Call& call) { return std::optional(source.answer(call)); };
  dialogporten->at_once = [this](const Call& call) {
    return std::optional(answered(call.operation, target.answer(call.request->target)));
  };
  metadata->at_once = [this](const FindApplication&) {
    return std::optional(FoundApplication{application, {}});
  };
  registry->at_once = [](const FindParties& find) {
    FoundParties found;
    for (const auto party : find.parties)
      found.parties.emplace_back(party, form_owner);
    return std::optional(found);
  };
  codec::Parser parser;
  application = mapper
                    ->prepare(parser,
                              codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},)"
                                              R"("dataTypes":[]})"),
                              {})
                    .value();
}

} // namespace dialogferry::engine::test
