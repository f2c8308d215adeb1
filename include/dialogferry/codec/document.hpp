#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace dialogferry::codec {

/// Bytes that must be readable behind the end of a JSON text: the reader looks at whole vectors.
inline constexpr std::size_t json_padding = 64;

/// A JSON text, or a value inside a larger one, with at least `json_padding` readable bytes behind it. Does
/// not own: the Document it came from must outlive it.
struct JsonView {
  std::string_view text;
  std::size_t padding = 0; ///< readable bytes behind the end of `text`
};

/// A JSON text that is kept for as long as values read from it are used. Move-only; the characters never
/// move, so views into them survive a move of the Document.
class Document {
public:
  Document()
      : Document(std::string{}) {}

  /// Takes the text over; copies it only where its capacity leaves no room for the padding.
  explicit Document(std::string text);

  Document(Document&&) = default;
  Document& operator=(Document&&) = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document() = default;

  std::string_view text() const { return *text_; }
  /// The text's buffer, for use again; nothing read from the Document may be used after that.
  std::string release() && { return std::move(*text_); }

  JsonView view() const { return {*text_, text_->capacity() - text_->size()}; }

private:
  std::unique_ptr<std::string> text_;
};

/// The buffers of the JSON reader, reused from text to text. One per thread: not for concurrent use. Nothing
/// that was read refers to it.
class Parser {
public:
  Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser();

  struct Impl;
  Impl& impl() { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

} // namespace dialogferry::codec
