#include "dialogporten/validation/rules.hpp"

// dialogporten.md 3.4
namespace altinn_sim::dialogporten {

namespace {

void check(Rules& rules, const AttachmentUrl& url, const Place& place) {
  rules.version_7(place.at("id"), url.id);
  rules.https_url(place.at("url"), url.url);
  rules.in_enum(place.at("consumerType"), url.consumer_type);
}

void check(Rules& rules, const TransmissionAttachmentUrl& url, const Place& place) {
  rules.https_url(place.at("url"), url.url);
  rules.at_most(place.at("mediaType"), url.media_type, default_max_length);
  rules.in_enum(place.at("consumerType"), url.consumer_type);
}

template <class Url>
void check_attachment(Rules& rules, const BasicAttachment<Url>& attachment, const Place& place) {
  rules.version_7(place.at("id"), attachment.id);
  check(rules, attachment.display_name, place.at("displayName"), default_max_length);
  rules.at_most(place.at("name"), attachment.name, default_max_length);
  const Place urls = place.at("urls");
  if (attachment.urls.empty()) rules.refuse_empty(urls);
  for (std::size_t i = 0; i < attachment.urls.size(); ++i)
    check(rules, attachment.urls[i], urls.at(i));
  // An update judges the expiry of what is new only, and answers 422 (3.3).
  if (rules.creating()) rules.in_future(place.at("expiresAt"), attachment.expires_at);
}

} // namespace

void check(Rules& rules, const Attachment& attachment, const Place& place) {
  rules.unique_ids(place.at("urls"), attachment.urls);
  check_attachment(rules, attachment, place);
}

void check(Rules& rules, const TransmissionAttachment& attachment, const Place& place) {
  check_attachment(rules, attachment, place);
}

} // namespace altinn_sim::dialogporten
