#include "correspondence/model/markdown_inline.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace altinn_sim::correspondence {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\0';
}

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code == 0 || code > 0x10ffff) code = 0xfffd;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The text of "&name;" or "&#n;" without its marks; nothing where there is no such entity.
std::optional<std::string> entity(std::string_view name) {
  struct Named {
    std::string_view name;
    std::uint32_t code;
  };
  constexpr std::array<Named, 22> known = {
      {{"amp", '&'},    {"lt", '<'},       {"gt", '>'},       {"quot", '"'},      {"apos", '\''},
       {"nbsp", 0xa0},  {"copy", 0xa9},    {"reg", 0xae},     {"sect", 0xa7},     {"laquo", 0xab},
       {"raquo", 0xbb}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"euro", 0x20ac},
       {"aelig", 0xe6}, {"oslash", 0xf8},  {"aring", 0xe5},   {"AElig", 0xc6},    {"Oslash", 0xd8},
       {"Aring", 0xc5}, {"bull", 0x2022}}};
  std::string out;
  if (name.starts_with('#')) {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const auto digits = name.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    append_utf8(out, code);
    return out;
  }
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Named& it) { return it.name == name; });
  if (found == known.end()) return std::nullopt;
  append_utf8(out, found->code);
  return out;
}

/// A run of marks that may begin or end an emphasis.
struct Run {
  char mark = 0;
  std::size_t left = 0; ///< marks that found no partner yet
  bool opens = false;
  bool closes = false;
};

/// Text, or a run of marks.
struct Piece {
  std::string text;
  Run run;
};

/// How many marks make a pair with those: 0 where they make none.
std::size_t pair_of(const Run& opener, const Run& closer) {
  switch (opener.mark) {
  case '*':
  case '_': return opener.left >= 2 && closer.left >= 2 ? 2 : 1;
  case '~': return opener.left >= 2 && closer.left >= 2 ? 2 : (opener.left == 1 && closer.left == 1 ? 1 : 0);
  case '^': return 1;
  default: return opener.left >= 2 && closer.left >= 2 ? 2 : 0;
  }
}

class Inline {
public:
  explicit Inline(std::string_view text)
      : text_(text) {}

  std::string render() {
    while (at_ < text_.size())
      step();
    pair_up();
    std::string out;
    for (const auto& piece : pieces_) {
      out += piece.text;
      append_encoded(out, std::string(piece.run.left, piece.run.mark));
    }
    return out;
  }

private:
  char ahead(std::size_t by = 1) const { return at_ + by < text_.size() ? text_[at_ + by] : '\0'; }

  std::string& plain() {
    if (pieces_.empty() || pieces_.back().run.mark != 0) pieces_.emplace_back();
    return pieces_.back().text;
  }

  void literal() {
    append_encoded(plain(), text_.substr(at_, 1));
    ++at_;
  }

  void step() {
    switch (text_[at_]) {
    case '\\': return escape();
    case '`': return code();
    case '<': return angle();
    case '&': return ampersand();
    case '!': return ahead() == '[' && link(at_ + 1, false) ? void() : literal();
    case '[': return link(at_, true) ? void() : literal();
    case '$': return mathematics();
    case '{': return attributes();
    case '*':
    case '_':
    case '~':
    case '^':
    case '=':
    case '+':
    case '"': return marks();
    default: return literal();
    }
  }

  void escape() {
    if (ahead() == '\n') {
      ++at_;
      return;
    }
    if (is_punctuation(ahead())) ++at_;
    literal();
  }

  void code() {
    const auto end = std::min(text_.find_first_not_of('`', at_), text_.size());
    const auto size = end - at_;
    for (auto close = text_.find('`', end); close != std::string_view::npos;) {
      const auto after = std::min(text_.find_first_not_of('`', close), text_.size());
      if (after - close == size) {
        append_encoded(plain(), text_.substr(end, close - end));
        at_ = after;
        return;
      }
      close = text_.find('`', after);
    }
    append_encoded(plain(), text_.substr(at_, size));
    at_ = end;
  }

