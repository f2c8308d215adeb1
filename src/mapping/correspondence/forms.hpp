#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <string>
#include <string_view>

/// The forms of ids and people in a message (correspondence.md 1.2, 2.1, 3.3).
namespace dialogferry::mapping::correspondence {

struct Events;

/// The first limit of 2.3 to 2.5 that an event breaks; its place is that in the list given.
std::optional<Problem> find_unfit(const Events& events);

/// `urn:altinn:organization:identifier-no:` or `0192:`, and nine digits.
bool is_organisation_form(std::string_view text);

/// With or without `urn:altinn:resource:`, then no other colon.
bool is_resource_id(std::string_view text);

/// 32 hexadecimal digits in lower case.
bool is_md5(std::string_view text);

/// The recipient's URN in the dialog (3.3). Fails where the form is not understood, or Register does not know
/// a self-identified user or their user name.
Result<std::string> party_urn(const codec::OptionalText& recipient, const Directory& parties);

/// The id in `urn:altinn:party:uuid:<uuid>`, in any case.
std::optional<Uuid> party_uuid(std::string_view recipient);

/// Whether Dialogporten takes the URN as a party (dialogporten.md 3.8).
bool is_party(std::string_view urn);

/// In lower case, letters beyond ASCII included.
std::string lower_case(std::string_view text);

/// `KARI O'DONNELL-BERG` as `Kari O'donnell-Berg`.
std::string title_case(std::string_view name);

} // namespace dialogferry::mapping::correspondence
