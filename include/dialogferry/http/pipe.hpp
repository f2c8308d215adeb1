#pragma once

#include <dialogferry/http/stream.hpp>
#include <dialogferry/model/problem.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace dialogferry::http {

/// What bytes are known to be before they are read.
struct ExpectedBytes {
  std::uint64_t size = 0;
  std::string md5; ///< 32 hex digits, in any case; empty: not known
};

/// An upload whose bytes come from a download, the size and MD5 of which are known: as `stream` of one
/// request it begins another that has it as `sink`. At most 256 kB are in memory at a time; who reads waits
/// for who writes. The end of the bytes is held back until size and MD5 are found right, so that nothing is
/// ever whole at the server that is not what it should be: the connection is closed before. Where one side
/// fails, the other is ended too. Every attempt to send the request reads from the start.
class Pipe final : public BodyStream {
public:
  enum class Fault : std::uint8_t {
    none,
    size,   ///< it has another length
    digest, ///< it has another MD5
    source, ///< it broke, or could not be had at all
    target, ///< who was to take it ended first
  };

  /// Begins to read from the start, into the sink, which is told the end in any case: sends a request with
  /// it, or reads a file (FileSource). Called on the I/O thread that has a connection for the upload: what is
  /// taken is held before what is given, so that two transfers never wait for each other. Must be cheap.
  using Start = std::function<void(std::shared_ptr<BodySink>)>;

  Pipe(ExpectedBytes expected, Start start);
  ~Pipe() override;

  std::uint64_t size() const override { return expected_.size; }
  std::shared_ptr<BodyReader> open() override;
  void ended() override;

  /// What the last attempt failed of first; to be asked once the request has its answer.
  Fault fault() const;
  /// The same for people; nothing where the bytes were as they should be.
  std::optional<Problem> problem() const;

private:
  class Passage;
  std::shared_ptr<Passage> passage() const;

  const ExpectedBytes expected_;
  const Start start_;
  mutable std::mutex mutex_;
  std::shared_ptr<Passage> passage_; ///< guarded; of the last attempt
};

std::string_view name_of(Pipe::Fault fault);

} // namespace dialogferry::http
