#include "files.hpp"
#include "text.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace dialogferry::mapping {

namespace {

constexpr std::string_view generated_from = "GeneratedFrom";

/// The task an element was made from; nothing where it does not say.
codec::OptionalText generated_from_task(const codec::DataElement& element) {
  for (const auto& reference : element.references)
    if (reference.relation == generated_from) return reference.value;
  return std::nullopt;
}

/// When the first element of each data type was made.
class FirstTimes {
public:
  explicit FirstTimes(std::span<const codec::DataElement> data) {
    for (const auto& element : data)
      if (element.data_type && element.created) times_.emplace(*element.data_type, *element.created);
  }

  /// Of the first data type of the task that has an element.
  std::optional<Instant> of_task(std::span<const codec::DataType> types, std::string_view task) {
    if (!tasks_known_) note_tasks(types);
    const auto found = by_task_.find(task);
    return found == by_task_.end() ? std::nullopt : std::optional(found->second);
  }

private:
  void note_tasks(std::span<const codec::DataType> types) {
    tasks_known_ = true;
    for (const auto& type : types) {
      if (!type.task_id || type.task_id->empty() || type.id == pdf_receipt) continue;
      if (const auto found = times_.find(type.id); found != times_.end())
        by_task_.emplace(*type.task_id, found->second);
    }
  }

  std::unordered_map<std::string_view, Instant> times_;
  std::unordered_map<std::string_view, Instant> by_task_;
  bool tasks_known_ = false;
};

/// When what an element was made from was made, else the element itself (M-81, D-7); what has no time at all
/// takes the last change of the instance.
Instant effective_time(const Material& material, FirstTimes& times, const codec::DataElement& element) {
  const auto task = generated_from_task(element);
  const auto source = task ? times.of_task(material.application.application.data_types, *task) : std::nullopt;
  return source ? *source : element.created.value_or(material.instance.last_changed);
}

/// M-82
std::string_view consumer_type(const Material& material, const codec::DataElement& element) {
  const auto id = element.data_type.value_or("");
  if (is_blank(id) || same_ignoring_case(id, pdf_receipt)) return "Gui";
  return material.application.api_types.contains(id) ? "Api" : "Gui";
}

/// A file name that fits, its extension kept where it can be (M-84).
std::string_view fitting_name(codec::Arena& arena, std::string_view name) {
  static constexpr std::size_t max = 255;
  if (name.size() <= max || units(name) <= max) return name;
  const auto dot = name.rfind('.');
  auto extension = dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
  if (extension.size() <= 1 || extension.find('/') != std::string_view::npos) extension = {};
  const auto length = units(extension);
  return length >= max ? take_units(arena, name, max) : take_units(arena, name, max - length, extension);
}

/// A media type that can be stored: without its parameters where it is too long with them, else none
/// (decisions.md, limits of presentation).
codec::OptionalText fitting_media_type(const codec::OptionalText& type) {
  static constexpr std::size_t max = 255;
  if (!type || type->size() <= max || units(*type) <= max) return type;
  const auto bare = type->substr(0, type->find(';'));
  return units(bare) <= max ? codec::OptionalText(bare) : std::nullopt;
}

std::string_view display_name(const Material& material, const codec::DataElement& element) {
  if (element.filename && !element.filename->empty()) return fitting_name(material.arena, *element.filename);
  if (element.data_type && !element.data_type->empty())
    return fitting_name(material.arena, *element.data_type);
  return material.mapper.texts(Slot::attachment_name).front().value;
}

codec::OptionalText address(const Material& material, const codec::DataElement& element,
                            std::string_view consumer) {
  const auto& link = element.platform_link;
  if (!link || consumer != "Gui") return link;
  return portal(material.mapper, material.arena, {*link});
}

Result<codec::Attachment> attachment(const Material& material, const codec::DataElement& element, Uuid id,
                                     std::optional<Uuid> url_id) {
  if (!element.has_links)
    return tl::unexpected(element_problem(material, element, "selfLinks", "is missing"));
  const auto consumer = consumer_type(material, element);
  const auto names = material.arena.make<codec::Localized>(1);
  names[0] = {display_name(material, element), code_of(Language::nb)};
  const auto urls = material.arena.make<codec::AttachmentUrl>(1);
  urls[0] = {url_id, address(material, element, consumer), fitting_media_type(element.content_type),
             consumer};
  return codec::Attachment{id, names, element.data_type, {}, urls};
}

/// Whether there is anything to open. An element without any links is none of Storage's, and a problem
/// (M-88).
bool has_address(const codec::DataElement& element) {
  return !element.has_links || (element.platform_link && !element.platform_link->empty());
}

/// One form type that is due a PDF.
bool wants_pdf(const codec::DataType& type) {
  return type.has_app_logic && type.enable_pdf_creation;
}

} // namespace

bool is_pdf_receipt(const codec::DataElement& element) {
  return element.data_type == pdf_receipt;
}

Problem element_problem(const Material& material, const codec::DataElement& element, std::string_view member,
                        std::string_view message) {
  const auto index = &element - material.instance.data->data();
  return {"instance.data[" + std::to_string(index) + "]." + std::string(member), std::string(message), {}};
}

std::span<const Element> candidates(const Material& material) {
  const auto& data = *material.instance.data;
  const bool hides_signature = is_altinn1_form(material.instance);
  FirstTimes times(data);
  const auto elements = material.arena.make<Element>(data.size());
  std::size_t count = 0;
  for (const auto& element : data) {
    if (element.is_hard_deleted || !has_address(element)) continue;
    if (hides_signature && element.data_type == "signature-presentation") continue;
    elements[count++] = {&element, effective_time(material, times, element)};
  }
  return elements.first(count);
}

bool pdfs_complete(const Material& material) {
  std::unordered_set<codec::OptionalText> filled; // data types that have an element
  for (const auto& element : *material.instance.data)
    if (!element.is_hard_deleted) filled.insert(element.data_type);
  std::unordered_set<codec::OptionalText> tasks;    // that make PDFs
  std::unordered_set<codec::OptionalText> expected; // that have made something to print
  for (const auto& type : material.application.application.data_types) {
    if (!wants_pdf(type)) continue;
    tasks.insert(type.task_id);
    if (filled.count(type.id) != 0) expected.insert(type.task_id);
  }
  std::size_t generated = 0;
  for (const auto& element : *material.instance.data)
    generated +=
        is_pdf_receipt(element) && !element.is_hard_deleted &&
        std::any_of(element.references.begin(), element.references.end(), [&](const auto& reference) {
          return reference.relation == generated_from && tasks.count(reference.value) != 0;
        });
  return expected.size() <= generated;
}

Result<codec::Attachment> dialog_attachment(const Material& material, const codec::DataElement& element) {
  const auto own = parse_uuid(element.id);
  if (!own) return tl::unexpected(element_problem(material, element, "id", "must be a UUID"));
  if (!element.created) return tl::unexpected(element_problem(material, element, "created", "is missing"));
  const auto id = version7(*own, *element.created);
  return attachment(material, element, id, id);
}

Result<codec::Attachment> receipt_attachment(const Material& material, const codec::DataElement& element) {
  const auto own = parse_uuid(element.id);
  const auto id =
      own && element.created ? version7(*own, *element.created) : sub_id(material.dialog_id, element.id);
  return attachment(material, element, id, id);
}

Result<codec::Attachment> transmission_attachment(const Material& material, const codec::DataElement& element,
                                                  const Uuid& transmission_id) {
  return attachment(material, element, sub_id(transmission_id, element.id), std::nullopt);
}

} // namespace dialogferry::mapping
