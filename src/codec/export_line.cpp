#include "messages.hpp"

#include <dialogferry/codec/export_line.hpp>

namespace dialogferry::codec {

struct ExportLines::Impl {
  simdjson::dom::parser whole; ///< reads everything, so that nothing broken comes into a page
  Parser parser;
};

ExportLines::ExportLines()
    : impl_(std::make_unique<Impl>()) {}
ExportLines::~ExportLines() = default;

Result<MessagePlace> ExportLines::place(JsonView line) {
  simdjson::dom::element root;
  const auto padded = simdjson::padded_string_view(line.text, line.text.size() + line.padding);
  if (impl_->whole.parse(padded.data(), padded.length(), false).get(root)) return fail("line", "is no JSON");
  if (!root.is_object()) return fail("line", "is no object");
  Arena texts;
  Row row;
  row.json = line;
  read_message(impl_->parser, row, texts, MessageOrder::created);
  if (row.guid && row.created) return MessagePlace{*message_id(*row.guid), *row.created};
  if (row.problem) return tl::unexpected(*row.problem);
  return fail("line", "is no message");
}

} // namespace dialogferry::codec
