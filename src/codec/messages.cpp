#include "messages.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace dialogferry::codec {

namespace {

constexpr std::size_t number_at = 12; ///< of a UUID's bytes
constexpr std::size_t most_digits = 10;

/// What a message says of itself, and what an export says of a line that is none.
struct Identity {
  std::optional<std::int64_t> number;
  std::string_view digits; ///< as the number is written
  std::optional<Instant> changed;
  std::string_view line;
  std::string_view line_problem;
};

std::string_view digits_of(ondemand::value value) {
  const std::string_view token = value.raw_json_token();
  const auto end = std::find_if(token.begin(), token.end(), [](char c) { return c < '0' || c > '9'; });
  return token.substr(0, static_cast<std::size_t>(end - token.begin()));
}

void take_number(Reader& reader, FirstProblem& first, Row& row, const Identity& identity) {
  constexpr std::string_view member = "altinn2CorrespondenceId";
  if (!identity.number) return first.check(reader.fail(member, "is missing"), reader);
  if (*identity.number < 1 || *identity.number > std::numeric_limits<std::int32_t>::max())
    return first.check(reader.fail(member, "must be a number from 1 to 2147483647"), reader);
  row.id = identity.digits;
  row.guid = message_uuid(static_cast<std::int32_t>(*identity.number));
}

/// A line of an export that is no message: known by its place alone.
void take_line(Row& row, const Identity& identity) {
  row.id = identity.line;
  row.problem =
      Problem{"line", std::string(identity.line_problem), "repair the file, then carry its day again"};
}

Result<Page> split(Parser& parser, std::shared_ptr<const Document> body, MessageOrder order) {
  auto page = read_envelope(parser, std::move(body), "messages");
  if (!page) return page;
  for (auto& row : page->rows)
    read_message(parser, row, page->texts, order);
  return page;
}

} // namespace

void read_message(Parser& parser, Row& row, Arena& texts, MessageOrder order) {
  Reader reader("message", texts);
  FirstProblem first(row);
  Identity identity;
  const bool read = reader.document(parser, row.json, [&](Key key, ondemand::value value) {
    if (key == "altinn2CorrespondenceId") {
      identity.number.reset(); // of a member that is there twice, the last one counts, whatever it is
      identity.digits = digits_of(value);
      first.check(reader.number(value, "altinn2CorrespondenceId", identity.number), reader);
    }
    if (key == "created") first.check(reader.instant(value, "created", row.created), reader);
    if (key == "changed") first.check(reader.instant(value, "changed", identity.changed), reader);
    if (key == "exportLine") first.check(reader.text(value, "exportLine", identity.line), reader);
    if (key == "exportProblem")
      first.check(reader.text(value, "exportProblem", identity.line_problem), reader);
    return true;
  });
  row.last_changed = order == MessageOrder::changed && identity.changed ? identity.changed : row.created;
  if (!identity.line.empty()) return take_line(row, identity);
  first.check(read, reader);
  take_number(reader, first, row, identity);
  first.check(row.created || reader.fail("created", "is missing"), reader);
}

Uuid message_uuid(std::int32_t id) {
  Uuid made;
  const auto number = static_cast<std::uint32_t>(id);
  for (std::size_t i = 0; i < 4; ++i)
    made.bytes[number_at + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return made;
}

std::optional<std::int32_t> message_id(const Uuid& id) {
  std::uint32_t number = 0;
  for (std::size_t i = number_at; i < id.bytes.size(); ++i)
    number = number << 8 | id.bytes[i];
  const auto found = static_cast<std::int32_t>(number);
  return found > 0 && message_uuid(found) == id ? std::optional(found) : std::nullopt;
}

std::optional<std::int32_t> parse_message_id(std::string_view text) {
  if (text.empty() || text.size() > most_digits || text.front() < '1' || text.front() > '9')
    return std::nullopt;
  std::int32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(id) : std::nullopt;
}

Result<Page> split_messages(Parser& parser, std::shared_ptr<const Document> body) {
  return split(parser, std::move(body), MessageOrder::created);
}

Result<Page> split_changed_messages(Parser& parser, std::shared_ptr<const Document> body) {
  return split(parser, std::move(body), MessageOrder::changed);
}

} // namespace dialogferry::codec
