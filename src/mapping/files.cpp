#include "files.hpp"

#include "text.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

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
  Uuid transmission;
  const codec::Transmission* stored = nullptr; ///< what is there of it already
  std::span<const Element> elements;
  bool held_back = false; ///< until its PDFs are there, or for long enough (D-3)
};

/// Where each element belongs.
struct Distribution {
  std::span<const Element> owner;    ///< the service owner's
  std::span<Submission> submissions; ///< by their time
  std::span<const Element> rest;     ///< the users' behind the last submission
};

Uuid transmission_id(const codec::Activity& submission) {
  return version7(submission.id, submission.created_at);
}

/// The transmissions that are there, by their ids.
std::unordered_map<Uuid, const codec::Transmission*> stored_transmissions(const Material& material) {
  std::unordered_map<Uuid, const codec::Transmission*> stored;
  if (material.input.existing == nullptr) return stored;
  for (const auto& transmission : material.input.existing->body.transmissions)
    stored.emplace(transmission.id, &transmission);
  return stored;
}

std::span<Submission> find_submissions(const Material& material,
                                       std::span<const codec::Activity> activities) {
  const auto stored = stored_transmissions(material);
  const auto list = material.arena.make<Submission>(activities.size());
  std::size_t count = 0;
  for (const auto& activity : activities) {
    if (activity.type != "FormSubmitted") continue;
    const auto id = transmission_id(activity);
    const auto found = stored.find(id);
    list[count++] = {&activity, id, found == stored.end() ? nullptr : found->second, {}, false};
  }
  const auto submissions = list.first(count);
  std::sort(submissions.begin(), submissions.end(), [](const Submission& a, const Submission& b) {
    return std::tie(a.activity->created_at, a.transmission) <
           std::tie(b.activity->created_at, b.transmission);
  });
  return submissions;
}

/// When a submission goes out whatever is missing (D-3).
Instant end_of_wait(const Material& material, const codec::Activity& submission) {
  const auto wait = material.mapper.settings.receipt_wait.count() * Instant::per_millisecond;
  return {submission.created_at.ticks + wait};
}

void hold_back(const Material& material, std::span<Submission> submissions) {
  if (material.silent || submissions.empty() || pdfs_complete(material)) return;
  for (auto& submission : submissions)
    submission.held_back =
        submission.stored == nullptr && material.input.now < end_of_wait(material, *submission.activity);
}

/// The organisations whose system users took part: they change elements in their own number (D-7).
class SystemUserOwners {
public:
  explicit SystemUserOwners(const codec::Events& events) {
    for (const auto& event : events.list)
      if (event.user && event.user->system_user_owner_org_no)
        numbers_.insert(*event.user->system_user_owner_org_no);
  }

  bool contain(std::string_view number) const { return numbers_.count(number) != 0; }

private:
  std::unordered_set<std::string_view> numbers_;
};

/// The elements that stored submissions show already: a stored one cannot change, so they are shown nowhere
/// else (D-7).
class StoredElements {
public:
  explicit StoredElements(const Material& material) {
    if (material.input.existing == nullptr) return;
    for (const auto& transmission : material.input.existing->body.transmissions)
      for (const auto& file : transmission.attachments)
        if (const auto element = element_of(file); element && file.id)
          shown_.emplace(*element, Shown{transmission.id, *file.id});
  }

  /// Elements of one id are asked for once.
  bool contain(const codec::DataElement& element) {
    if (shown_.empty()) return false;
    const auto [known, fresh] = known_.emplace(element.id, false);
    if (fresh) known->second = is_shown(element);
    return known->second;
  }

private:
  bool is_shown(const codec::DataElement& element) const {
    const auto id = parse_uuid(element.id);
    if (!id) return false;
    const auto [first, last] = shown_.equal_range(*id);
    return std::any_of(first, last, [&](const auto& entry) {
      return entry.second.attachment == sub_id(entry.second.transmission, element.id);
    });
  }

  struct Shown {
    Uuid transmission;
    Uuid attachment;
  };

  /// The element that an address leads to, as it is or wrapped.
  static std::optional<Uuid> element_of(const codec::Attachment& file) {
    static constexpr std::size_t length = 36;
    for (const auto& url : file.urls)
      for (const std::string_view before : {"/data/", "%2Fdata%2F", "%2fdata%2f"}) {
        const auto address = url.url.value_or("");
        const auto at = address.rfind(before);
        if (at == std::string_view::npos) continue;
        if (const auto id = parse_uuid(address.substr(at + before.size(), length))) return id;
      }
    return std::nullopt;
  }

  std::unordered_multimap<Uuid, Shown> shown_;
  std::unordered_map<std::string_view, bool> known_; ///< element id → whether it is shown
};

/// The elements that are still to be shown.
std::span<const Element> unshown(const Material& material) {
  StoredElements stored(material);
  const auto elements = candidates(material);
  ElementList left(material.arena, elements.size());
  for (const auto& element : elements)
    if (!stored.contain(*element.source)) left.add(element);
  return left.list();
}

