#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dialogferry {

/// Writes one line of the log: a sentence, and what it is about as names with values. Values are masked
/// (mask_identities). The logger gets it as one text; read_log_line() takes it apart.
class LogLine {
public:
  explicit LogLine(std::string_view message)
      : text_(message) {}

  /// Nothing where the value is empty.
  LogLine& field(std::string_view name, std::string_view value);

  /// An id of our own making, as it is: eleven digits in a row are nobody's there.
  LogLine& id(std::string_view name, std::string_view value);

  const std::string& text() const { return text_; }

private:
  std::string text_;
};

/// What a LogLine was made of; any other text is a message without fields. Views into `text`.
struct ReadLogLine {
  std::string_view message;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
};

ReadLogLine read_log_line(std::string_view text);

} // namespace dialogferry
