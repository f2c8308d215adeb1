#pragma once

#include <dialogferry/http/client.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

/// The plain loops that the engine is compared with: one per core, on its own event loop's thread, over the
/// same rooms. No actors, no ledger, no limits, no retries: anything unexpected ends the program.
namespace straight {

struct Options {
  std::string url;
  std::string organisation = "skd";
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  std::size_t loops = std::max(1U, std::thread::hardware_concurrency());
  std::size_t connections = 32; ///< per API
  std::size_t windows = 8;      ///< days at work at a time
  std::size_t credit = 200;     ///< records in flight per day
  std::string capture;          ///< file for the requests, as they go over the wire
  std::uint64_t capture_records = 1000;
  bool messages = false;         ///< of Altinn 2, by both hops, instead of app instances
  std::uint64_t uploads = 0;     ///< instead: so many files
  std::uint64_t upload_size = 0; ///< bytes each
  bool digest = false;           ///< of each file the MD5 is made
};

[[noreturn]] inline void die(const std::string& what) {
  fmt::print(stderr, "error: {}\n", what);
  std::_Exit(1);
}

/// A client with this loop's share of the connections.
inline std::unique_ptr<dialogferry::http::Client> client_of(dialogferry::http::IoPool& pool,
                                                            const Options& all, const std::string& url) {
  dialogferry::http::ClientOptions options;
  options.base_url = url;
  options.connections = std::max<std::size_t>(1, all.connections / all.loops);
  auto made = dialogferry::http::Client::create(pool, std::move(options));
  if (!made) die(made.error().message);
  return std::move(*made);
}

/// Sends, and goes on with the body of the answer, which is one of success.
template <class Then>
void fetch(dialogferry::http::Client& client, dialogferry::http::Request request, Then then) {
  client.send(std::make_shared<const dialogferry::http::Request>(std::move(request)),
              [then](dialogferry::http::Answer answer) {
                if (!answer) die(answer.error().text);
                if (answer->status >= 300) die(fmt::format("answered {}: {}", answer->status, answer->body));
                then(std::move(answer->body));
              });
}

} // namespace straight
