#pragma once

#include "json_text.hpp"
#include "time.hpp"

#include <string>
#include <utility>
#include <vector>

namespace altinn_sim::storage {

struct DataType {
  std::string id;
  std::vector<std::string> content_types;
  std::vector<std::string> contributors; ///< allowedContributors
  std::string class_ref;                 ///< of its application logic
  std::string task_id;
  std::string grouping;
  std::int64_t max_count = 0;
  bool app_logic = false;
  bool pdf = true; ///< enablePdfCreation
};

/// messageBoxConfig.syncAdapterSettings (storage.md 2.6), as far as the simulated applications use them.
struct SyncSwitches {
  bool disable_sync = false;
  bool user_supplied_dialog_id = false;
  bool disable_create = false;
  bool disable_delete = false;
  bool disable_add_activities = false;
  bool disable_add_transmissions = false;
  bool disable_sync_due_at = false;
  bool disable_sync_status = false;
  bool disable_mark_completed_when_confirmed = false;
  bool disable_content_title = false;
  bool disable_content_summary = false;
  bool disable_content_additional_information = false;
  bool disable_content_extended_status = false;
  bool disable_sync_attachments = false;
  bool disable_sync_api_actions = false;
  bool disable_sync_gui_actions = false;
};

/// Text resources of one language.
struct Texts {
  std::string language;
  std::vector<std::pair<std::string, std::string>> resources;
};

/// What Storage knows of an app.
struct Application {
  std::string id; ///< "org/app"
  std::string org;
  std::string version;
  std::vector<std::pair<std::string, std::string>> titles; ///< language, text, in metadata order
  std::vector<DataType> data_types;
  SyncSwitches switches;
  bool hide_always = false;
  std::vector<std::string> hide_on_tasks;
  bool copy_enabled = false;
  std::int64_t keep_days = 0; ///< preventInstanceDeletionForDays; 0: none
  Ticks created = no_time;
  Ticks last_changed = no_time;
  std::string changed_by;
  std::vector<Texts> texts; ///< nb, nn, en as far as there are any

  const Texts* texts_in(std::string_view language) const;
};

/// The bodies of `GET /applications/{org}/{app}` and of `…/texts/{language}`.
void append_application(std::string& out, const Application& application);
void append_texts(std::string& out, const Application& application, const Texts& texts);

} // namespace altinn_sim::storage
