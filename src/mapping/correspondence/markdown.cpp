#include "markdown.hpp"

#include "../text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace dialogferry::mapping::correspondence {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t code_indent = 4;
constexpr auto none = std::string_view::npos;

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

std::string_view stripped(std::string_view line) {
  line.remove_prefix(indent_of(line));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

/// Without up to `count` blanks at its start.
std::string_view outdented(std::string_view line, std::size_t count) {
  return line.substr(std::min(indent_of(line), count));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// -- what a line begins -----------------------------------------------------------

/// A line of three or more of the same character, blanks between them or not.
bool is_rule(std::string_view line) {
  const auto text = stripped(line);
  if (text.empty() || std::string_view("-*_").find(text[0]) == none) return false;
  const auto count = std::count(text.begin(), text.end(), text[0]);
  return count >= 3 && text.find_first_not_of(std::string{text[0], ' ', '\t'}) == none;
}

bool is_setext(std::string_view line) {
  const auto text = stripped(line);
  return !text.empty() && (text[0] == '-' || text[0] == '=') && text.find_first_not_of(text[0]) == none;
}

/// The text of a `#` heading.
std::optional<std::string_view> heading(std::string_view line) {
  auto text = stripped(line);
  const auto marks = std::min(text.find_first_not_of('#'), text.size());
  if (marks == 0 || marks > 6 || (marks < text.size() && text[marks] != ' ' && text[marks] != '\t'))
    return std::nullopt;
  text = stripped(text.substr(marks));
  const auto last = text.find_last_not_of('#');
  if (last == none) return std::string_view();
  return text[last] == ' ' ? stripped(text.substr(0, last)) : text;
}

/// The fence of a code block.
std::string_view fence(std::string_view line) {
  const auto text = stripped(line);
  if (text.empty() || (text[0] != '`' && text[0] != '~')) return {};
  const auto length = std::min(text.find_first_not_of(text[0]), text.size());
  const bool is_code = length >= 3 && (text[0] == '~' || text.find('`', length) == none);
  return is_code ? text.substr(0, length) : std::string_view();
}

struct Item {
  std::size_t indent = 0; ///< of the item's text
  std::string_view text;
  bool is_first = true; ///< a bullet, or number 1: may follow a paragraph directly
};

/// Characters of a marker such as `12.`, `a)`, `iv.`; 0 where there is none.
std::size_t numbering(std::string_view text) {
  const auto run = [&](auto matches) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), matches) - text.begin());
  };
  auto length = run(is_digit);
  if (length == 0) length = run([](char c) { return c == 'i' || c == 'v' || c == 'x'; });
  if (length == 0) length = run([](char c) { return c == 'I' || c == 'V' || c == 'X'; });
  if (length == 0 && !text.empty() && is_letter(text[0])) length = 1;
  const bool ends =
      length > 0 && length <= 9 && length < text.size() && (text[length] == '.' || text[length] == ')');
  return ends ? length + 1 : 0;
}

