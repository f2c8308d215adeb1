#include "../text.hpp"
#include "markdown.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace dialogferry::mapping::correspondence {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_punctuation(char c) {
  return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F && !is_word(c);
}

/// Marks that come in pairs around a text.
struct Mark {
  char character;
  std::size_t least;
  std::size_t most;
  bool within_words;
};

constexpr std::array<Mark, 7> marks{{{'*', 1, 2, true},
                                     {'_', 1, 2, false},
                                     {'~', 1, 2, true},
                                     {'^', 1, 1, true},
                                     {'+', 2, 2, true},
                                     {'=', 2, 2, true},
                                     {'"', 2, 2, true}}};

/// Finished HTML without tags, or a run of a mark that may still find its partner.
struct Piece {
  std::string html;
  const Mark* mark = nullptr;
  std::size_t count = 0; ///< characters of the run that are left
  bool opens = false;
  bool closes = false;
};

// -- what stands by itself ------------------------------------------------------

/// The end of a code span that starts at `at`; `at` where there is none.
std::size_t end_of_code(std::string_view text, std::size_t at, std::size_t run) {
  for (auto next = text.find('`', at + run); next != std::string_view::npos;) {
    const auto end = std::min(text.find_first_not_of('`', next), text.size());
    if (end - next == run) return end;
    next = text.find('`', end);
  }
  return at;
}

std::string_view code_content(std::string_view code) {
  const bool padded = code.size() > 1 && is_space(code.front()) && is_space(code.back()) && !is_blank(code);
  return padded ? code.substr(1, code.size() - 2) : code;
}

/// The end of the tag, comment or the like that starts at `at`; `at` where there is none.
std::size_t end_of_tag(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  const auto until = [&](std::string_view mark, std::size_t from) {
    const auto end = rest.find(mark, from);
    return end == std::string_view::npos ? at : at + end + mark.size();
  };
  if (rest.starts_with("<!--")) return until("-->", 4);
  if (rest.starts_with("<?")) return until("?>", 2);
  if (rest.starts_with("<![CDATA[")) return until("]]>", 9);
  if (rest.starts_with("<!") && rest.size() > 2 && is_letter(rest[2])) return until(">", 2);
  const std::size_t name = rest.starts_with("</") ? 2 : 1;
  if (rest.size() <= name || !is_letter(rest[name])) return at;
  char quote = 0;
  for (std::size_t i = name; i < rest.size(); ++i) {
    if (quote != 0) {
      if (rest[i] == quote) quote = 0;
    } else if (rest[i] == '>') {
      return at + i + 1;
    } else if (rest[i] == '<' || rest[i] == '`') {
      return at;
    } else if (i > name && (rest[i] == '"' || rest[i] == '\'')) {
      if (rest[i - 1] != '=') return at;
      quote = rest[i];
    }
  }
  return at;
}

/// What `<...>` shows where it is an address; nothing where it is not.
std::optional<std::string_view> bracketed_address(std::string_view text, std::size_t at) {
  const auto end = text.find('>', at);
  if (end == std::string_view::npos) return std::nullopt;
  const auto inside = text.substr(at + 1, end - at - 1);
  if (inside.empty() || inside.find_first_of(" \t\n<") != std::string_view::npos) return std::nullopt;
  const auto colon = inside.find(':');
  const bool is_link = colon != std::string_view::npos && colon >= 2 &&
                       std::all_of(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(colon),
                                   [](char c) { return is_word(c) || c == '+' || c == '-' || c == '.'; });
  const auto sign = inside.find('@');
  const bool is_mail = sign != std::string_view::npos && sign > 0 && sign + 1 < inside.size();
  return is_link || is_mail ? std::optional(inside) : std::nullopt;
}

/// The end of a bare address at `at`; `at` where there is none.
std::size_t end_of_address(std::string_view text, std::size_t at) {
  if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '/')) return at;
  const auto rest = text.substr(at);
  static constexpr std::array<std::string_view, 5> starts{"https://", "http://", "ftp://", "www.", "mailto:"};
  const auto* start =
      std::find_if(starts.begin(), starts.end(), [&](std::string_view one) { return rest.starts_with(one); });
  if (start == starts.end()) return at;
  auto end = std::min(rest.find_first_of(" \t\r\n<"), rest.size());
  while (end > start->size() &&
         std::string_view("?!.,:*_~\"';)").find(rest[end - 1]) != std::string_view::npos)
    --end;
  const auto address = rest.substr(start->size(), end - start->size());
  const bool is_good = *start == "mailto:" ? address.find('@') != std::string_view::npos
                                           : address.find('.') != std::string_view::npos;
  return is_good ? at + end : at;
}

