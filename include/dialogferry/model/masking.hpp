#pragma once

#include <string>
#include <string_view>

namespace dialogferry {

/// The text with what tells who somebody is as `*`, for anything that is kept or shown (observed.md OR-13):
/// identity numbers, 11 digits that are not part of a UUID, also where they are written in groups (`010101
/// 01234`); whatever follows a party URN's last colon (`urn:altinn:organization:identifier-no:`,
/// `urn:altinn:person:…:`); names behind `displayName:` or as such a member's value; e-mail addresses. Its
/// length stays. Takes time in proportion to it.
std::string mask_identities(std::string_view text);

} // namespace dialogferry
