#include "dialogporten/wire/reached.hpp"

#include <algorithm>
#include <vector>

namespace altinn_sim::dialogporten {

namespace {

/// An object or list that is not closed yet, and where in it one is.
struct Level {
  bool is_list = false;
  std::size_t index = 0;
  std::string_view key;
  bool wants_key = true;
};

/// The end of the string that begins at `at`, past its closing quote; the text's end where there is none.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

void take(std::vector<Level>& levels, char sign) {
  switch (sign) {
  case '{': levels.push_back({}); break;
  case '[': levels.push_back({true, 0, {}, false}); break;
  case '}':
  case ']': levels.pop_back(); break;
  case ':': levels.back().wants_key = false; break;
  case ',':
    levels.back().wants_key = !levels.back().is_list;
    ++levels.back().index;
    break;
  default: break;
  }
}

std::string spelled(const std::vector<Level>& levels) {
  std::string out;
  for (const auto& level : levels) {
    if (level.is_list)
      out += '[' + std::to_string(level.index) + ']';
    else if (!level.key.empty())
      (out += out.empty() ? "" : ".") += level.key;
  }
  return out;
}

} // namespace

std::string member_reached(std::string_view text) {
  std::vector<Level> levels;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '"') {
      const bool outside = levels.empty() && text[at] != '{' && text[at] != '[';
      if (!outside) take(levels, text[at]);
      ++at;
      continue;
    }
    const auto end = end_of_string(text, at);
    const bool closed = end - at >= 2 && text[end - 1] == '"';
    if (closed && !levels.empty() && levels.back().wants_key)
      levels.back().key = text.substr(at + 1, end - at - 2);
    at = end;
  }
  return spelled(levels);
}

} // namespace altinn_sim::dialogporten
