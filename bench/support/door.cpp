#include "door.hpp"

#include <dialogferry/http/client.hpp>

#include <future>
#include <stdexcept>

namespace bench {

namespace http = dialogferry::http;

struct Door::Connection {
  explicit Connection(const std::string& url)
      : pool(1) {
    http::ClientOptions options;
    options.base_url = url;
    options.connections = 1;
    options.timeout = std::chrono::minutes{2}; // an audit walks through all dialogs
    client = std::move(http::Client::create(pool, std::move(options)).value());
  }

  std::string ask(http::Request request) {
    const auto target = request.target;
    std::promise<http::Answer> promise;
    client->send(std::make_shared<const http::Request>(std::move(request)),
                 [&](http::Answer answer) { promise.set_value(std::move(answer)); });
    auto answer = promise.get_future().get();
    if (!answer) throw std::runtime_error(target + ": no answer: " + answer.error().text);
    if (answer->status >= 300) throw std::runtime_error(target + ": refused: " + answer->body);
    return std::move(answer->body);
  }

  http::IoPool pool;
  std::unique_ptr<http::Client> client;
};

Door::Door(const std::string& url)
    : connection_(std::make_unique<Connection>(url)) {}

Door::~Door() = default;

std::string Door::get(const std::string& target) const {
  http::Request request;
  request.target = target;
  return connection_->ask(std::move(request));
}

void Door::post(const std::string& target, const std::string& body) const {
  http::Request request;
  request.method = http::Method::post;
  request.target = target;
  request.body = body;
  request.content_type = "application/json";
  connection_->ask(std::move(request));
}

} // namespace bench