std::optional<Item> list_item(std::string_view line) {
  const auto indent = indent_of(line);
  const auto text = line.substr(indent);
  const bool is_bullet = !text.empty() && std::string_view("-+*").find(text[0]) != none;
  const auto marker = is_bullet ? 1 : numbering(text);
  if (marker == 0 || (marker < text.size() && text[marker] != ' ' && text[marker] != '\t'))
    return std::nullopt;
  const auto rest = text.substr(marker);
  const auto blanks = std::min(indent_of(rest), code_indent);
  return Item{indent + marker + std::max<std::size_t>(blanks, 1), stripped(rest),
              is_bullet || text.starts_with("1.") || text.starts_with("1)")};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

constexpr std::array<std::string_view, 62> block_tags{
    "address",  "article",    "aside",  "base",    "basefont", "blockquote", "body",     "caption",  "center",
    "col",      "colgroup",   "dd",     "details", "dialog",   "dir",        "div",      "dl",       "dt",
    "fieldset", "figcaption", "figure", "footer",  "form",     "frame",      "frameset", "h1",       "h2",
    "h3",       "h4",         "h5",     "h6",      "head",     "header",     "hr",       "html",     "iframe",
    "legend",   "li",         "link",   "main",    "menu",     "menuitem",   "nav",      "noframes", "ol",
    "optgroup", "option",     "p",      "param",   "search",   "section",    "summary",  "table",    "tbody",
    "td",       "tfoot",      "th",     "thead",   "title",    "tr",         "track",    "ul"};

std::string tag_name(std::string_view text) {
  const auto name = text.substr(text.starts_with("</") ? 2 : 1);
  const auto end =
      std::find_if_not(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
  return lower({name.data(), static_cast<std::size_t>(end - name.begin())});
}

/// What ends an HTML block that begins with this line: a text, or an empty one for a blank line; nothing
/// where none begins.
std::optional<std::string> html_end(std::string_view line, bool in_paragraph) {
  const auto text = stripped(line);
  if (text.size() < 2 || text[0] != '<') return std::nullopt;
  if (text.starts_with("<!--")) return "-->";
  if (text.starts_with("<?")) return "?>";
  if (text.starts_with("<![CDATA[")) return "]]>";
  if (text.starts_with("<!")) return ">";
  const auto name = tag_name(text);
  for (const auto raw : {"script", "pre", "style", "textarea"})
    if (name == raw && text[1] != '/') return "</" + name + ">";
  if (std::binary_search(block_tags.begin(), block_tags.end(), std::string_view(name))) return "";
  // Any other tag that stands alone on its line.
  const auto close = text.find('>');
  const bool is_alone = !name.empty() && close != none && close + 1 == text.size() && text.find(':') > close;
  return is_alone && !in_paragraph ? std::optional(std::string()) : std::nullopt;
}

// -- tables -----------------------------------------------------------------------

/// The row between head and body of a table.
bool is_table_rule(std::string_view line) {
  const auto text = stripped(line);
  return text.find('-') != none && text.find('|') != none && text.find_first_not_of("|:- \t") == none;
}

Lines cells_of(std::string_view line) {
  auto text = stripped(line);
  if (text.starts_with('|')) text.remove_prefix(1);
  if (text.ends_with('|') && !text.ends_with("\\|")) text.remove_suffix(1);
  Lines cells;
  for (std::size_t start = 0, at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '\\') {
      ++at;
    } else if (at == text.size() || text[at] == '|') {
      cells.push_back(stripped(text.substr(start, at - start)));
      start = at + 1;
    }
  }
  return cells;
}

// -- blocks -----------------------------------------------------------------------

class Blocks {
public:
  Blocks(const Lines& lines, std::string& out)
      : lines_(lines)
      , out_(out) {}

  void write() {
    while (at_ < lines_.size())
      step();
    end_paragraph();
  }

private:
  void step() {
    const auto line = lines_[at_];
    if (is_blank(line)) return end_with(1);
    if (indent_of(line) >= code_indent && paragraph_.empty()) return code_line(line);
    if (!paragraph_.empty() && is_setext(line)) return end_with(1);
    if (const auto text = heading(line)) return title(*text);
    if (const auto mark = fence(line); !mark.empty()) return fenced(mark);
    if (is_rule(line) || stripped(line).starts_with(":::")) return end_with(1);
    if (stripped(line).starts_with('>')) return quote();
    if (const auto end = html_end(line, !paragraph_.empty())) return html(*end);
    if (const auto item = list_item(line); item && begins_list(*item)) return list(*item);
    if (at_ + 1 < lines_.size() && paragraph_.empty() && line.find('|') != none &&
        is_table_rule(lines_[at_ + 1]))
      return table();
    if (!paragraph_.empty()) paragraph_ += '\n';
    paragraph_ += outdented(line, line.size());
    ++at_;
  }

  bool begins_list(const Item& item) const {
    return paragraph_.empty() || (item.is_first && !item.text.empty());
  }

  void end_paragraph() {
    if (paragraph_.empty()) return;
    append_inline(out_, stripped(paragraph_));
    out_ += '\n';
    paragraph_.clear();
  }

  void end_with(std::size_t lines) {
    end_paragraph();
    at_ += lines;
  }

  void title(std::string_view text) {
    end_with(1);
    append_inline(out_, text);
    out_ += '\n';
  }

  void code_line(std::string_view line) {
    append_encoded(out_, line);
    out_ += '\n';
    ++at_;
  }

  void fenced(std::string_view mark) {
    end_with(1);
    for (; at_ < lines_.size(); ++at_) {
      const auto text = stripped(lines_[at_]);
      if (text.starts_with(mark) && text.find_first_not_of(mark[0]) == none) {
        ++at_;
        return;
      }
      append_encoded(out_, lines_[at_]);
      out_ += '\n';
    }
  }

  void nested(const Lines& lines) {
    Blocks(lines, out_).write();
    out_ += '\n';
  }

  /// Whether a line goes on with a paragraph that stands deeper, though its marker is missing.
  static bool is_lazy(std::string_view line) {
    return !is_blank(line) && !is_rule(line) && !heading(line) && fence(line).empty() && !list_item(line);
  }

  void quote() {
    end_paragraph();
    Lines inside;
    for (; at_ < lines_.size(); ++at_) {
      auto text = stripped(lines_[at_]);
      const bool is_quoted = text.starts_with('>');
      if (!is_quoted && (!is_lazy(text) || is_blank(inside.back()))) break;
      if (is_quoted) text.remove_prefix(text.starts_with("> ") ? 2 : 1);
      inside.push_back(text);
    }
    nested(inside);
  }

  void list(const Item& item) {
    end_with(1);
    auto first = item.text;
    for (const auto box : {"[ ] ", "[x] ", "[X] "})
      if (first.starts_with(box)) first.remove_prefix(4);
    Lines inside{first};
    for (; at_ < lines_.size(); ++at_) {
      const auto line = lines_[at_];
      const bool is_inside = is_blank(line) || indent_of(line) >= item.indent;
      if (!is_inside && (is_blank(inside.back()) || !is_lazy(line))) break;
      inside.push_back(outdented(line, item.indent));
    }
    nested(inside);
  }

  void html(const std::string& end) {
    end_paragraph();
    std::string block;
    while (at_ < lines_.size()) {
      const auto line = lines_[at_];
      if (end.empty() && is_blank(line)) break;
      ++at_;
      (block += line) += '\n';
      if (!end.empty() && lower(line).find(end) != none) break;
    }
    append_untagged(out_, block);
  }

  void table() {
    for (bool is_rule_next = false; at_ < lines_.size() && !is_blank(lines_[at_]); ++at_) {
      if (is_rule_next && is_table_rule(lines_[at_])) {
        is_rule_next = false;
        continue;
      }
      is_rule_next = true;
      for (const auto cell : cells_of(lines_[at_])) {
        append_inline(out_, cell);
        out_ += '\n';
      }
    }
  }

  const Lines& lines_;
  std::string& out_;
  std::size_t at_ = 0;
  std::string paragraph_;
};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + (text.substr(end).starts_with("\r\n") ? 2 : 1), text.size()));
  }
  return lines;
}

/// Leaves out what stands between `---` at the start and `---` or `...`.
void drop_front_matter(Lines& lines) {
  if (lines.empty() || lines[0] != "---") return;
  const auto end = std::find_if(lines.begin() + 1, lines.end(),
                                [](std::string_view line) { return line == "---" || line == "..."; });
  if (end != lines.end()) lines.erase(lines.begin(), end + 1);
}

} // namespace

std::string plain_summary(std::string_view markdown) {
  auto lines = lines_of(markdown);
  drop_front_matter(lines);
  std::string html;
  Blocks(lines, html).write();
  return collapsed(html);
}

} // namespace dialogferry::mapping::correspondence
