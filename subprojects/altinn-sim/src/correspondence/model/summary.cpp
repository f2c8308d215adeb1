#include "correspondence/model/markdown_inline.hpp"
#include "correspondence/model/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace altinn_sim::correspondence {

namespace {

std::string_view without_indent(std::string_view line) {
  const auto at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view{} : line.substr(at);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    const bool both = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(end + (both ? 2 : 1), text.size()));
  }
  return lines;
}

/// "---", "* * *" and the like.
bool is_rule(std::string_view line) {
  line = without_indent(line);
  if (line.empty() || std::string_view{"-*_="}.find(line.front()) == std::string_view::npos) return false;
  const auto marks = std::count(line.begin(), line.end(), line.front());
  const auto spaces = std::count(line.begin(), line.end(), ' ') + std::count(line.begin(), line.end(), '\t');
  return marks >= 3 && static_cast<std::size_t>(marks + spaces) == line.size();
}

/// "|---|:--|" under the head of a table.
bool is_table_rule(std::string_view line) {
  line = without_indent(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

/// Without what makes a line a heading, a list's item or a quotation.
std::string_view without_markers(std::string_view line, bool begins) {
  for (;;) {
    line = without_indent(line);
    const auto hashes = std::min(line.find_first_not_of('#'), line.size());
    if (hashes >= 1 && hashes <= 6 && (hashes == line.size() || line[hashes] == ' ')) {
      line.remove_prefix(hashes);
      const auto end = line.find_last_not_of("# \t");
      return without_indent(line.substr(0, end == std::string_view::npos ? 0 : end + 1));
    }
    const auto space_at = [&](std::size_t at) {
      return at >= line.size() || line[at] == ' ' || line[at] == '\t';
    };
    if (line.starts_with('>')) {
      line.remove_prefix(1);
    } else if (!line.empty() && std::string_view{"-*+"}.find(line.front()) != std::string_view::npos &&
               space_at(1)) {
      line.remove_prefix(1);
    } else {
      const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
      const bool is_item = digits >= 1 && digits <= 9 && digits < line.size() &&
                           (line[digits] == '.' || line[digits] == ')') && space_at(digits + 1) &&
                           (begins || line.substr(0, digits) == "1");
      if (!is_item) return line;
      line.remove_prefix(digits + 1);
    }
    begins = true;
  }
}

void append_cells(std::string& out, std::string_view row) {
  while (!row.empty()) {
    const auto end = std::min(row.find('|'), row.size());
    append_inline(out, row.substr(0, end));
    out += ' ';
    row.remove_prefix(std::min(end + 1, row.size()));
  }
}

/// Renders block after block; what stands apart is set apart by white space.
class Blocks {
public:
  explicit Blocks(std::string_view text)
      : lines_(lines_of(text)) {}

  std::string render() {
    skip_front_matter();
    while (at_ < lines_.size())
      block();
    end_paragraph();
    return std::move(out_);
  }

private:
  void skip_front_matter() {
    if (lines_.empty() || lines_[0] != "---") return;
    for (std::size_t at = 1; at < lines_.size(); ++at)
      if (lines_[at] == "---") {
        at_ = at + 1;
        return;
      }
  }

  void block() {
    const auto line = lines_[at_];
    const auto content = without_indent(line);
    if (content.empty() || is_rule(line)) {
      end_paragraph();
      ++at_;
    } else if (content.starts_with("```") && content.find('`', 3) == std::string_view::npos) {
      fenced();
    } else if (at_ + 1 < lines_.size() && is_table_rule(lines_[at_ + 1]) &&
               content.find('|') != std::string_view::npos) {
      table();
    } else {
      const auto text = without_markers(line, paragraph_.empty() || is_marked_);
      const bool is_marked = text.data() != content.data();
      if (is_marked) end_paragraph();
      is_marked_ = is_marked;
      if (!paragraph_.empty()) paragraph_ += '\n';
      paragraph_ += text;
      ++at_;
    }
  }

  void fenced() {
    end_paragraph();
    for (++at_; at_ < lines_.size() && !without_indent(lines_[at_]).starts_with("```"); ++at_)
      (append_encoded(out_, lines_[at_]), out_ += ' ');
    ++at_;
  }

  void table() {
    end_paragraph();
    append_cells(out_, lines_[at_]);
    for (at_ += 2; at_ < lines_.size() && lines_[at_].find('|') != std::string_view::npos; ++at_)
      append_cells(out_, lines_[at_]);
  }

  void end_paragraph() {
    append_inline(out_, paragraph_);
    out_ += ' ';
    paragraph_.clear();
    is_marked_ = false;
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  std::string paragraph_;
  bool is_marked_ = false; ///< the last line was a heading, an item or a quotation
  std::string out_;
};

/// Length of the white space at the front of a text.
std::size_t space_length(std::string_view text) {
  constexpr std::array<std::string_view, 6> wide = {"\xc2\xa0",     "\xe2\x80\x83", "\xe2\x80\x89",
                                                    "\xe2\x80\xaf", "\xe2\x80\xa8", "\xe3\x80\x80"};
  if (std::string_view{" \t\n\r\f\v"}.find(text.front()) != std::string_view::npos) return 1;
  const auto* found =
      std::find_if(wide.begin(), wide.end(), [&](auto each) { return text.starts_with(each); });
  return found == wide.end() ? 0 : found->size();
}

std::string collapsed(std::string_view text) {
  std::string out;
  bool apart = false;
  while (!text.empty()) {
    if (const auto space = space_length(text); space > 0) {
      apart = !out.empty();
      text.remove_prefix(space);
      continue;
    }
    if (apart) out += ' ';
    apart = false;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

} // namespace

std::string plain_summary(std::string_view markdown) {
  return collapsed(Blocks(markdown).render());
}

} // namespace altinn_sim::correspondence
