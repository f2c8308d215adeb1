#include "unstorable.hpp"

#include "text.hpp"

#include <algorithm>
#include <string>

namespace dialogferry::mapping {

namespace {

constexpr std::size_t storage_max = 255; ///< UTF-16 code units of most columns
constexpr std::size_t no_limit = 0;

/// Where a value stands in the body. Its path is written only where something is wrong.
struct Place {
  const Place* in = nullptr;
  std::string_view member = {};
  std::optional<std::size_t> entry = {};

  std::string path() const {
    auto text = in == nullptr ? std::string() : in->path();
    if (!text.empty() && !member.empty()) text += '.';
    text += member;
    return entry ? text + '[' + std::to_string(*entry) + ']' : text;
  }
};

constexpr Place dialog{nullptr, "dialog"};

/// Looks at one part after another and keeps the first problem.
class Search {
public:
  explicit Search(codec::Arena& arena)
      : arena_(arena) {}

  std::optional<Problem> found() && { return std::move(problem_); }

  void text(const Place& in, std::string_view member, std::string_view text, std::size_t max = no_limit) {
    if (problem_) return;
    if (text.find('\0') != std::string_view::npos)
      report({&in, member}, "holds the character U+0000, which cannot be stored");
    else if (max != no_limit && text.size() > max && units(text) > max)
      report({&in, member}, "must not be longer than " + std::to_string(max) + " characters");
  }

  void text(const Place& in, std::string_view member, const codec::OptionalText& text,
            std::size_t max = no_limit) {
    if (text) this->text(in, member, *text, max);
  }

  void texts(const Place& in, std::string_view member, codec::LocalizedList list) {
    const Place place{&in, member};
    each(place, list, [&](const Place& at, const codec::Localized& entry) {
      text(at, "value", entry.value);
      text(at, "languageCode", entry.language);
    });
  }

  /// each entry of a list with its place: look(place, entry).
  template <class T, class Look>
  void each(const Place& list, std::span<const T> entries, Look look) {
    for (std::size_t i = 0; i < entries.size() && !problem_; ++i)
      look(Place{list.in, list.member, i}, entries[i]);
  }

  void report(const Place& place, std::string message) {
    if (!problem_) problem_ = Problem{place.path(), std::move(message), {}};
  }

  codec::Arena& arena() { return arena_; }

private:
  codec::Arena& arena_;
  std::optional<Problem> problem_;
};

// -- the parts of a body ------------------------------------------------------

void look_at(Search& search, const Place& in, std::string_view member,
             const std::optional<codec::ContentValue>& value) {
  if (!value) return;
  const Place place{&in, member};
  search.text(place, "mediaType", value->media_type);
  search.texts(place, "value", value->value);
}

void look_at(Search& search, const codec::Content& content) {
  const Place place{&dialog, "content"};
  look_at(search, place, "title", content.title);
  look_at(search, place, "nonSensitiveTitle", content.non_sensitive_title);
  look_at(search, place, "summary", content.summary);
  look_at(search, place, "nonSensitiveSummary", content.non_sensitive_summary);
  look_at(search, place, "senderName", content.sender_name);
  look_at(search, place, "additionalInfo", content.additional_info);
  look_at(search, place, "extendedStatus", content.extended_status);
  look_at(search, place, "mainContentReference", content.main_content_reference);
}

void look_at(Search& search, const Place& in, std::string_view member, const codec::Actor& actor) {
  const Place place{&in, member};
  search.text(place, "actorName", actor.name, storage_max);
  search.text(place, "actorId", actor.id, storage_max);
}

void look_at(Search& search, const Place& in, std::span<const codec::Attachment> attachments) {
  search.each(Place{&in, "attachments"}, attachments,
              [&](const Place& place, const codec::Attachment& attachment) {
                search.texts(place, "displayName", attachment.display_name);
                search.text(place, "name", attachment.name);
                search.each(Place{&place, "urls"}, attachment.urls,
                            [&](const Place& at, const codec::AttachmentUrl& url) {
                              search.text(at, "url", url.url);
                              search.text(at, "mediaType", url.media_type, storage_max);
                            });
              });
}

void look_at(Search& search, std::span<const codec::Transmission> transmissions) {
  search.each(Place{&dialog, "transmissions"}, transmissions,
              [&](const Place& place, const codec::Transmission& sent) {
                look_at(search, place, "sender", sent.sender);
                look_at(search, place, sent.attachments);
              });
}

void look_at(Search& search, std::span<const codec::Activity> activities) {
  search.each(Place{&dialog, "activities"}, activities,
              [&](const Place& place, const codec::Activity& activity) {
                look_at(search, place, "performedBy", activity.performed_by);
                search.texts(place, "description", activity.description);
              });
}

void look_at(Search& search, std::span<const codec::GuiAction> actions) {
  search.each(Place{&dialog, "guiActions"}, actions, [&](const Place& place, const codec::GuiAction& action) {
    search.text(place, "action", action.action);
    search.text(place, "url", action.url);
    search.text(place, "authorizationAttribute", action.authorization_attribute);
    search.texts(place, "title", action.title);
    search.texts(place, "prompt", action.prompt);
  });
}

void look_at(Search& search, std::span<const codec::ApiAction> actions) {
  search.each(Place{&dialog, "apiActions"}, actions, [&](const Place& place, const codec::ApiAction& action) {
    search.text(place, "action", action.action);
    search.text(place, "name", action.name);
    search.text(place, "authorizationAttribute", action.authorization_attribute);
    search.each(Place{&place, "endpoints"}, action.endpoints,
                [&](const Place& at, const codec::ApiEndpoint& endpoint) {
                  search.text(at, "version", endpoint.version);
                  search.text(at, "url", endpoint.url);
                  search.text(at, "documentationUrl", endpoint.documentation_url);
                  search.text(at, "requestSchema", endpoint.request_schema);
                  search.text(at, "responseSchema", endpoint.response_schema);
                });
  });
}

// -- ids that stand twice -----------------------------------------------------

/// One id and what reports where it stands.
struct Use {
  Uuid id;
  std::optional<std::size_t> transmission;
  std::size_t attachment = 0;
  std::optional<std::size_t> url;

