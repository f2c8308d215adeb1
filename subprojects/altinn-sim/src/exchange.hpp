#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim {

enum class Method : std::uint8_t { get, post, put, patch, del, other };

/// What goes wrong with the first write that a service makes at Dialogporten to answer a request.
enum class Behind : std::uint8_t {
  nothing,
  refused_400,      ///< Dialogporten answers 400, nothing is stored
  refused_422,      ///< the same with 422
  error_after_store ///< what was written is stored, the answer is 500 (observed.md OC-1)
};

/// One request as a service sees it: split, decoded once, nothing of HTTP left. Views live as long as the
/// call.
struct Request {
  Method method = Method::get;
  std::string_view path;  ///< below the service's base, percent-decoded, without query: "/dialogs/018e…"
  std::string_view query; ///< raw, after the '?'
  /// Query parameters in order, names as sent, names and values percent-decoded once.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string_view if_match;     ///< the header's value, without data where absent
  std::string_view content_type; ///< empty where absent
  std::string_view authorization;
  std::string_view body;
  std::string_view host;
  std::int64_t now = 0; ///< the simulator's clock: 100 ns ticks since 1970-01-01T00:00:00Z
  /// When the service is at work on it, in microseconds of a clock that never goes back. What it changes is
  /// there from the start; requests whose times overlap are at work at the same moment.
  std::int64_t begins_us = 0;
  std::int64_t ends_us = 0;
  bool token_expired = false; ///< the bearer token is one that is over
  bool register_down = false; ///< Register does not answer those who ask it from behind
  Behind behind = Behind::nothing;
  bool has_length = true;      ///< the length of the body was told before it
  std::uint64_t body_size = 0; ///< where the body itself was not kept: its length and MD5, 32 hex digits
  std::string_view body_md5;

  /// The first parameter of that name (case-insensitive), or null.
  const std::string* parameter(std::string_view name) const;
};

struct Response;

/// What is left to do of a request when the service's function has returned, step by step. Where the caller
/// goes away meanwhile it is dropped: what was not done then is never done.
class Work {
public:
  virtual ~Work() = default;

  /// Does the next step. How long the service is at work before the one after it; nothing where the answer is
  /// complete.
  virtual std::optional<std::chrono::microseconds> next(Response& answer) = 0;
};

/// A body that is made while it is sent.
class Bytes {
public:
  virtual ~Bytes() = default;
  virtual std::uint64_t size() const = 0;
  /// Writes `size` bytes from `offset` on; all of them lie within.
  virtual void read(std::uint64_t offset, char* room, std::size_t size) const = 0;
};

/// What a service answers.
struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers; ///< Etag, Location, Retry-After …
  std::int64_t ready_us = 0; ///< not to be sent before, by the clock of Request::begins_us
  /// What kind of refusal it is, "name_race", where it is of a kind that is counted.
  std::string_view refusal = {};
  std::shared_ptr<Work> work = nullptr;        ///< where there is any, the answer is what it ends with
  std::shared_ptr<const Bytes> file = nullptr; ///< where it is there, the body; never held whole
};

} // namespace altinn_sim
