#pragma once

#include <dialogferry/codec/dialog.hpp>

/// How Dialogporten keeps what it is sent, and how what it gave back is sent again (observed.md OD-3, OD-4,
/// OD-8). Search tags and actor ids, which it keeps in lower case, are never compared: tags go back as they
/// came, activities and transmissions are known by their ids.
namespace dialogferry::mapping {

/// The address as `Uri.ToString` of .NET spells it (OD-3): the host in lower case, without a default port,
/// dots in the path resolved, unescaped but for reserved and control characters. Of what is no address of the
/// web just the escapes. A second application changes nothing.
std::string_view stored_url(codec::Arena& arena, std::string_view url);

/// An address that came back, escaped again so that it is well formed (OD-4). stored_url() of both is the
/// same.
std::string_view sendable_url(codec::Arena& arena, std::string_view url);

/// The body as it would be read back: addresses as stored_url(), times to the microsecond, lists by their ids
/// or else by what they say, an empty list as none, languages in lower case. Two bodies that say the same are
/// equal entry by entry; ids that the API gives itself, of addresses and end points, are left out (M-42).
/// Activities and transmissions are passed by.
codec::DialogBody stored_form(codec::Arena& arena, const codec::DialogBody& body);

/// A body that was read back, with every address ready to be sent again (OD-4).
codec::DialogBody sendable_form(codec::Arena& arena, const codec::DialogBody& stored);

} // namespace dialogferry::mapping