  void report(Search& search) const {
    const Place sent{&dialog, "transmissions", transmission};
    const Place file{transmission ? &sent : &dialog, "attachments", attachment};
    const Place address{&file, "urls", url};
    search.report({url ? &address : &file, "id"}, "stands twice in one dialog");
  }
};

/// Collects the ids of attachments, or of their addresses.
class Uses {
public:
  Uses(codec::Arena& arena, std::size_t most)
      : uses_(arena.make<Use>(most)) {}

  void add(const std::optional<Uuid>& id, std::optional<std::size_t> transmission, std::size_t attachment,
           std::optional<std::size_t> url) {
    if (id) uses_[count_++] = {*id, transmission, attachment, url};
  }

  void report_doubles(Search& search) {
    const auto used = uses_.first(count_);
    std::stable_sort(used.begin(), used.end(), [](const Use& a, const Use& b) { return a.id < b.id; });
    const auto same = [](const Use& a, const Use& b) { return a.id == b.id; };
    const auto twice = std::adjacent_find(used.begin(), used.end(), same);
    if (twice != used.end()) std::next(twice)->report(search);
  }

private:
  std::span<Use> uses_;
  std::size_t count_ = 0;
};

/// Each attachment of the body: look(transmission, index, attachment).
template <class Look>
void each_attachment(const codec::DialogBody& body, Look look) {
  for (std::size_t i = 0; i < body.attachments.size(); ++i)
    look(std::optional<std::size_t>(), i, body.attachments[i]);
  for (std::size_t sent = 0; sent < body.transmissions.size(); ++sent) {
    const auto files = body.transmissions[sent].attachments;
    for (std::size_t i = 0; i < files.size(); ++i)
      look(std::optional(sent), i, files[i]);
  }
}

void look_for_doubles(Search& search, const codec::DialogBody& body) {
  std::size_t files = 0;
  std::size_t addresses = 0;
  each_attachment(body, [&](auto, auto, const codec::Attachment& file) {
    ++files;
    addresses += file.urls.size();
  });
  Uses attachments(search.arena(), files);
  Uses urls(search.arena(), addresses);
  each_attachment(body, [&](auto transmission, auto index, const codec::Attachment& file) {
    attachments.add(file.id, transmission, index, {});
    for (std::size_t i = 0; i < file.urls.size(); ++i)
      urls.add(file.urls[i].id, transmission, index, i);
  });
  attachments.report_doubles(search);
  urls.report_doubles(search);
}

void look_at(Search& search, const codec::DialogBody& body) {
  search.text(dialog, "status", body.status);
  look_at(search, body.content);
  look_at(search, dialog, body.attachments);
  look_at(search, body.transmissions);
  look_at(search, body.gui_actions);
  look_at(search, body.api_actions);
  look_at(search, body.activities);
  look_for_doubles(search, body);
}

} // namespace

std::optional<Problem> find_unstorable(codec::Arena& arena, const codec::DialogOrigin& origin,
                                       const codec::DialogBody& body) {
  Search search(arena);
  if (origin.service_resource.empty()) search.report({&dialog, "serviceResource"}, "is missing");
  search.text(dialog, "serviceResource", origin.service_resource, storage_max);
  search.text(dialog, "party", origin.party, storage_max);
  search.text(dialog, "serviceOwnerContext.serviceOwnerLabels[0].value", origin.service_owner_label);
  look_at(search, body);
  return std::move(search).found();
}

std::optional<Problem> find_unstorable(codec::Arena& arena, const codec::DialogKept& kept,
                                       const codec::DialogBody& body) {
  Search search(arena);
  search.text(dialog, "extendedStatus", kept.extended_status);
  search.text(dialog, "externalReference", kept.external_reference);
  search.text(dialog, "process", kept.process, storage_max);
  search.text(dialog, "precedingProcess", kept.preceding_process, storage_max);
  search.each(Place{&dialog, "searchTags"}, kept.search_tags,
              [&](const Place& place, std::string_view tag) { search.text(place, "value", tag); });
  look_at(search, body);
  return std::move(search).found();
}

} // namespace dialogferry::mapping
