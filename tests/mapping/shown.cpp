#include "shown.hpp"

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

namespace shown {

namespace {

namespace json = boost::json;
using dialogferry::Uuid;

/// The value at a pointer; a null where there is none.
json::value at(const json::value& value, std::string_view pointer) {
  boost::system::error_code error;
  const auto* found = value.find_pointer(pointer, error);
  return found != nullptr ? *found : json::value();
}

bool is_true(const json::value& value, std::string_view pointer) {
  return at(value, pointer) == json::value(true);
}

std::string text(const json::value& value, std::string_view pointer) {
  const auto found = at(value, pointer);
  return found.is_string() ? std::string(found.get_string()) : std::string();
}

json::array list(const json::value& value, std::string_view pointer) {
  const auto found = at(value, pointer);
  return found.is_array() ? found.get_array() : json::array();
}

/// The dialog as it is after the decision.
struct After {
  json::array attachments;
  json::array transmissions;
};

After after(const json::value& bundle, const dialogferry::mapping::Decision& decision) {
  const auto existing = at(bundle, "/existing");
  const auto body = decision.body.empty() ? json::value() : json::parse(decision.body);
  After result;
  result.attachments = list(body.is_null() ? existing : body, "/attachments");
  result.transmissions = list(existing, "/transmissions");
  for (const auto& transmission : list(body, "/transmissions"))
    result.transmissions.push_back(transmission);
  return result;
}

std::size_t count_id(const json::array& attachments, const Uuid& id) {
  std::size_t count = 0;
  for (const auto& attachment : attachments)
    count += dialogferry::parse_uuid(text(attachment, "/id")) == id;
  return count;
}

std::size_t on_dialog(const After& dialog, const json::value& element, const Uuid& dialog_id) {
  const auto id = text(element, "/id");
  const auto own = dialogferry::parse_uuid(id);
  const auto created = dialogferry::parse_instant(text(element, "/created"));
  const auto derived = own && created ? version7(*own, *created) : sub_id(dialog_id, id);
  return count_id(dialog.attachments, derived);
}

std::size_t in_transmissions(const After& dialog, const json::value& element) {
  std::size_t count = 0;
  for (const auto& transmission : dialog.transmissions)
    if (const auto id = dialogferry::parse_uuid(text(transmission, "/id")))
      count += count_id(list(transmission, "/attachments"), sub_id(*id, text(element, "/id")));
  return count;
}

/// Whether a file may be shown nowhere.
bool may_be_absent(const json::value& bundle, const dialogferry::mapping::Decision& decision,
                   const json::value& element) {
  const auto type = text(element, "/dataType");
  const bool awaited =
      type == "ref-data-as-pdf" && (decision.retry_at || !is_true(bundle, "/instance/status/isArchived"));
  const bool hidden = type == "signature-presentation" && at(bundle, "/instance/dataValues").is_object() &&
                      at(bundle, "/instance/dataValues").get_object().contains("A1ArchRef"); // M-80
  return awaited || hidden;
}

} // namespace

std::vector<std::string> wrong_files(const json::value& bundle,
                                     const dialogferry::mapping::Decision& decision) {
  std::vector<std::string> wrong;
  if (is_true(bundle, "/application/messageBoxConfig/syncAdapterSettings/disableSyncAttachments"))
    return wrong;
  const auto dialog = after(bundle, decision);
  for (const auto& element : list(bundle, "/instance/data")) {
    const auto dialogs = on_dialog(dialog, element, decision.dialog_id);
    const auto count = dialogs + in_transmissions(dialog, element);
    const bool gone =
        is_true(element, "/deleteStatus/isHardDeleted") || text(element, "/selfLinks/platform").empty();
    const bool right = gone ? dialogs == 0 && count <= 1
                            : count == 1 || (count == 0 && may_be_absent(bundle, decision, element));
    if (!right) wrong.push_back(json::serialize(element) + " is shown " + std::to_string(count) + " times");
  }
  return wrong;
}

} // namespace shown
