#include "dialogporten/validation/html.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>
#include <string>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::string_view allowed_tags[] = {"p",  "a",     "br",    "em",    "strong", "ul", "ol",
                                             "li", "table", "thead", "tbody", "tr",     "td", "th"};
constexpr std::string_view space = " \t\r\n";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes one `name="value"` off the front; false where there is none.
struct Attribute {
  std::string name;
  std::string_view value;
};

bool take_attribute(std::string_view& rest, Attribute& attribute) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n/"), rest.size()));
  if (rest.empty()) return false;
  const auto name_end = std::min(rest.find_first_of("= \t\r\n"), rest.size());
  attribute = {lower(rest.substr(0, name_end)), {}};
  rest.remove_prefix(name_end);
  if (!rest.starts_with('=')) return true;
  rest.remove_prefix(1);
  const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
  const char quote = is_quoted ? rest.front() : ' ';
  if (is_quoted) rest.remove_prefix(1);
  const auto end = std::min(is_quoted ? rest.find(quote) : rest.find_first_of(space), rest.size());
  attribute.value = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return true;
}

/// `inside` is what stands between '<' and '>' of an opening tag.
bool is_allowed_tag(std::string_view inside) {
  const auto name_end = std::min(inside.find_first_of(" \t\r\n/"), inside.size());
  const auto name = lower(inside.substr(0, name_end));
  if (std::find(std::begin(allowed_tags), std::end(allowed_tags), name) == std::end(allowed_tags))
    return false;
  inside.remove_prefix(name_end);
  int attributes = 0;
  bool links_out = false;
  for (Attribute attribute; take_attribute(inside, attribute); ++attributes)
    links_out = attribute.name == "href" && lower(attribute.value).starts_with("https://");
  return name == "a" ? attributes == 1 && links_out : attributes == 0;
}

/// The '>' that ends the tag, beyond any quoted attribute.
std::size_t end_of_tag(std::string_view text, std::size_t from) {
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (quote != 0)
      quote = text[i] == quote ? '\0' : quote;
    else if (text[i] == '>')
      return i;
    else if ((text[i] == '"' || text[i] == '\'') && text[i - 1] == '=')
      quote = text[i];
  }
  return text.size();
}

} // namespace

bool is_allowed_html(std::string_view text) {
  for (auto open = text.find('<'); open != std::string_view::npos; open = text.find('<', open + 1)) {
    if (open + 1 >= text.size() || !is_letter(text[open + 1])) continue;
    const auto end = end_of_tag(text, open + 1);
    if (!is_allowed_tag(text.substr(open + 1, end - open - 1))) return false;
    if (end == text.size()) break;
    open = end;
  }
  return true;
}

} // namespace altinn_sim::dialogporten