  void angle() {
    if (text_.substr(at_).starts_with("<!--")) {
      const auto end = text_.find("-->", at_ + 4);
      if (end != std::string_view::npos) {
        at_ = end + 3;
        return;
      }
    }
    const auto end = text_.find('>', at_);
    if (end == std::string_view::npos) return literal();
    const auto inside = text_.substr(at_ + 1, end - at_ - 1);
    const bool has_space = inside.find_first_of(" \n<") != std::string_view::npos;
    if (!has_space && (inside.find("://") != std::string_view::npos || inside.starts_with("mailto:") ||
                       inside.find('@') != std::string_view::npos)) {
      append_encoded(plain(), inside);
      at_ = end + 1;
      return;
    }
    const auto name = inside.starts_with('/') ? inside.substr(1) : inside;
    const bool is_tag =
        !name.empty() && (is_letter(name.front()) || name.front() == '!' || name.front() == '?');
    if (!is_tag || inside.find('<') != std::string_view::npos) return literal();
    at_ = end + 1;
  }

  void ampersand() {
    const auto end = text_.find(';', at_);
    const auto known =
        end == std::string_view::npos ? std::nullopt : entity(text_.substr(at_ + 1, end - at_ - 1));
    if (!known) return literal();
    append_encoded(plain(), *known);
    at_ = end + 1;
  }

  /// "[text](address)" from `open` on; an image shows nothing. False where there is none.
  bool link(std::size_t open, bool shown) {
    std::size_t depth = 0;
    auto close = open;
    for (; close < text_.size(); ++close) {
      if (text_[close] == '\\') {
        ++close;
        continue;
      }
      if (text_[close] == '[') ++depth;
      if (text_[close] == ']' && --depth == 0) break;
    }
    if (close + 1 >= text_.size() || text_[close + 1] != '(') return false;
    const auto end = text_.find(')', close);
    if (end == std::string_view::npos) return false;
    if (shown) append_inline(plain(), text_.substr(open + 1, close - open - 1));
    at_ = end + 1;
    return true;
  }

  void mathematics() {
    const auto end = text_.find('$', at_ + 1);
    const bool is_formula = end != std::string_view::npos && end > at_ + 1 && !is_space(ahead()) &&
                            !is_space(text_[end - 1]) &&
                            !(end + 1 < text_.size() && text_[end + 1] >= '0' && text_[end + 1] <= '9');
    if (!is_formula) return literal();
    plain() += "\\(";
    append_encoded(plain(), text_.substr(at_ + 1, end - at_ - 1));
    plain() += "\\)";
    at_ = end + 1;
  }

  /// "{…}" says how something looks, and is not shown.
  void attributes() {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos || end == at_ + 1) return literal();
    at_ = end + 1;
  }

  void marks() {
    const char mark = text_[at_];
    const auto end = std::min(text_.find_first_not_of(mark, at_), text_.size());
    const char before = at_ > 0 ? text_[at_ - 1] : ' ';
    const char after = end < text_.size() ? text_[end] : ' ';
    const bool left =
        !is_space(after) && (!is_punctuation(after) || is_space(before) || is_punctuation(before));
    const bool right =
        !is_space(before) && (!is_punctuation(before) || is_space(after) || is_punctuation(after));
    Run run{mark, end - at_, left, right};
    if (mark == '_') {
      run.opens = left && (!right || is_punctuation(before));
      run.closes = right && (!left || is_punctuation(after));
    }
    pieces_.push_back({{}, run});
    at_ = end;
  }

  void pair_up() {
    for (std::size_t at = 0; at < pieces_.size(); ++at) {
      auto& closer = pieces_[at].run;
      if (!closer.closes) continue;
      for (auto from = at; from-- > 0 && closer.left > 0;) {
        auto& opener = pieces_[from].run;
        while (opener.mark == closer.mark && opener.opens && opener.left > 0 && closer.left > 0) {
          const auto pair = pair_of(opener, closer);
          if (pair == 0) break;
          opener.left -= pair;
          closer.left -= pair;
        }
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_;
};

} // namespace

void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
    }
  }
}

void append_inline(std::string& out, std::string_view text) {
  out += Inline(text).render();
}

} // namespace altinn_sim::correspondence
