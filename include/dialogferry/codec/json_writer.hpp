#pragma once

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::codec {

/// Writes JSON into one growing string. Members without a value are left out, so commas are put in front of
/// what follows.
class JsonWriter {
public:
  explicit JsonWriter(std::size_t expected_size) { out_.reserve(expected_size); }

  std::string take() && { return std::move(out_); }

  /// What is written so far.
  std::string_view view() const { return out_; }

  /// Begins anew and keeps the memory.
  void clear() { out_.clear(); }

  // -- structure -------------------------------------------------------------

  void open(char bracket) { out_ += bracket; }
  void close(char bracket) { out_ += bracket; }

  /// `,` after a value; nothing where a value is to follow anyway.
  void comma() {
    const char last = out_.empty() ? '[' : out_.back();
    if (last != '{' && last != '[' && last != ':' && last != ',') out_ += ',';
  }

  /// The name of a member with its quotes and colon: `"id":`.
  void name(std::string_view quoted) {
    comma();
    out_ += quoted;
  }

  // -- values ----------------------------------------------------------------

  /// A text of ours that holds nothing to escape.
  void plain(std::string_view text) {
    out_ += '"';
    out_ += text;
    out_ += '"';
  }

  /// JSON that stands ready.
  void raw(std::string_view json) { out_ += json; }

  /// A text from outside, escaped; what is no UTF-8 in it becomes U+FFFD, so that JSON is written whatever
  /// was read.
  void text(std::string_view text);

  void uuid(const Uuid& id) {
    char text[38];
    text[0] = text[37] = '"';
    write_uuid(text + 1, id);
    out_.append(text, sizeof text);
  }

  void instant(Instant at) {
    out_ += '"';
    append_instant(out_, at);
    out_ += '"';
  }

  void flag(bool value) { out_ += value ? std::string_view("true") : std::string_view("false"); }
  void number(std::int64_t value) { out_ += std::to_string(value); }

  // -- members that may be absent --------------------------------------------

  void member(std::string_view quoted, const std::optional<std::string_view>& value) {
    if (!value) return;
    name(quoted);
    text(*value);
  }

  void member(std::string_view quoted, const std::optional<Uuid>& value) {
    if (!value) return;
    name(quoted);
    uuid(*value);
  }

  void member(std::string_view quoted, const std::optional<Instant>& value) {
    if (!value) return;
    name(quoted);
    instant(*value);
  }

private:
  std::string out_;
};

} // namespace dialogferry::codec
