#pragma once

#include <dialogferry/http/message.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

/// Bodies that are never whole in memory. Everything here may be called from any thread, one call after
/// another for each object, and must be cheap.
namespace dialogferry::http {

/// Takes the body of one answer piece by piece, as `sink` of a request. What the body is not for (a status
/// that is not 2xx) stays in the Response. Exactly one of end() and fail() is called last, before the
/// request's handler.
class BodySink {
public:
  /// The way back to where the bytes come from, for any thread.
  struct Back {
    std::function<void()> more; ///< there is room again, after a write() that was false
    std::function<void()> stop; ///< no more is wanted: the request ends with TransportFault::sink
  };

  BodySink() = default;
  virtual ~BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;

  /// The head of a 2xx is there; its Content-Length where it has one.
  virtual void begin(std::optional<std::uint64_t> length, Back back) = 0;
  /// Takes these bytes, whatever it answers. False: nothing more is read before Back::more.
  virtual bool write(std::string_view bytes) = 0;
  /// The body was whole.
  virtual void end() = 0;
  /// There is none, or not all of it: why, for people.
  virtual void fail(std::string_view why) = 0;
};

/// The bytes of a request's body for one attempt, asked for one block after another.
class BodyReader {
public:
  /// A block, good until the next read() or the reader's end; nothing: it has failed, there will be no more.
  using Take = std::function<void(std::optional<std::string_view>)>;

  BodyReader() = default;
  virtual ~BodyReader() = default;
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;

  /// Calls `take` once, perhaps before it returns. A block is empty only where the whole body is.
  virtual void read(Take take) = 0;
};

/// The body of a request, as its `stream`: sent with Content-Length, never repeated by the client itself.
class BodyStream {
public:
  BodyStream() = default;
  virtual ~BodyStream() = default;
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;

  /// Bytes of the whole.
  virtual std::uint64_t size() const = 0;
  /// Begins an attempt, once a connection is there for it. Null: it cannot be had.
  virtual std::shared_ptr<BodyReader> open() = 0;
  /// The request has its answer, whatever it is: what is still under way may stop. Before its handler.
  virtual void ended() = 0;
};

/// A handler that first tells the request's stream and sink that it is over; for whoever answers requests.
Handler telling_streams(std::shared_ptr<const Request> request, Handler handler);

} // namespace dialogferry::http
