#include "fixtures.hpp"

#include "dice.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

namespace altinn_sim::storage {

namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// -- lenient reading: what is missing or of another type is as if it were not there ---------

const json::object& object_in(const json::object& in, std::string_view name) {
  static const json::object none;
  const auto* value = in.if_contains(name);
  const auto* found = value == nullptr ? nullptr : value->if_object();
  return found == nullptr ? none : *found;
}

const json::array& array_in(const json::object& in, std::string_view name) {
  static const json::array none;
  const auto* value = in.if_contains(name);
  const auto* found = value == nullptr ? nullptr : value->if_array();
  return found == nullptr ? none : *found;
}

std::string text_in(const json::object& in, std::string_view name) {
  const auto* value = in.if_contains(name);
  const auto* found = value == nullptr ? nullptr : value->if_string();
  return found == nullptr ? std::string() : std::string(*found);
}

Ticks time_in(const json::object& in, std::string_view name) {
  return parse_time(text_in(in, name)).value_or(no_time);
}

std::int64_t number_in(const json::object& in, std::string_view name) {
  const auto* value = in.if_contains(name);
  const auto* found = value == nullptr ? nullptr : value->if_int64();
  return found == nullptr ? 0 : *found;
}

bool flag_in(const json::object& in, std::string_view name, bool fallback = false) {
  const auto* value = in.if_contains(name);
  const auto* found = value == nullptr ? nullptr : value->if_bool();
  return found == nullptr ? fallback : *found;
}

std::vector<std::string> texts_in(const json::object& in, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& value : array_in(in, name)) {
    if (value.is_string()) out.emplace_back(value.get_string());
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> pairs_in(const json::object& in, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, value] : object_in(in, name)) {
    if (value.is_string()) out.emplace_back(key, value.get_string());
  }
  return out;
}

// -- records ----------------------------------------------------------------------------------

Process read_process(const json::object& in) {
  Process out;
  out.present = !in.empty();
  out.started = time_in(in, "started");
  out.start_event = text_in(in, "startEvent");
  out.ended = time_in(in, "ended");
  out.end_event = text_in(in, "endEvent");
  const auto& task = object_in(in, "currentTask");
  out.has_task = !task.empty();
  out.task.flow = number_in(task, "flow");
  out.task.started = time_in(task, "started");
  out.task.ended = time_in(task, "ended");
  out.task.element_id = text_in(task, "elementId");
  out.task.name = text_in(task, "name");
  out.task.type = text_in(task, "altinnTaskType");
  out.task.flow_type = text_in(task, "flowType");
  return out;
}

std::string generated_from(const json::object& in) {
  for (const auto& value : array_in(in, "references")) {
    const auto* reference = value.if_object();
    if (reference != nullptr && text_in(*reference, "relation") == "GeneratedFrom")
      return text_in(*reference, "value");
  }
  return {};
}

Element read_element(const json::object& in) {
  Element out;
  out.id = parse_guid(text_in(in, "id")).value_or(Guid{});
  out.type = text_in(in, "dataType");
  out.filename = text_in(in, "filename");
  out.content_type = text_in(in, "contentType");
  out.blob_path = text_in(in, "blobStoragePath");
  out.size = number_in(in, "size");
  out.hash = text_in(in, "contentHash");
  out.locked = flag_in(in, "locked");
  out.is_read = flag_in(in, "isRead", true);
  out.has_refs = in.contains("refs");
  out.tags = texts_in(in, "tags");
  out.generated_from = generated_from(in);
  const auto& deleted = object_in(in, "deleteStatus");
  out.hard_deleted = flag_in(deleted, "isHardDeleted");
  out.hard_deleted_at = time_in(deleted, "hardDeleted");
  out.created = time_in(in, "created");
  out.created_by = text_in(in, "createdBy");
  out.last_changed = time_in(in, "lastChanged") == no_time ? out.created : time_in(in, "lastChanged");
  out.last_changed_by = text_in(in, "lastChangedBy");
  return out;
}

