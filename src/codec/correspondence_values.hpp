#pragma once

#include "reader.hpp"

#include <dialogferry/codec/correspondence.hpp>

/// Values as Correspondence binds them (correspondence.md 1.1; observed.md OC-11, OC-14).
namespace dialogferry::codec {

/// ISO 8601 with capital `T` and `Z`, an offset of at most 14 hours, none (UTC), or a date alone (midnight
/// UTC).
bool read_time(Reader& reader, ondemand::value value, std::string_view member,
               std::optional<WrittenTime>& out);

/// A time that must be there.
bool read_time(Reader& reader, ondemand::value value, std::string_view member, WrittenTime& out, bool& found);

/// A whole number of 32 bits, also as a text.
bool read_int32(Reader& reader, ondemand::value value, std::string_view member,
                std::optional<std::int64_t>& out);

bool read_flag(Reader& reader, ondemand::value value, std::string_view member, std::optional<bool>& out);

/// The place in `names`, in any case, of a name or a number; nothing for null. Fails for any other.
bool read_choice(Reader& reader, ondemand::value value, std::string_view member,
                 std::span<const std::string_view> names, std::optional<std::size_t>& out);

bool read_uuid(Reader& reader, ondemand::value value, std::string_view member, Uuid& out, bool& found);

/// Walks a list of objects: each(entry) per object; a null among them is a problem (observed.md OC-12).
template <class Each>
bool read_objects(Reader& reader, ondemand::value value, std::string_view member, Each&& each) {
  return reader.list(value, member, [&](ondemand::value entry) {
    bool there = false;
    return reader.present(entry, {}, there) && (there || reader.fail({}, "must not be null")) && each(entry);
  });
}

std::span<const std::string_view> status_names();
std::span<const std::string_view> channel_names();

} // namespace dialogferry::codec
