#pragma once

#include <string>
#include <string_view>

namespace dialogferry::http {

/// The text with every digit of an identity number as `*`: runs of exactly 11 digits that are not part of a
/// UUID, and whatever follows a party URN's last colon (`urn:altinn:organization:identifier-no:`,
/// `urn:altinn:person:…:`). For anything that is kept or shown.
std::string mask_identities(std::string_view text);

} // namespace dialogferry::http
