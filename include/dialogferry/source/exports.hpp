#pragma once

#include <dialogferry/http/message.hpp>
#include <dialogferry/model/result.hpp>

#include <memory>
#include <string>

namespace dialogferry::source {

/// A folder of exports that answers the requests of the Altinn 2 archive (docs/a2-archive.md) in process, as
/// http::Client::send would: the same paths, parameters and answers. Its work is done on a thread of its own.
///
///     GET /messages           order=desc:created, asc:created; asc:changed is 404: exports have no changes
///     GET /messages/{id}      looks in the days that are kept and in the newest files, `most_searched` of
///                             them, or in one day alone where `created=eq:TIME` says which; 400 where not
///                             all files could be looked at, because nobody knows then
///     GET /attachments/{id}   into the request's sink
///
/// What is wrong with a file is told by its name. A line that is no message is listed at the beginning of
/// its day as `{"exportLine": "2025-01-22.ndjson:17", "exportProblem": "is no JSON", "created": …}`, which
/// codec::split_messages() knows; so is what is cut off. A day without a file between others, and a file that
/// cannot be read, is 404 with its name in the title.
///
/// A day is read through once, when it is first asked for, and again when its file has changed; 24 bytes a
/// message are kept of the last `most_kept` days. Packed files are unpacked into temporary ones without a
/// name.
class Exports {
public:
  static constexpr std::size_t most_kept = 16;     ///< days
  static constexpr std::size_t most_searched = 64; ///< files, for a single message
  static constexpr std::size_t longest_line = 32 << 20;

  /// Fails where there is no such folder.
  static Result<std::shared_ptr<Exports>> open(const std::string& folder);

  /// What is not answered then is answered: cancelled. Not on the thread that calls handlers.
  ~Exports();
  Exports(const Exports&) = delete;
  Exports& operator=(const Exports&) = delete;

  /// Calls `handler` exactly once: on a thread of its own, or at once where too many wait.
  void send(const std::shared_ptr<const http::Request>& request, http::Handler handler);

private:
  struct Impl;
  explicit Exports(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace dialogferry::source
