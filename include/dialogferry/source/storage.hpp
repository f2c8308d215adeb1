#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>
#include <dialogferry/source/listing.hpp>

#include <cstdint>
#include <string_view>

/// The requests of Altinn Storage (storage.md), as values; no I/O.
namespace dialogferry::source::storage {

/// Which main versions a list holds (storage.md 1.2): forms of Altinn 3, or archived ones of Altinn 1 and 2.
enum class Versions : std::uint8_t { altinn3, archived };

http::Request list(Versions versions, const ListRequest& request);

/// The lists of what has these versions.
extern const Listing app_instances;
extern const Listing archived_forms;

/// All instances of one organisation that a party owns, of every version, `token` as in ListRequest.
http::Request list_of_party(std::string_view organisation, std::string_view party_id,
                            std::string_view token = {});

/// Sets `dialog.id` in the data values of an instance (storage.md 2.8); `id` is `{party id}/{guid}`.
http::Request store_dialog_id(std::string_view id, const Uuid& dialog);

/// The continuation token inside the query of a page's `next`, still encoded (storage.md 1.4); empty where
/// none.
std::string_view token_of(std::string_view next_query);

/// One instance; `id` is `{party id}/{guid}`.
http::Request instance(std::string_view id);

/// The events that become activities, of one instance (M-34); `id` is `{party id}/{guid}`.
http::Request events(std::string_view id);

/// An application's metadata; `app_id` is `{org}/{app}`.
http::Request application(std::string_view app_id);

/// All applications: where the list of organisations comes from (storage.md 1.1).
http::Request applications();

/// An application's texts in one language, two letters.
http::Request texts(std::string_view app_id, std::string_view language);

/// Any healthy Storage answers it below 500.
http::Request probe();

} // namespace dialogferry::source::storage
