#include "files.hpp"

#include "text.hpp"

#include <algorithm>
#include <chrono>

namespace dialogferry::mapping {

namespace {

/// The elements of one kind, growing up to what was given.
class ElementList {
public:
  ElementList(codec::Arena& arena, std::size_t most)
      : elements_(arena.make<Element>(most)) {}

  void add(const Element& element) { elements_[count_++] = element; }
  std::span<Element> list() const { return elements_.first(count_); }

private:
  std::span<Element> elements_;
  std::size_t count_ = 0;
};

/// A submission and the files that belong to it (M-87).
struct Submission {
  const codec::Activity* activity = nullptr;
  std::span<const Element> elements;
  bool held_back = false; ///< until its PDFs are there, or for long enough (D-3)
};

/// Where each element belongs.
struct Distribution {
  std::span<Submission> submissions; ///< by their time
  std::span<const Element> owner;    ///< the service owner's
  std::span<const Element> rest;     ///< the users' that no submission has taken
};

std::span<Submission> find_submissions(const Material& material,
                                       std::span<const codec::Activity> activities) {
  const auto list = material.arena.make<Submission>(activities.size());
  std::size_t count = 0;
  for (const auto& activity : activities)
    if (activity.type == "FormSubmitted") list[count++].activity = &activity;
  return list.first(count);
}

bool is_stored(const Material& material, const Uuid& transmission_id) {
  if (material.input.existing == nullptr) return false;
  const auto& stored = material.input.existing->body.transmissions;
  return std::any_of(stored.begin(), stored.end(), [&](const auto& t) { return t.id == transmission_id; });
}

Uuid transmission_id(const codec::Activity& submission) {
  return version7(submission.id, submission.created_at);
}

/// When a submission goes out whatever is missing (D-3).
Instant end_of_wait(const Material& material, const codec::Activity& submission) {
  const auto wait = material.mapper.settings.receipt_wait.count() * Instant::per_millisecond;
  return {submission.created_at.ticks + wait};
}

void hold_back(const Material& material, std::span<Submission> submissions) {
  if (material.silent || submissions.empty() || pdfs_complete(material)) return;
  for (auto& submission : submissions)
    submission.held_back = material.input.now < end_of_wait(material, *submission.activity) &&
                           !is_stored(material, transmission_id(*submission.activity));
}

/// M-87, steps 1 to 3.
Result<Distribution> distribute(const Material& material, std::span<const Element> elements,
                                std::span<const codec::Activity> activities) {
  ElementList owner(material.arena, elements.size());
  ElementList user(material.arena, elements.size());
  for (const auto& element : elements) {
    const auto& by = element.source->last_changed_by;
    if (!by) return tl::unexpected(element_problem(material, *element.source, "lastChangedBy", "is missing"));
    (units(*by) == 9 ? owner : user).add(element);
  }
  const auto by_time = [](const Element& a, const Element& b) { return a.effective < b.effective; };
  auto queue = user.list();
  if (!std::is_sorted(queue.begin(), queue.end(), by_time))
    std::stable_sort(queue.begin(), queue.end(), by_time);

  const auto submissions = find_submissions(material, activities);
  hold_back(material, submissions);
  const bool takes_all = is_altinn2_form(material.instance);
  for (auto& submission : submissions) {
    if (submission.held_back) continue;
    std::size_t count = 0;
    while (count < queue.size() && (takes_all || queue[count].effective <= submission.activity->created_at))
      ++count;
    submission.elements = queue.first(count);
    queue = queue.subspan(count);
  }
  return Distribution{submissions, owner.list(), queue};
}

codec::ContentValue numbered_title(const Material& material, std::size_t number) {
  const auto words = material.mapper.texts(Slot::transmission_title);
  const auto list = material.arena.make<codec::Localized>(words.size());
  const auto tail = material.arena.store(" #" + std::to_string(number));
  for (std::size_t i = 0; i < words.size(); ++i)
    list[i] = {material.arena.join({words[i].value, tail}), words[i].language};
  return {list};
}

codec::ContentValue receipt_reference(const Material& material, const Uuid& transmission) {
  const auto list = material.arena.make<codec::Localized>(language_count);
  const auto dialog = to_string(material.dialog_id);
  const auto own = to_string(transmission);
  for (std::size_t i = 0; i < language_count; ++i) {
    const auto language = code_of(static_cast<Language>(i));
    list[i] = {material.arena.join(
                   {material.mapper.adapter, "/api/v1/receipt/", dialog, "/", own, "?lang=", language}),
               language};
  }
  return {list, "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown"};
}

/// M-90
Result<codec::Transmission> build_transmission(const Material& material, const Submission& submission,
                                               std::size_t number) {
  const auto& activity = *submission.activity;
  const auto id = transmission_id(activity);
  const auto attachments = material.arena.make<codec::Attachment>(submission.elements.size());
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    const auto file = transmission_attachment(material, *submission.elements[i].source, id);
    if (!file) return tl::unexpected(file.error());
    attachments[i] = *file;
  }
  return codec::Transmission{
      .id = id,
      .created_at = activity.created_at,
      .type = "Submission",
      .sender = activity.performed_by,
      .title = numbered_title(material, number),
      .content_reference = receipt_reference(material, id),
      .attachments = attachments,
  };
}

/// The dialog's own files, appended one after another.
class AttachmentList {
public:
  AttachmentList(const Material& material, std::size_t most)
      : material_(material)
      , attachments_(material.arena.make<codec::Attachment>(most)) {}