void read_status(const json::object& in, Record& out) {
  out.archived = flag_in(in, "isArchived");
  out.archived_at = time_in(in, "archived");
  out.soft_deleted = flag_in(in, "isSoftDeleted");
  out.soft_deleted_at = time_in(in, "softDeleted");
  out.hard_deleted = flag_in(in, "isHardDeleted");
  out.hard_deleted_at = time_in(in, "hardDeleted");
  if (const auto read = text_in(in, "readStatus"); !read.empty()) out.read_status = read;
  out.read_status.front() =
      static_cast<char>(std::toupper(static_cast<unsigned char>(out.read_status.front())));
  const auto& substatus = object_in(in, "substatus");
  out.has_substatus = !substatus.empty();
  out.substatus_label = text_in(substatus, "label");
  out.substatus_description = text_in(substatus, "description");
}

Record read_record(const json::object& in, Guid guid) {
  Record out;
  const auto& owner = object_in(in, "instanceOwner");
  out.guid = guid;
  out.app_id = text_in(in, "appId");
  out.org = text_in(in, "org");
  out.party = std::stoll(text_in(owner, "partyId"));
  out.person_number = text_in(owner, "personNumber");
  out.organisation_number = text_in(owner, "organisationNumber");
  out.created = time_in(in, "created");
  out.created_by = text_in(in, "createdBy");
  out.last_changed = time_in(in, "lastChanged");
  out.last_changed_by = text_in(in, "lastChangedBy");
  out.due_before = time_in(in, "dueBefore");
  out.visible_after = time_in(in, "visibleAfter");
  out.process = read_process(object_in(in, "process"));
  read_status(object_in(in, "status"), out);
  for (const auto& value : array_in(in, "completeConfirmations")) {
    out.confirmations.push_back(
        {text_in(value.as_object(), "stakeholderId"), time_in(value.as_object(), "confirmedOn")});
  }
  for (const auto& value : array_in(in, "data"))
    out.elements.push_back(read_element(value.as_object()));
  out.presentation_texts = pairs_in(in, "presentationTexts");
  out.data_values = pairs_in(in, "dataValues");
  if (out.is_form()) out.main_version = out.is_altinn_2() ? 2 : 1;
  return out;
}

Event read_event(const json::object& in) {
  Event out;
  out.id = parse_guid(text_in(in, "id")).value_or(Guid{});
  out.type = text_in(in, "eventType");
  out.created = time_in(in, "created");
  const auto data = parse_guid(text_in(in, "dataId"));
  out.about_data = data.has_value();
  out.data_id = data.value_or(Guid{});
  const auto& user = object_in(in, "user");
  out.user.absent = user.empty();
  out.user.user_id = number_in(user, "userId");
  out.user.org_id = text_in(user, "orgId");
  out.user.level = number_in(user, "authenticationLevel");
  out.user.end_user_system = number_in(user, "endUserSystemId");
  out.has_process = in.contains("processInfo");
  out.process = read_process(object_in(in, "processInfo"));
  out.additional_info = text_in(in, "additionalInfo");
  return out;
}

// -- applications -------------------------------------------------------------------------------

DataType read_data_type(const json::object& in) {
  DataType out;
  out.id = text_in(in, "id");
  out.content_types = texts_in(in, "allowedContentTypes");
  out.contributors = texts_in(in, "allowedContributors");
  for (auto& legacy : texts_in(in, "allowedContributers"))
    out.contributors.push_back(std::move(legacy));
  out.task_id = text_in(in, "taskId");
  out.grouping = text_in(in, "grouping");
  out.max_count = number_in(in, "maxCount");
  out.pdf = flag_in(in, "enablePdfCreation", true);
  const auto& logic = object_in(in, "appLogic");
  out.app_logic = !logic.empty();
  out.class_ref = text_in(logic, logic.contains("classRef") ? "classRef" : "ClassRef");
  return out;
}

