#include "live_state.hpp"

#include "text16.hpp"
#include "truth_activities.hpp"
#include "truth_files.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace altinn_sim::storage {

namespace {

using Localized = std::vector<std::pair<std::string, std::string>>;

// M-66: a key of the texts, or a text itself.
Localized key_or_text(const Application& app, const std::string& value, std::size_t longest) {
  Localized out;
  for (const auto* language : {"en", "nb", "nn"}) {
    const auto* texts = app.texts_in(language);
    if (texts == nullptr) continue;
    const auto found = std::find_if(texts->resources.begin(), texts->resources.end(),
                                    [&](const auto& one) { return one.first == value; });
    if (found != texts->resources.end() && !blank(found->second))
      out.emplace_back(language, cut_16(found->second, longest));
  }
  if (out.empty()) out.emplace_back("nb", cut_16(value, longest));
  return out;
}

// M-11: each task whose form gets a PDF has one.
bool has_its_receipts(const Record& record) {
  std::set<std::string> makers;
  std::set<std::string> expected;
  for (const auto& type : record.application->data_types) {
    if (!type.app_logic || !type.pdf) continue;
    makers.insert(type.task_id);
    const bool filled_in = std::any_of(record.elements.begin(), record.elements.end(),
                                       [&](const Element& one) { return one.type == type.id; });
    if (filled_in) expected.insert(type.task_id);
  }
  const auto made = std::count_if(record.elements.begin(), record.elements.end(), [&](const Element& one) {
    return one.type == "ref-data-as-pdf" && makers.contains(one.generated_from);
  });
  return std::ssize(expected) <= made;
}

std::vector<Stage> stages_of(const World& world, const Record& record) {
  std::vector<Stage> out;
  const auto activities = activities_of(world, answered_events(record));
  if (!activities) return out;
  const bool shown = !record.application->switches.disable_sync_attachments;
  const auto add = [&](Ticks next) {
    auto files = files_of(record, *activities, out.size());
    out.push_back({next, files.transmissions, shown ? files.on_dialog : 0, files.sent,
                   std::move(files.in_transmissions)});
  };
  for (const auto& activity : *activities) {
    if (activity.kind == ActivityKind::form_submitted) add(activity.created_at);
  }
  add(no_time);
  return out;
}

LiveState state_of(const Record& record, const Truth& truth, Ticks now) {
  LiveState out;
  out.wanted = truth.verdict == Verdict::carried;
  out.soft_deleted = record.soft_deleted;
  out.archived = record.archived;
  out.made = now;
  out.updated_at = truth.updated_at;
  if (!out.wanted) return out;
  const auto& app = *record.application;
  if (!app.switches.disable_content_title) out.title = hash_of(truth.title);
  if (!app.switches.disable_content_summary && record.has_substatus && !blank(record.substatus_description))
    out.summary = hash_of(key_or_text(app, record.substatus_description, 255));
  if (!app.switches.disable_content_extended_status) {
    const bool told = record.has_substatus && !blank(record.substatus_label);
    out.extended_status = hash_of(told ? key_or_text(app, record.substatus_label, 25) : Localized());
  }
  out.status = truth.status;
  out.activities = truth.activities;
  out.transmissions = truth.transmissions;
  out.attachments = truth.attachments;
  out.transmission_attachments = truth.transmission_attachments;
  return out;
}

} // namespace

std::size_t hash_of(const Localized& texts) {
  std::size_t out = texts.size() + 1;
  const std::hash<std::string> hash;
  for (const auto& [language, text] : texts)
    out = (out * 1'000'003 ^ hash(language)) * 1'000'003 ^ hash(text);
  return out == 0 ? 1 : out;
}

bool LiveState::looks_like(const LiveState& other) const {
  const auto looks = [](const LiveState& one) {
    return std::tie(one.soft_deleted, one.title, one.summary, one.extended_status, one.status, one.activities,
                    one.transmissions, one.attachments, one.transmission_attachments);
  };
  return wanted == other.wanted && (!wanted || looks(*this) == looks(other));
}

LiveTruth live_truth(const World& world, const Record& record, Ticks now) {
  LiveTruth out;
  out.truth = truth_of(world, record);
  out.state = state_of(record, out.truth, now);
  const auto* app = record.application;
  if (app == nullptr) return out;
  out.keeps_deleted = app->switches.disable_delete;
  if (!out.state.wanted) return out;
  out.stages = stages_of(world, record);
  out.waits_for_receipts = !app->switches.disable_add_transmissions && !has_its_receipts(record);
  return out;
}

} // namespace altinn_sim::storage
