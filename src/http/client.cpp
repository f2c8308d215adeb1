#include "lane.hpp"
#include "request_head.hpp"

#include <dialogferry/http/client.hpp>
#include <dialogferry/http/stream.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/http/url.hpp>

#include <boost/asio/ssl/context.hpp>

#include <algorithm>
#include <vector>

namespace dialogferry::http {
namespace {

namespace ssl = boost::asio::ssl;
constexpr std::size_t most_connections = 10'000;

Result<std::shared_ptr<ssl::context>> make_trust(const ClientOptions& options) {
  auto trust = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(trust->native_handle(), TLS1_2_VERSION);
  trust->set_verify_mode(ssl::verify_peer, error);
  trust->set_default_verify_paths(error);
  if (!options.ca_file.empty()) {
    trust->load_verify_file(options.ca_file, error);
    if (error) {
      return fail(options.name + ".ca_file", "cannot be read as certificates: " + options.ca_file,
                  "give the path of a PEM file");
    }
  }
  return trust;
}

std::string fixed_head(const Url& url, const ClientOptions& options) {
  std::string head = "Host: " + url.authority() + "\r\n";
  if (!options.user_agent.empty()) head += "User-Agent: " + options.user_agent + "\r\n";
  if (!options.subscription_key.empty()) {
    head += "Ocp-Apim-Subscription-Key: " + options.subscription_key + "\r\n";
  }
  return head;
}

Result<std::shared_ptr<const Peer>> make_peer(ClientOptions& options) {
  const auto url = parse_url(options.base_url, options.name + ".base_url");
  if (!url) return tl::unexpected(url.error());
  if (options.subscription_key.find_first_of("\r\n") != std::string::npos) {
    return fail(options.name + ".subscription_key_file", "holds more than one line");
  }
  auto peer = std::make_shared<Peer>();
  peer->name = options.name;
  peer->tls = url->tls;
  peer->host = url->host;
  peer->port = url->port;
  peer->prefix = url->path;
  peer->plain_head = fixed_head(*url, options);
  peer->fixed_head = peer->plain_head + (options.gzip ? "Accept-Encoding: gzip\r\n" : "");
  peer->max_response = options.max_response;
  peer->timeout = options.timeout;
  peer->max_idle = options.max_idle;
  peer->now = options.now;
  peer->tokens = options.tokens;
  peer->bodies = options.bodies;
  if (url->tls) {
    auto trust = make_trust(options);
    if (!trust) return tl::unexpected(trust.error());
    peer->trust = std::move(*trust);
  }
  return peer;
}

} // namespace

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
  std::shared_ptr<IoPool::State> pool;
  std::shared_ptr<const Peer> peer;
  std::vector<std::shared_ptr<Lane>> lanes; ///< fixed; the first always has a connection
  std::size_t max_waiting = 0;

  std::size_t share(std::size_t connections, std::size_t lane) const {
    return connections / lanes.size() + (lane < connections % lanes.size() ? 1 : 0);
  }

  /// The lane of the loop where a request was made if that has a connection free, else the one with the least
  /// to do for each.
  Lane& choose_lane(Loop made_on) {
    for (const auto& lane : lanes)
      if (&lane->worker() == made_on && lane->outstanding < lane->limit) return *lane;
    Lane* best = lanes.front().get();
    for (const auto& lane : lanes) {
      if (lane->outstanding * best->limit < best->outstanding * lane->limit) best = lane.get();
    }
    return *best;
  }

  bool is_full() const {
    std::size_t outstanding = 0;
    std::size_t room = max_waiting;
    for (const auto& lane : lanes) {
      outstanding += lane->outstanding;
      room += lane->limit;
    }
    return outstanding >= room;
  }

  void dispatch(Pending pending) {
    auto& lane = choose_lane(pending.request->made_on);
    ++lane.outstanding;
    lane.submit(std::move(pending));
  }

  void fetch_token_for(Pending pending) {
    auto& lane = choose_lane(pending.request->made_on);
    ++lane.outstanding;
    peer->tokens->token(
        [self = shared_from_this(), &lane, pending = std::move(pending)](Result<Token> token) mutable {
          if (!token) return lane.answer(pending, fault(TransportFault::token, token.error().message));
          pending.token = std::move(*token);
          lane.submit(std::move(pending));
        });
  }
};

Result<std::unique_ptr<Client>> Client::create(IoPool& pool, ClientOptions options) {
  if (options.connections < 1 || options.connections > most_connections) {
    return fail(options.name + ".connections",
                "is not a number from 1 to " + std::to_string(most_connections));
  }
  if (options.timeout.count() <= 0) return fail(options.name + ".timeout", "is not longer than nothing");
  auto peer = make_peer(options);
  if (!peer) return tl::unexpected(peer.error());

  auto impl = std::make_shared<Impl>();
  impl->pool = pool.state();
  impl->peer = std::move(*peer);
  impl->max_waiting = options.max_waiting;
  auto& workers = impl->pool->workers;
  impl->lanes.resize(workers.size());
  const auto first = impl->pool->next++;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    auto& worker = *workers[(first + i) % workers.size()];
    const auto elsewhere = [weak = std::weak_ptr(impl)](Pending pending) {
      if (const auto self = weak.lock()) return self->dispatch(std::move(pending));
      pending.handler(fault(TransportFault::cancelled, "the client is closed"));
    };
    impl->lanes[i] =
        std::make_shared<Lane>(worker, impl->peer, impl->share(options.connections, i), elsewhere);
    worker.welcome(impl->lanes[i]);
  }
  return std::unique_ptr<Client>(new Client(std::move(impl)));
}

Client::Client(std::shared_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

Client::~Client() {
  close();
}

void Client::send(std::shared_ptr<const Request> request, Handler handler) {
  send(std::move(request), std::move(handler), std::chrono::milliseconds{0});
}

void Client::send(std::shared_ptr<const Request> request, Handler handler, std::chrono::milliseconds limit,
                  const Trace& trace) {
  if (request->stream || request->sink) handler = telling_streams(request, std::move(handler));
  if (!is_sendable(*request)) {
    return handler(
        fault(TransportFault::refused, "the target or a header holds a character that is not allowed"));
  }
  if (impl_->is_full()) {
    return handler(fault(TransportFault::overload, "too many requests wait for a connection already"));
  }
  const auto& peer = *impl_->peer;
  Pending pending{std::move(request), nullptr, std::move(handler), Clock::now() + peer.timeout, limit};
  pending.trace = trace;
  if (peer.tokens && pending.request->authorized) {
    pending.token = peer.tokens->at_hand();
    if (!pending.token) return impl_->fetch_token_for(std::move(pending));
  }
  impl_->dispatch(std::move(pending));
}

void Client::set_connections(std::size_t connections) {
  connections = std::clamp<std::size_t>(connections, 1, most_connections);
  for (std::size_t i = 0; i < impl_->lanes.size(); ++i)
    impl_->lanes[i]->resize(impl_->share(connections, i));
}

void Client::close() {
  for (const auto& lane : impl_->lanes)
    lane->close();
}

ClientStats Client::stats() const {
  ClientStats stats;
  for (const auto& lane : impl_->lanes) {
    stats.connections += lane->open;
    stats.outstanding += lane->outstanding;
    stats.connects += lane->connects;
    stats.repeats += lane->repeats;
  }
  return stats;
}

} // namespace dialogferry::http
