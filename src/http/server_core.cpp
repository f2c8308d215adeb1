#include "server_core.hpp"

#include "server_session.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>
#include <sys/resource.h>

namespace dialogferry::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

/// What the server may take of the files that the process may open: an eighth for each kind of connection.
constexpr std::size_t share_of_files = 8;
constexpr std::size_t fewest_connections = 8;
constexpr int most_taken_in = 32; ///< connections at a turn

std::size_t within_files(std::size_t wanted) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return wanted;
  return std::min(wanted,
                  std::max(fewest_connections, static_cast<std::size_t>(files.rlim_cur) / share_of_files));
}

Result<tcp::endpoint> parse_listen(const std::string& text) {
  const auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = colon == std::string::npos ? std::from_chars_result{end, std::errc::invalid_argument}
                                                 : std::from_chars(text.data() + colon + 1, end, port);
  Error error;
  const auto address = asio::ip::make_address(host, error);
  if (error || parsed.ec != std::errc{} || parsed.ptr != end) {
    return fail("status.listen", "is not an address with a port: " + text, "write it as 127.0.0.1:8080");
  }
  return tcp::endpoint(address, port);
}

bool matches(const Route& route, std::string_view path) {
  const std::string_view pattern = route.path;
  const bool below = pattern.size() >= 2 && pattern.substr(pattern.size() - 2) == "/*";
  return below ? path.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1)
               : path == pattern;
}

bool serves(Method route, Method asked) {
  return route == asked || (route == Method::get && asked == Method::head);
}

} // namespace

ServerCore::ServerCore(std::shared_ptr<IoPool::State> pool, Worker& worker, ServerOptions options,
                       std::vector<Route> routes)
    : pool_(std::move(pool))
    , worker_(worker)
    , options_(std::move(options))
    , routes_(std::move(routes))
    , newcomers_(within_files(options_.max_newcomers))
    , connections_(within_files(options_.max_connections))
    , requests_(options_.max_requests)
    , streams_(options_.max_streams)
    , bodies_(options_.max_bodies)
    , acceptor_(worker.context()) {
  for (const auto& route : routes_)
    if (route.places > 0) own_places_.try_emplace(&route, route.places);
}

// -- listening ---------------------------------------------------------------------

Result<std::uint16_t> ServerCore::listen() {
  const auto endpoint = parse_listen(options_.listen);
  if (!endpoint) return tl::unexpected(endpoint.error());
  Error error;
  acceptor_.open(endpoint->protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(*endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail("status.listen", "cannot listen on " + options_.listen + ": " + error.message(),
                "choose another port, or 0 for a free one");
  }
  acceptor_.non_blocking(true, error);
  const auto port = acceptor_.local_endpoint(error).port();
  worker_.welcome(shared_from_this());
  asio::post(worker_.context(), [self = shared_from_this()] { self->accept(); });
  return port;
}

void ServerCore::accept() {
  if (stopping_ || accepting_) return;
  accepting_ = true;
  acceptor_.async_wait(Acceptor::wait_read, [self = shared_from_this()](const Error& error) {
    self->accepting_ = false;
    if (self->stopping_ || error) return;
    self->take_in();
  });
}

/// Some at a time, so that a flood of them costs little and those inside have their turn.
void ServerCore::take_in() {
  for (int i = 0; i < most_taken_in; ++i) {
    Error error;
    auto socket = acceptor_.accept(error);
    if (error == asio::error::would_block || error == asio::error::try_again) break;
    if (error == asio::error::connection_aborted) continue;
    if (error) return not_accepted();
    admit(std::move(socket));
  }
  accept();
}

/// Out of descriptors, say: somebody goes, and the next sweep tries again.
void ServerCore::not_accepted() {
  if (!newcomers_.close_oldest()) connections_.close_oldest();
  worker_.need_sweep();
}

void ServerCore::admit(ServerSocket socket) {
  if (!newcomers_.make_room()) return;
  const auto session = std::make_shared<ServerSession>(shared_from_this(), std::move(socket));
  sessions_.insert(session);
  worker_.need_sweep();
  session->begin();
}

void ServerCore::forget(const std::shared_ptr<ServerSession>& session) {
  sessions_.erase(session);
}

// -- routes ------------------------------------------------------------------------

const Route* ServerCore::find(const ServerRequest& request, ServerResponse& otherwise) const {
  std::string allowed;
  for (const auto& route : routes_) {
    if (!matches(route, request.path)) continue;
    if (serves(route.method, request.method)) return &route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(route.method));
    if (route.method == Method::get) allowed += ", HEAD";
  }
  otherwise.status = allowed.empty() ? 404 : 405;
  otherwise.body = allowed.empty() ? "there is nothing at this address\n" : "not with this method\n";
  if (!allowed.empty()) otherwise.headers = {{"Allow", allowed}};
  return nullptr;
}

Places& ServerCore::places_of(const Route* route) {
  const auto own = own_places_.find(route);
  return own == own_places_.end() ? requests_ : own->second;
}

// -- deadlines and the end -----------------------------------------------------------

bool ServerCore::sweep(Clock::time_point now) {
  const std::vector<std::shared_ptr<ServerSession>> sessions(sessions_.begin(), sessions_.end());
  for (const auto& session : sessions)
    session->sweep(now);
  accept();
  return !sessions_.empty();
}

void ServerCore::stop_soon() {
  asio::post(worker_.context(), [self = shared_from_this()] { self->stop(); });
}

void ServerCore::stop() {
  stopping_ = true;
  Error ignored;
  acceptor_.close(ignored);
  const std::vector<std::shared_ptr<ServerSession>> sessions(sessions_.begin(), sessions_.end());
  for (const auto& session : sessions)
    session->wind_down();
}

void ServerCore::shut() {
  stop();
  const std::vector<std::shared_ptr<ServerSession>> sessions(sessions_.begin(), sessions_.end());
  for (const auto& session : sessions)
    session->close();
  const std::lock_guard lock(shut_mutex_);
  shut_ = true;
  shut_changed_.notify_all();
}

void ServerCore::shut_and_wait() {
  if (worker_.on_this_thread()) return shut();
  std::unique_lock lock(shut_mutex_);
  if (shut_) return;
  asio::post(worker_.context(), [self = shared_from_this()] { self->shut(); });
  shut_changed_.wait(lock, [this] { return shut_; });
}

} // namespace dialogferry::http
