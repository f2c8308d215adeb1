#include "property.hpp"
#include "targets.hpp"

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/export_line.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/codec/messages.hpp>

#include <memory>
#include <string>

namespace fuzz {

namespace {

using namespace dialogferry;
using codec::Document;
using codec::Parser;

/// A row is known by its number or by its problem, and reads as the message that it is.
void check_row(Parser& parser, const codec::Row& row) {
  require(row.problem || (row.guid && row.created), "a row has its place or a problem");
  if (row.guid) {
    const auto id = codec::message_id(*row.guid);
    require(id && row.id == std::to_string(*id), "a message is known by its number");
    require(codec::parse_message_id(row.id) == id, "a number is written in one way");
    const auto whole = codec::read_correspondence(parser, row.json);
    require(!whole || whole->altinn2_id == *id, "a row and its message have one number");
  }
  if (!row.problem) return;
  require(!row.problem->member.empty(), "a problem says where");
  codec::JsonWriter json(64);
  json.text(row.problem->message);
  require_json(json.view());
}

} // namespace

void messages_page(std::string_view input) {
  const Memory memory;
  Parser parser;
  const auto body = std::make_shared<const Document>(std::string(input));
  const auto page = codec::split_messages(parser, body);
  const auto changes = codec::split_changed_messages(parser, body);
  memory.require_proportion(input.size());
  require(page.has_value() == changes.has_value(), "a page is one in either order");
  if (!page) return;
  require(page->rows.size() == changes->rows.size(), "a page has the same rows in either order");
  for (std::size_t i = 0; i < page->rows.size(); ++i) {
    check_row(parser, page->rows[i]);
    require(page->rows[i].id == changes->rows[i].id, "a row is the same in either order");
  }
}

void exports_line(std::string_view input) {
  if (input.find('\n') != std::string_view::npos) return;
  codec::ExportLines lines;
  const Document line{std::string(input)};
  const auto place = lines.place(line.view());
  const auto again = lines.place(line.view());
  require(place.has_value() == again.has_value(), "a line is read the same way twice");
  if (!place) return require(!place.error().message.empty(), "a problem says what");
  Parser parser;
  const auto page = codec::split_messages(
      parser, std::make_shared<const Document>(R"({"messages":[)" + std::string(input) + "]}"));
  require(page && page->rows.size() == 1, "a line that is a message is one row of a page");
  check_row(parser, page->rows[0]);
  require(page->rows[0].guid == codec::message_uuid(place->id), "a line and its row have one number");
  require(page->rows[0].created == place->created, "a line and its row have one time");
}

} // namespace fuzz
