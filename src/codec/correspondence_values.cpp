#include "correspondence_values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace dialogferry::codec {

namespace {

constexpr std::array<std::string_view, 15> statuses{"Initialized",
                                                    "ReadyForPublish",
                                                    "Published",
                                                    "Fetched",
                                                    "Read",
                                                    "Replied",
                                                    "Confirmed",
                                                    "PurgedByRecipient",
                                                    "PurgedByAltinn",
                                                    "Archived",
                                                    "Reserved",
                                                    "Failed",
                                                    "AttachmentsDownloaded",
                                                    "SoftDeletedByRecipient",
                                                    "RestoredByRecipient"};

constexpr std::array<std::string_view, 5> channels{"Email", "Sms", "EmailPreferred", "SmsPreferred",
                                                   "EmailAndSms"};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Instant> parse_time(std::string_view text) {
  if (const auto day = parse_day(text)) return day->start();
  constexpr std::size_t separator = 10; // behind `2025-03-01`
  if (text.size() <= separator || text[separator] != 'T' || text.back() == 'z') return std::nullopt;
  const auto offset = text.find_first_of("+-", separator);
  if (offset != std::string_view::npos && text.substr(offset + 1) > "14:00") return std::nullopt;
  return parse_instant(text);
}

/// A number, or a text; nothing for null.
bool read_scalar(Reader& reader, ondemand::value value, std::string_view member, OptionalText& text,
                 std::optional<std::int64_t>& number) {
  const std::string_view token = value.raw_json_token();
  const bool is_number =
      !token.empty() && (token.front() == '-' || (token.front() >= '0' && token.front() <= '9'));
  return is_number ? reader.number(value, member, number) : reader.text(value, member, text);
}

} // namespace

std::span<const std::string_view> status_names() {
  return statuses;
}
std::span<const std::string_view> channel_names() {
  return channels;
}
std::string_view name_of(CorrespondenceStatus status) {
  return statuses[static_cast<std::size_t>(status)];
}
std::string_view name_of(NotificationChannel channel) {
  return channels[static_cast<std::size_t>(channel)];
}

bool read_time(Reader& reader, ondemand::value value, std::string_view member,
               std::optional<WrittenTime>& out) {
  OptionalText text;
  if (!reader.text(value, member, text)) return false;
  out.reset();
  if (!text) return true;
  const auto at = parse_time(*text);
  if (!at) return reader.fail(member, "must be a date and time such as 2025-03-01T12:00:00Z");
  out = WrittenTime{*at, *text};
  return true;
}

bool read_time(Reader& reader, ondemand::value value, std::string_view member, WrittenTime& out,
               bool& found) {
  std::optional<WrittenTime> time;
  if (!read_time(reader, value, member, time)) return false;
  found = time.has_value();
  if (time) out = *time;
  return true;
}

bool read_int32(Reader& reader, ondemand::value value, std::string_view member,
                std::optional<std::int64_t>& out) {
  OptionalText text;
  std::optional<std::int64_t> number;
  if (!read_scalar(reader, value, member, text, number)) return false;
  if (text) number = parse_number(*text);
  if (text && !number) return reader.fail(member, "must be a whole number");
  using Limits = std::numeric_limits<std::int32_t>;
  if (number && (*number < Limits::min() || *number > Limits::max()))
    return reader.fail(member, "must be a whole number of 32 bits");
  out = number;
  return true;
}

bool read_flag(Reader& reader, ondemand::value value, std::string_view member, std::optional<bool>& out) {
  bool there = false;
  bool flag = false;
  if (!reader.present(value, member, there) || !reader.flag(value, member, flag)) return false;
  out = there ? std::optional(flag) : std::nullopt;
  return true;
}

bool read_choice(Reader& reader, ondemand::value value, std::string_view member,
                 std::span<const std::string_view> names, std::optional<std::size_t>& out) {
  OptionalText text;
  std::optional<std::int64_t> number;
  if (!read_scalar(reader, value, member, text, number)) return false;
  out.reset();
  if (!text && !number) return true;
  if (text) number = parse_number(*text);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (number ? *number == static_cast<std::int64_t>(i) : same(*text, names[i])) out = i;
  return out || reader.fail(member, "must be one of the names that Correspondence has for it");
}

bool read_uuid(Reader& reader, ondemand::value value, std::string_view member, Uuid& out, bool& found) {
  std::optional<Uuid> id;
  if (!reader.uuid(value, member, id)) return false;
  found = id.has_value();
  if (id) out = *id;
  return true;
}

} // namespace dialogferry::codec
