#pragma once

#include <dialogferry/codec/instance.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace dialogferry::codec {

/// Who did it (storage.md 2.5). The national identity number is never read.
struct EventUser {
  std::optional<std::int64_t> user_id;
  OptionalText org_id;
  std::optional<std::int64_t> end_user_system_id;
  OptionalText system_user_owner_org_no;
};

struct Event {
  OptionalText id;
  bool about_element = false; ///< dataId is set
  std::optional<Instant> created;
  std::string_view type; ///< a name or a number, as received
  std::optional<EventUser> user;
  OptionalText task_type; ///< processInfo.currentTask.altinnTaskType
};

/// The events of one instance in the order of the answer.
struct Events {
  std::span<const Event> list;
  Arena arena;
};

/// Reads the answer of the events call, `{"instanceEvents": […]}`, or the bare list.
Result<Events> read_events(Parser& parser, JsonView json);

} // namespace dialogferry::codec
