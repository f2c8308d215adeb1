#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <memory>

namespace dialogferry::codec {

/// What places a message of an export: its number and when it was created.
struct MessagePlace {
  std::int32_t id = 0;
  Instant created;
};

/// Reads the lines of an export of Altinn 2 messages (docs/a2-archive.md). One per thread: not for concurrent
/// use.
class ExportLines {
public:
  ExportLines();
  ~ExportLines();
  ExportLines(const ExportLines&) = delete;
  ExportLines& operator=(const ExportLines&) = delete;

  /// Fails for what is no message: no JSON from its first to its last character, no object, without a usable
  /// number or time. What does not fail is one row of a page that holds it, with this place.
  Result<MessagePlace> place(JsonView line);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace dialogferry::codec
