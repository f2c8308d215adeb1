#pragma once

#include "faults.hpp"
#include "http_server.hpp"
#include "places.hpp"
#include "request_log.hpp"
#include "target.hpp"

#include <map>

namespace altinn_sim {

/// What answers the requests of one API.
using Service = std::function<Response(const Request&)>;

/// The simulated platform: sends each request to the service it is meant for, lets go wrong
/// what is to go wrong, and counts.
/// Safe to use from several threads, as its services must be.
class Simulator {
public:
  struct Options {
    std::chrono::microseconds latency{0}; ///< before every answer of the platform's APIs
    unsigned places = 0; ///< Dialogporten works on so many requests at once, for `latency` each; 0 = on all
  };

  explicit Simulator(Options options)
      : options_(options)
      , places_(options.places, options.latency) {}

  /// Lets a service answer an API.
  void serve(Api api, Service service) { services_[static_cast<std::size_t>(api)] = std::move(service); }

  /// Lets a function answer below "/_sim": "GET /audit" or "GET /dialogs/" (a path that begins so).
  void control(std::string_view method_and_path, Service service) {
    controls_.emplace(method_and_path, service);
  }

  /// Lets a function answer a path of the platform that is none of its APIs': "/token".
  void page(std::string_view path, Service service) { pages_.emplace(path, std::move(service)); }

  /// Asks of every request to the platform's APIs whether its Authorization header is good: 401 where not.
  void admit(std::function<bool(std::string_view)> judge) { admits_ = std::move(judge); }

  /// The platform's now, in 100 ns ticks since 1970; real time where nobody sets one. Before any request.
  void use_clock(std::function<std::int64_t()> clock) { clock_ = std::move(clock); }

  Answer answer(const Incoming& incoming);

  RequestLog& log() { return log_; }
  Faults& faults() { return faults_; }

  /// When it is the turn of a request that comes in now.
  Places::Turn turn_of(Api api, std::int64_t now_us);

private:
  Response control_answer(const Request& request);
  Response service_answer(const Route& route, const Request& request);

  Options options_;
  Places places_; ///< of Dialogporten
  std::array<Service, platform_apis> services_;
  std::map<std::string, Service, std::less<>> controls_;
  std::map<std::string, Service, std::less<>> pages_;
  std::function<bool(std::string_view)> admits_;
  std::function<std::int64_t()> clock_;
  RequestLog log_;
  Faults faults_;
};

} // namespace altinn_sim
