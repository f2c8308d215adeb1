#pragma once

#include <string>
#include <string_view>

/// What Correspondence makes of the summary of a message (correspondence.md 3.4): Markdown rendered to HTML,
/// and every tag dropped with nothing in its place. Its dialect is CommonMark with tables, strike-through,
/// sub- and superscript, inserted, marked and cited text, bare links, mathematics and attributes in braces.
namespace dialogferry::mapping::correspondence {

/// The text that is left, `&`, `<`, `>` and `"` as HTML entities, white space collapsed and trimmed. For
/// summaries, which have at most 255 characters: marks without a partner are looked for up to the end.
std::string plain_summary(std::string_view markdown);

/// The inline part of it: one paragraph, heading or table cell, appended to `out` as HTML without its tags.
void append_inline(std::string& out, std::string_view text);

/// Appends the text with its special characters as entities.
void append_encoded(std::string& out, std::string_view text);

/// Appends HTML without its tags and comments.
void append_untagged(std::string& out, std::string_view html);

/// The entity at the start of the text as UTF-8, and how long it is there; nothing where there is none.
struct Entity {
  std::string text;
  std::size_t length = 0;
};
Entity read_entity(std::string_view text);

} // namespace dialogferry::mapping::correspondence
