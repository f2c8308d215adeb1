#include "server_session.hpp"

#include <dialogferry/http/server.hpp>
#include <dialogferry/http/url.hpp>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/string.hpp>

namespace dialogferry::http {

namespace asio = boost::asio;

// -- request ---------------------------------------------------------------------------

std::string_view ServerRequest::header(std::string_view name) const {
  for (const auto& header : headers) {
    if (boost::beast::iequals({header.name.data(), header.name.size()}, {name.data(), name.size()})) {
      return header.value;
    }
  }
  return {};
}

std::optional<std::string_view> ServerRequest::raw_parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const auto equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals), true) != name) continue;
    return equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
  }
  return std::nullopt;
}

std::optional<std::string> ServerRequest::parameter(std::string_view name) const {
  const auto raw = raw_parameter(name);
  return raw ? percent_decode(*raw, true) : std::nullopt;
}

// -- reply -----------------------------------------------------------------------------

Reply::State::~State() {
  if (used) return;
  try {
    asio::post(worker.context(), [weak = session, number = turn] {
      const auto session = weak.lock();
      if (session) session->reply(number, {500, "text/plain; charset=utf-8", "no answer was given\n", {}});
    });
  } catch (const std::exception&) {
    used = true; // out of memory: the client's own deadline ends its request
  }
}

void Reply::operator()(ServerResponse response) const {
  if (state_->used.exchange(true)) return;
  asio::dispatch(state_->worker.context(),
                 [weak = state_->session, turn = state_->turn, response = std::move(response)]() mutable {
                   if (const auto session = weak.lock()) session->reply(turn, std::move(response));
                 });
}

EventStream Reply::stream() const {
  auto stream = std::make_shared<EventStream::State>(state_->session, state_->worker, state_->max_backlog,
                                                     state_->pool);
  if (state_->used.exchange(true)) {
    stream->open = false;
  } else {
    asio::dispatch(state_->worker.context(), [weak = state_->session, turn = state_->turn, stream] {
      if (const auto session = weak.lock()) {
        session->open_stream(turn, stream);
      } else {
        stream->open = false;
      }
    });
  }
  return EventStream(std::move(stream));
}

// -- events ----------------------------------------------------------------------------

bool EventStream::send(std::string_view event, std::string_view data) const {
  if (!state_->open) return false;
  std::string text;
  if (!event.empty()) {
    text += "event: ";
    for (const char c : event)
      text += c == '\n' || c == '\r' ? ' ' : c;
    text += '\n';
  }
  for (;;) {
    const auto line = data.substr(0, data.find('\n'));
    text += "data: ";
    text += line.substr(0, line.find('\r'));
    text += '\n';
    if (line.size() == data.size()) break;
    data.remove_prefix(line.size() + 1);
  }
  text += '\n';
  if ((state_->backlog += text.size()) > state_->max_backlog) {
    state_->open = false;
    asio::post(state_->worker.context(), [weak = state_->session] {
      if (const auto session = weak.lock()) session->close();
    });
    return false;
  }
  asio::post(state_->worker.context(), [weak = state_->session, text = std::move(text)] {
    if (const auto session = weak.lock()) session->stream_more(text);
  });
  return true;
}

bool EventStream::is_open() const {
  return state_->open;
}

void EventStream::close() const {
  if (!state_->open.exchange(false)) return;
  asio::post(state_->worker.context(), [weak = state_->session] {
    if (const auto session = weak.lock()) session->end_stream();
  });
}

// -- server ----------------------------------------------------------------------------

struct Server::Impl {
  std::shared_ptr<IoPool::State> pool;
  std::shared_ptr<ServerCore> core;
  std::string host;
  std::uint16_t port = 0;
};

Result<std::unique_ptr<Server>> Server::start(IoPool& pool, ServerOptions options,
                                              std::vector<Route> routes) {
  auto impl = std::make_shared<Impl>();
  impl->pool = pool.state();
  impl->host = options.listen.substr(0, options.listen.rfind(':'));
  auto& workers = impl->pool->workers;
  auto& worker = *workers[impl->pool->next++ % workers.size()];
  impl->core = std::make_shared<ServerCore>(impl->pool, worker, std::move(options), std::move(routes));
  const auto port = impl->core->listen();
  if (!port) return tl::unexpected(port.error());
  impl->port = *port;
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::shared_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

Server::~Server() {
  impl_->core->shut_and_wait();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::string Server::url() const {
  return "http://" + impl_->host + ":" + std::to_string(impl_->port);
}

void Server::stop() {
  impl_->core->stop_soon();
}

} // namespace dialogferry::http
