#pragma once

#include <dialogferry/engine/explain.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/source/exports.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::http {
class TokenSource;
}

namespace dialogferry::engine {

/// Asks APIs one request at a time and waits for the answer: for a look at a single record, where nothing is
/// gained by more.
class Reach {
public:
  /// Connects to nothing yet.
  static Result<std::unique_ptr<Reach>> open(const Config& config);
  ~Reach();
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;

  /// The body as it came, and the exchange with it masked; nothing where the answer is none of 2xx. Fails for
  /// an API that cannot be used as it is configured.
  struct Told {
    Exchange exchange;
    std::optional<std::string> body;
  };
  Result<Told> ask(std::string_view api, http::Request request);

private:
  struct Api {
    std::unique_ptr<http::Client> client;
    std::shared_ptr<source::Exports> exports;
  };

  explicit Reach(const Config& config);
  Result<Api*> api(std::string_view name);

  const Config& config_;
  http::IoPool pool_{1};
  std::shared_ptr<http::TokenSource> tokens_;
  std::map<std::string, Api, std::less<>> apis_;
};

/// `GET /storage/api/v1/instances/…`
std::string line_of(const http::Request& request);

} // namespace dialogferry::engine
