#include "reader.hpp"

#include <dialogferry/codec/events.hpp>

namespace dialogferry::codec {

namespace {

bool read_user(Reader& reader, ondemand::value value, std::optional<EventUser>& out) {
  bool there = false;
  if (!reader.present(value, "user", there)) return false;
  if (there) out.emplace();
  return reader.object(value, "user", [&](Key key, ondemand::value member) {
    if (key == "userId") return reader.number(member, "userId", out->user_id);
    if (key == "orgId") return reader.text(member, "orgId", out->org_id);
    if (key == "endUserSystemId") return reader.number(member, "endUserSystemId", out->end_user_system_id);
    if (key == "systemUserOwnerOrgNo")
      return reader.text(member, "systemUserOwnerOrgNo", out->system_user_owner_org_no);
    return true;
  });
}

bool read_task_type(Reader& reader, ondemand::value value, OptionalText& out) {
  return reader.object(value, "processInfo", [&](Key key, ondemand::value process) {
    if (!(key == "currentTask")) return true;
    return reader.object(process, "currentTask", [&](Key name, ondemand::value member) {
      if (name == "altinnTaskType") return reader.text(member, "altinnTaskType", out);
      return true;
    });
  });
}

bool read_event(Reader& reader, ondemand::value value, Event& event) {
  return reader.object(value, {}, [&](Key key, ondemand::value member) {
    if (key == "id") return reader.text(member, "id", event.id);
    if (key == "dataId") return reader.present(member, "dataId", event.about_element);
    if (key == "created") return reader.instant(member, "created", event.created);
    if (key == "eventType") return reader.text(member, "eventType", event.type);
    if (key == "user") return read_user(reader, member, event.user);
    if (key == "processInfo") return read_task_type(reader, member, event.task_type);
    return true;
  });
}

} // namespace

Result<Events> read_events(Parser& parser, JsonView json) {
  Events events;
  Reader reader("events", events.arena);
  ListBuilder<Event> list(events.arena);
  bool found = false;
  const auto each_event = [&](ondemand::value entry) { return read_event(reader, entry, list.add()); };
  const bool bare = json.text.starts_with('[');
  const bool read = bare ? reader.document_list(parser, json, each_event)
                         : reader.document(parser, json, [&](Key key, ondemand::value value) {
                             if (!(key == "instanceEvents")) return true;
                             found = true;
                             return reader.list(value, {}, each_event);
                           });
  if (!read || (!bare && !found && !reader.fail("instanceEvents", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  events.list = list.list();
  return events;
}

} // namespace dialogferry::codec