/// M-87 step 1: the service owner's, and the users' with every receipt, whoever made it (D-7).
Result<std::span<Element>> split_owners(const Material& material, std::span<const Element> elements,
                                        ElementList& owner) {
  const SystemUserOwners system_users(material.events);
  ElementList user(material.arena, elements.size());
  for (const auto& element : elements) {
    const auto& by = element.source->last_changed_by;
    if (!by) return tl::unexpected(element_problem(material, *element.source, "lastChangedBy", "is missing"));
    const bool owners = units(*by) == 9 && !system_users.contain(*by) && !is_pdf_receipt(*element.source);
    (owners ? owner : user).add(element);
  }
  return user.list();
}

/// Receipts that come behind the last submission belong to it (D-7).
void draw_receipts_in(std::span<Element> elements, std::span<const Submission> submissions) {
  if (submissions.empty()) return;
  for (auto& element : elements)
    if (is_pdf_receipt(*element.source))
      element.effective = std::min(element.effective, submissions.back().activity->created_at);
}

/// M-87, steps 1 to 3.
Result<Distribution> distribute(const Material& material, std::span<const Element> elements,
                                std::span<const codec::Activity> activities) {
  ElementList owner(material.arena, elements.size());
  const auto user = split_owners(material, elements, owner);
  if (!user) return tl::unexpected(user.error());
  const auto submissions = find_submissions(material, activities);
  hold_back(material, submissions);
  draw_receipts_in(*user, submissions);

  const auto by_time = [](const Element& a, const Element& b) { return a.effective < b.effective; };
  auto queue = *user;
  if (!std::is_sorted(queue.begin(), queue.end(), by_time))
    std::stable_sort(queue.begin(), queue.end(), by_time);
  const bool takes_all = is_altinn2_form(material.instance);
  for (auto& submission : submissions) {
    std::size_t count = 0;
    while (count < queue.size() && (takes_all || queue[count].effective <= submission.activity->created_at))
      ++count;
    submission.elements = queue.first(count);
    queue = queue.subspan(count);
  }
  return Distribution{owner.list(), submissions, queue};
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
  const auto& id = submission.transmission;
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

/// The dialog's own files, appended one after another. What cannot be mapped ends it with a problem.
class AttachmentList {
public:
  AttachmentList(const Material& material, std::size_t most)
      : material_(material)
      , attachments_(material.arena.make<codec::Attachment>(most)) {}

  void add_without_receipts(std::span<const Element> elements) {
    for (const auto& element : elements)
      if (!is_pdf_receipt(*element.source)) add(dialog_attachment(material_, *element.source));
  }

  /// D-7: an archived form waits for no other place for them.
  void add_receipts(std::span<const Element> elements) {
    if (!material_.status.is_archived) return;
    for (const auto& element : elements)
      if (is_pdf_receipt(*element.source)) add(receipt_attachment(material_, *element.source));
  }

  /// D-6: what belongs to a stored submission but is not in it shows on the dialog, receipts included.
  void add_late(std::span<const Element> elements) {
    for (const auto& element : elements)
      add(receipt_attachment(material_, *element.source));
  }

  std::span<const codec::Attachment> list() const { return attachments_.first(count_); }
  const std::optional<Problem>& problem() const { return problem_; }

private:
  void add(Result<codec::Attachment> file) {
    if (problem_) return;
    if (file) {
      attachments_[count_++] = *file;
    } else {
      problem_ = std::move(file).error();
    }
  }

  const Material& material_;
  std::span<codec::Attachment> attachments_;
  std::size_t count_ = 0;
  std::optional<Problem> problem_;
};

/// Those of all elements that no submission shows (M-86, M-87 step 4), and what is late for one (D-6).
Result<std::span<const codec::Attachment>>
build_attachments(const Material& material, const Distribution& distribution, std::size_t most) {
  AttachmentList files(material, most);
  files.add_without_receipts(distribution.owner);
  for (const auto& submission : distribution.submissions)
    if (submission.held_back) files.add_without_receipts(submission.elements);
  files.add_without_receipts(distribution.rest);
  for (const auto& submission : distribution.submissions)
    if (submission.stored != nullptr) files.add_late(submission.elements);
  files.add_receipts(distribution.rest);
  if (files.problem()) return tl::unexpected(*files.problem());
  return files.list();
}

} // namespace

Result<Files> build_files(const Material& material, std::span<const codec::Activity> activities) {
  const auto elements = unshown(material);
  const bool off =
      material.switches().disable_add_transmissions || !material.mapper.settings.submission_transmissions;
  const auto distribution =
      off ? Result<Distribution>({{}, {}, elements}) : distribute(material, elements, activities);
  if (!distribution) return tl::unexpected(distribution.error());
  const auto attachments = build_attachments(material, *distribution, elements.size());
  if (!attachments) return tl::unexpected(attachments.error());

  const auto transmissions = material.arena.make<codec::Transmission>(distribution->submissions.size());
  std::size_t count = 0;
  std::optional<Instant> retry_at;
  for (std::size_t i = 0; i < distribution->submissions.size(); ++i) {
    const auto& submission = distribution->submissions[i];
    if (submission.held_back && !retry_at) retry_at = end_of_wait(material, *submission.activity);
    if (submission.held_back || submission.stored != nullptr) continue;
    auto built = build_transmission(material, submission, i + 1);
    if (!built) return tl::unexpected(std::move(built).error());
    transmissions[count++] = *built;
  }
  return Files{*attachments, transmissions.first(count), retry_at};
}

} // namespace dialogferry::mapping