  std::optional<Problem> add(const codec::DataElement& element) {
    auto file = dialog_attachment(material_, element);
    if (!file) return std::move(file).error();
    attachments_[count_++] = *file;
    return std::nullopt;
  }

  std::optional<Problem> add_without_receipts(std::span<const Element> elements) {
    for (const auto& element : elements)
      if (!is_pdf_receipt(*element.source))
        if (auto problem = add(*element.source)) return problem;
    return std::nullopt;
  }

  std::span<const codec::Attachment> list() const { return attachments_.first(count_); }

private:
  const Material& material_;
  std::span<codec::Attachment> attachments_;
  std::size_t count_ = 0;
};

bool has_attachment(std::span<const codec::Attachment> attachments, const Uuid& id) {
  return std::any_of(attachments.begin(), attachments.end(), [&](const auto& file) { return file.id == id; });
}

/// D-6: what belongs to a stored submission but is not in it shows on the dialog, receipts included.
std::optional<Problem> add_late(const Material& material, const Submission& submission,
                                AttachmentList& files) {
  const auto id = transmission_id(*submission.activity);
  for (const auto& stored : material.input.existing->body.transmissions) {
    if (stored.id != id) continue;
    for (const auto& element : submission.elements)
      if (!has_attachment(stored.attachments, sub_id(id, element.source->id)))
        if (auto problem = files.add(*element.source)) return problem;
  }
  return std::nullopt;
}

Result<Files> without_submissions(const Material& material, std::span<const Element> elements) {
  AttachmentList files(material, elements.size());
  if (auto problem = files.add_without_receipts(elements)) return tl::unexpected(std::move(*problem));
  return Files{files.list(), {}, {}};
}

} // namespace

Result<Files> build_files(const Material& material, std::span<const codec::Activity> activities) {
  const auto elements = candidates(material);
  if (material.switches().disable_add_transmissions || !material.mapper.settings.submission_transmissions)
    return without_submissions(material, elements);
  const auto distribution = distribute(material, elements, activities);
  if (!distribution) return tl::unexpected(distribution.error());

  AttachmentList files(material, elements.size());
  const auto transmissions = material.arena.make<codec::Transmission>(distribution->submissions.size());
  std::size_t count = 0;
  std::optional<Instant> retry_at;
  auto problem = files.add_without_receipts(distribution->owner);
  if (!problem) problem = files.add_without_receipts(distribution->rest);
  for (std::size_t i = 0; i < distribution->submissions.size() && !problem; ++i) {
    const auto& submission = distribution->submissions[i];
    if (submission.held_back) {
      if (!retry_at) retry_at = end_of_wait(material, *submission.activity);
    } else if (is_stored(material, transmission_id(*submission.activity))) {
      problem = add_late(material, submission, files);
    } else {
      auto built = build_transmission(material, submission, i + 1);
      if (!built) return tl::unexpected(std::move(built).error());
      transmissions[count++] = *built;
    }
  }
  if (problem) return tl::unexpected(std::move(*problem));
  return Files{files.list(), transmissions.first(count), retry_at};
}

} // namespace dialogferry::mapping