/// The end of `{#id .class name=value}` at `at`; `at` where there is none.
std::size_t end_of_attributes(std::string_view text, std::size_t at) {
  const auto end = text.find('}', at);
  if (end == std::string_view::npos) return at;
  auto inside = text.substr(at + 1, end - at - 1);
  if (is_blank(inside)) return at;
  while (!is_blank(inside)) {
    inside.remove_prefix(inside.find_first_not_of(' '));
    const auto word = inside.substr(0, inside.find(' '));
    const auto name = word.substr(word[0] == '#' || word[0] == '.' ? 1 : 0);
    if (name.empty() || !(is_letter(name[0]) || name[0] == '_' || name[0] == ':')) return at;
    inside.remove_prefix(word.size());
  }
  return end + 1;
}

/// A formula between dollars: where it ends, and what is inside.
struct Formula {
  std::size_t end = 0;
  std::string_view inside;
};

std::optional<Formula> read_formula(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? ' ' : text[at - 1];
  const auto is_edge = [](char c) { return is_space(c) || is_punctuation(c); };
  if (before == '$' || !is_edge(before)) return std::nullopt;
  const std::size_t run = text.substr(at).starts_with("$$") ? 2 : 1;
  const auto start = at + run;
  const auto close = text.find(std::string_view("$$", run), start);
  if (close == std::string_view::npos || close == start) return std::nullopt;
  const auto end = std::min(text.find_first_not_of('$', close), text.size());
  if ((end < text.size() && !is_edge(text[end])) || is_space(text[start]) != is_space(text[close - 1]))
    return std::nullopt;
  return Formula{end, text.substr(start, close - start)};
}

// -- links ----------------------------------------------------------------------

/// The bracket that closes the one at `at`.
std::optional<std::size_t> closing(std::string_view text, std::size_t at, char open, char close) {
  int depth = 0;
  for (auto i = at; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '`' && open == '[') {
      const auto run = std::min(text.find_first_not_of('`', i), text.size()) - i;
      i = std::max(end_of_code(text, i, run), i + run) - 1;
    } else if (text[i] == open) {
      ++depth;
    } else if (text[i] == close && --depth == 0) {
      return i;
    }
  }
  return std::nullopt;
}

struct Link {
  std::string_view text;
  std::size_t end = 0;
};

/// `[text](address "title")` at `at`.
std::optional<Link> read_link(std::string_view text, std::size_t at) {
  const auto bracket = closing(text, at, '[', ']');
  if (!bracket || *bracket + 1 >= text.size() || text[*bracket + 1] != '(') return std::nullopt;
  const auto end = closing(text, *bracket + 1, '(', ')');
  if (!end) return std::nullopt;
  const auto inside = text.substr(*bracket + 2, *end - *bracket - 2);
  const auto first = inside.find_first_not_of(" \t\n");
  const auto address = first == std::string_view::npos ? std::string_view() : inside.substr(first);
  const auto blank = address.find_first_of(" \t\n");
  const auto title = blank == std::string_view::npos ? std::string_view() : address.substr(blank);
  const auto quote = title.find_first_not_of(" \t\n");
  const bool is_good = address.starts_with('<') || quote == std::string_view::npos ||
                       std::string_view("\"'(").find(title[quote]) != std::string_view::npos;
  if (!is_good) return std::nullopt;
  return Link{text.substr(at + 1, *bracket - at - 1), *end + 1};
}

// -- the parser -----------------------------------------------------------------

class Inline {
public:
  explicit Inline(std::string_view text)
      : text_(text) {}

  void write(std::string& out) {
    while (at_ < text_.size())
      step();
    pair_marks();
    for (const auto& piece : pieces_)
      if (piece.mark == nullptr)
        out += piece.html;
      else
        append_encoded(out, std::string(piece.count, piece.mark->character));
  }

private:
  void step() {
    switch (text_[at_]) {
    case '\\': return escape();
    case '`': return code();
    case '<': return angle();
    case '&': return entity();
    case '!':
    case '[': return link();
    case '{': return skip_to(end_of_attributes(text_, at_));
    case '$': return formula();
    default: break;
    }
    if (take_mark() || take_address()) return;
    plain(1);
  }