Application read_application(const json::object& in) {
  Application out;
  out.id = text_in(in, "id");
  out.org = text_in(in, "org");
  out.version = text_in(in, "versionId");
  out.titles = pairs_in(in, "title");
  order_as_stored(out.titles);
  for (const auto& value : array_in(in, "dataTypes"))
    out.data_types.push_back(read_data_type(value.as_object()));
  out.copy_enabled = flag_in(object_in(in, "copyInstanceSettings"), "enabled");
  out.created = time_in(in, "created");
  out.last_changed = time_in(in, "lastChanged");
  out.changed_by = text_in(in, "lastChangedBy");
  return out;
}

Texts read_texts(const json::object& in) {
  Texts out{text_in(in, "language"), {}};
  for (const auto& value : array_in(in, "resources")) {
    const auto& resource = value.as_object();
    out.resources.emplace_back(text_in(resource, "id"), text_in(resource, "value"));
  }
  return out;
}

// -- files ----------------------------------------------------------------------------------------

json::object read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) throw std::runtime_error(path.string() + ": no JSON object");
  return std::move(value.get_object());
}

template <class Use>
void each_file(const fs::path& folder, Use use) {
  if (!fs::is_directory(folder)) return;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    try {
      use(path, read_file(path));
    } catch (const std::exception& problem) {
      throw std::runtime_error(path.string() + ": " + problem.what());
    }
  }
}

std::string last_part(const std::string& id) {
  return id.substr(id.rfind('/') + 1);
}

void join_texts(const fs::path& folder, std::vector<Application>& applications) {
  each_file(folder, [&](const fs::path&, const json::object& in) {
    auto texts = read_texts(in);
    for (auto& application : applications) {
      auto id = application.id;
      std::replace(id.begin(), id.end(), '/', '-');
      if (text_in(in, "id") == id + "-" + texts.language) application.texts.push_back(texts);
    }
  });
}

/// In Storage an element belongs to one instance; the files show some ids in many. All but the first get one
/// of their own. Two instances differ in nothing but what a dialog id takes from the time (M-40): the later
/// one is made a millisecond younger.
void tell_apart(std::vector<Record>& records) {
  std::set<Guid> elements;
  std::set<Guid> dialogs;
  for (auto& record : records) {
    while (!dialogs.insert(version_7(record.guid, record.created)).second)
      record.created += millisecond;
    for (auto& element : record.elements) {
      if (elements.insert(element.id).second) continue;
      element.id = random_guid(mix(record.guid.high, element.id.high), mix(record.guid.low, element.id.low));
    }
  }
}

// Values that Storage's typed output always has.
void fill_in(Record& record) {
  for (auto& element : record.elements) {
    if (element.last_changed_by.empty()) element.last_changed_by = record.last_changed_by;
    if (element.last_changed_by.empty()) element.last_changed_by = std::to_string(record.party);
  }
}

} // namespace

Fixtures read_fixtures(const fs::path& folder) {
  if (!fs::is_directory(folder / "instances"))
    throw std::runtime_error(folder.string() + ": no folder instances in it");
  Fixtures out;
  std::map<Guid, std::size_t> by_guid;
  each_file(folder / "instances", [&](const fs::path& path, const json::object& in) {
    const auto guid = parse_guid(path.stem().string());
    if (!guid) throw std::runtime_error("the name is no id");
    by_guid[*guid] = out.records.size();
    out.records.push_back(read_record(in, *guid));
  });
  const auto record_of = [&](const std::string& id) -> Record* {
    const auto guid = parse_guid(last_part(id));
    const auto found = guid ? by_guid.find(*guid) : by_guid.end();
    return found == by_guid.end() ? nullptr : &out.records[found->second];
  };
  each_file(folder / "dataelements", [&](const fs::path&, const json::object& in) {
    if (auto* record = record_of(text_in(in, "instanceGuid"))) record->elements.push_back(read_element(in));
  });
  each_file(folder / "events", [&](const fs::path&, const json::object& in) {
    if (auto* record = record_of(text_in(in, "instanceId"))) record->events.push_back(read_event(in));
  });
  each_file(folder / "applications", [&](const fs::path&, const json::object& in) {
    out.applications.push_back(read_application(in));
  });
  join_texts(folder / "texts", out.applications);
  for (auto& record : out.records)
    fill_in(record);
  tell_apart(out.records);
  return out;
}

} // namespace altinn_sim::storage
