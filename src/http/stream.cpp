#include <dialogferry/http/stream.hpp>

#include <string>
#include <utility>

namespace dialogferry::http {

namespace {

void tell(BodySink& sink, const Answer& answer) {
  if (!answer) return sink.fail(answer.error().text);
  if (answer->status >= 200 && answer->status < 300) return sink.end();
  sink.fail("status " + std::to_string(answer->status));
}

} // namespace

Handler telling_streams(std::shared_ptr<const Request> request, Handler handler) {
  return [request = std::move(request), handler = std::move(handler)](Answer answer) {
    if (request->stream) request->stream->ended();
    if (request->sink) tell(*request->sink, answer);
    handler(std::move(answer));
  };
}

} // namespace dialogferry::http