  std::string& html() {
    if (pieces_.empty() || pieces_.back().mark != nullptr) pieces_.emplace_back();
    return pieces_.back().html;
  }

  void plain(std::size_t count) {
    append_encoded(html(), text_.substr(at_, count));
    at_ += count;
  }

  /// Leaves out what stands up to `end`; a plain character where that is nothing.
  void skip_to(std::size_t end) {
    if (end == at_) return plain(1);
    at_ = end;
  }

  void escape() {
    const bool escapes = at_ + 1 < text_.size() && is_punctuation(text_[at_ + 1]);
    const bool breaks = at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    if (escapes || breaks) ++at_;
    plain(1);
  }

  void code() {
    const auto run = std::min(text_.find_first_not_of('`', at_), text_.size()) - at_;
    const auto end = end_of_code(text_, at_, run);
    if (end == at_) return plain(run);
    append_encoded(html(), code_content(text_.substr(at_ + run, end - at_ - 2 * run)));
    at_ = end;
  }

  void angle() {
    if (const auto address = bracketed_address(text_, at_)) {
      append_encoded(html(), *address);
      at_ += address->size() + 2;
      return;
    }
    skip_to(end_of_tag(text_, at_));
  }

  void entity() {
    const auto found = read_entity(text_.substr(at_));
    if (found.length == 0) return plain(1);
    append_encoded(html(), found.text);
    at_ += found.length;
  }

  void link() {
    const bool is_image = text_[at_] == '!';
    const auto bracket = at_ + (is_image ? 1 : 0);
    const auto found =
        bracket < text_.size() && text_[bracket] == '[' ? read_link(text_, bracket) : std::nullopt;
    if (!found) return plain(1);
    if (!is_image) append_inline(html(), found->text);
    at_ = found->end;
  }

  void formula() {
    const auto found = read_formula(text_, at_);
    if (!found) return plain(1);
    html() += "\\(";
    append_encoded(html(), found->inside);
    html() += "\\)";
    at_ = found->end;
  }

  bool take_address() {
    const auto end = end_of_address(text_, at_);
    if (end == at_) return false;
    constexpr std::string_view mail = "mailto:";
    if (text_.substr(at_).starts_with(mail)) at_ += mail.size();
    plain(end - at_);
    return true;
  }

  bool take_mark() {
    const char c = text_[at_];
    const auto* mark =
        std::find_if(marks.begin(), marks.end(), [&](const Mark& one) { return one.character == c; });
    if (mark == marks.end()) return false;
    const auto end = std::min(text_.find_first_not_of(c, at_), text_.size());
    if (end - at_ < mark->least) return false;
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    const char after = end == text_.size() ? ' ' : text_[end];
    const bool left =
        !is_space(after) && (!is_punctuation(after) || is_space(before) || is_punctuation(before));
    const bool right =
        !is_space(before) && (!is_punctuation(before) || is_space(after) || is_punctuation(after));
    const bool opens = left && (mark->within_words || !right || is_punctuation(before));
    const bool closes = right && (mark->within_words || !left || is_punctuation(after));
    pieces_.push_back({{}, mark, end - at_, opens, closes});
    at_ = end;
    return true;
  }

  // Emphasis as CommonMark pairs it; of a pair only the marks go.
  void pair_marks() {
    for (std::size_t closer = 0; closer < pieces_.size(); ++closer)
      while (pieces_[closer].closes && pieces_[closer].count >= least(pieces_[closer]) &&
             pair_with_opener(closer)) {
      }
  }

  static std::size_t least(const Piece& piece) { return piece.mark == nullptr ? 1 : piece.mark->least; }

  bool pair_with_opener(std::size_t closer) {
    auto& end = pieces_[closer];
    for (auto opener = closer; opener-- > 0;) {
      auto& start = pieces_[opener];
      if (start.mark != end.mark || !start.opens || start.count < least(start)) continue;
      if ((start.closes || end.opens) && (start.count + end.count) % 3 == 0 &&
          (start.count % 3 != 0 || end.count % 3 != 0) && end.mark->within_words &&
          end.mark->character == '*')
        continue;
      const auto used = std::min({start.count, end.count, end.mark->most});
      start.count -= used;
      end.count -= used;
      for (auto between = opener + 1; between < closer; ++between)
        pieces_[between].opens = pieces_[between].closes = false;
      return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_;
};

} // namespace

void append_inline(std::string& out, std::string_view text) {
  Inline(text).write(out);
}

} // namespace dialogferry::mapping::correspondence
