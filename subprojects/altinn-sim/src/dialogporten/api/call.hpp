#pragma once

#include "dialogporten/api/problem.hpp"
#include "dialogporten/service.hpp"
#include "dialogporten/store/store.hpp"
#include "dialogporten/wire/document.hpp"

namespace altinn_sim::dialogporten {

/// One request being answered, with everything an answer goes by.
struct Call {
  const Request& request;
  const Caller& caller;
  const Surroundings& surroundings;
  UuidSource& ids;
  Store& store;
  Moment write_ends = 0;                   ///< when it is over, if it is a write that others can meet
  std::vector<std::string_view> arguments; ///< what stands for {…} in the path
  bool silent = false;
  std::optional<Uuid> if_match;

  Time now() const { return stored(Time{request.now}); }
};

/// The dialog that a path names, if the caller may see it; otherwise the answer that says why not.
struct Found {
  Snapshot record;
  Response answer;
};
Found find_dialog(const Call& call, bool admin_sees_all = true);

/// 204 with `Etag`.
Response no_content(const Uuid& revision);

/// 200 with a JSON body.
Response ok(std::string body);

/// 412 where If-Match names another revision.
std::optional<Response> revision_differs(const Call& call, const Uuid& revision);

/// 409, or 412 with If-Match, where another write is at work on the dialog of the path (observed.md OD-6).
std::optional<Response> met_another_write(const Call& call);

/// A write that others can meet has succeeded: the answer comes when it is over.
Response at_its_end(const Call& call, Response response);

/// The answer to a write that the store refused.
Response refused(const Call& call, Commit commit, const Violation& violation);

// -- the endpoints, in order of dialogporten.md 2 ------------------------------
Response create_dialog(Call& call);
Response get_dialog(Call& call);
Response search_dialogs(Call& call);
Response update_dialog(Call& call);
Response patch_dialog(Call& call);
Response create_activity(Call& call);
Response delete_dialog(Call& call);
Response purge_dialog(Call& call);
Response restore_dialog(Call& call);
Response freeze_dialog(Call& call);
Response update_form_saved_time(Call& call);
Response get_labels(Call& call);
Response add_label(Call& call);
Response remove_label(Call& call);
Response set_system_labels(Call& call);
Response look_up(Call& call);
Response limits(Call& call);

} // namespace altinn_sim::dialogporten
