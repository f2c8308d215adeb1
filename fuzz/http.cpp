#include "http_date.hpp"
#include "problem_body.hpp"
#include "property.hpp"
#include "request_head.hpp"
#include "response_parser.hpp"
#include "targets.hpp"

#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/http/url.hpp>
#include <dialogferry/model/masking.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace fuzz {

namespace {

using namespace dialogferry;
using http::ResponseParser;

constexpr std::size_t body_limit = 64 << 10;
constexpr Instant now{638'000'000'000'000'000};

/// What becomes of an answer that comes in pieces.
struct Read {
  ResponseParser::Step step = ResponseParser::Step::more;
  http::Response response;
};

Read read_answer(http::Method method, std::string_view bytes, std::size_t piece) {
  ResponseParser parser(method, {.body = body_limit}, nullptr);
  Read read;
  std::string waiting; // what was given and not taken yet
  while (read.step == ResponseParser::Step::more && (!bytes.empty() || !waiting.empty())) {
    const auto count = std::min(piece, bytes.size());
    waiting += bytes.substr(0, count);
    bytes.remove_prefix(count);
    std::size_t used = 0;
    read.step = parser.feed(waiting, used);
    require(used <= waiting.size(), "no more is taken than was given");
    waiting.erase(0, used);
    if (used == 0 && bytes.empty()) break;
  }
  if (read.step == ResponseParser::Step::more) read.step = parser.finish();
  if (read.step == ResponseParser::Step::done) read.response = parser.take([] { return now; });
  return read;
}

std::vector<std::string> lines_of(std::string_view input) {
  std::vector<std::string> lines(6);
  for (auto& line : lines) {
    const auto end = std::min(input.find('\n'), input.size());
    line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return lines;
}

std::size_t count_of(std::string_view text, std::string_view wanted) {
  std::size_t count = 0;
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + wanted.size()))
    ++count;
  return count;
}

} // namespace

void response(std::string_view input) {
  if (input.size() < 2) return;
  const auto method = static_cast<http::Method>(static_cast<unsigned char>(input[0]) % 7);
  const std::size_t piece = 1 + static_cast<unsigned char>(input[1]);
  const Memory memory;
  const auto whole = read_answer(method, input.substr(2), input.size());
  memory.require_proportion(input.size());
  require(whole.response.body.size() <= body_limit, "a body stays within its limit");
  const auto pieces = read_answer(method, input.substr(2), piece);
  const bool is_done = whole.step == ResponseParser::Step::done;
  require(is_done == (pieces.step == ResponseParser::Step::done), "an answer in pieces ends as the whole");
  if (!is_done) return; // of two reasons the one that is met first
  require(whole.response.body == pieces.response.body && whole.response.status == pieces.response.status,
          "an answer in pieces is the whole");
}

void request_head(std::string_view input) {
  const auto lines = lines_of(input);
  http::Request request;
  request.target = lines[0];
  request.content_type = lines[1];
  request.accept = lines[2];
  request.if_match = lines[3];
  if (!lines[4].empty()) request.headers.push_back({lines[4], lines[5]});
  if (!http::is_sendable(request)) return;
  std::string head;
  http::write_head(head, request, "/base", "Host: a\r\n", "token");
  const std::size_t expected = 4 + (request.content_type.empty() ? 0 : 1) + (request.accept.empty() ? 0 : 1) +
                               (request.if_match.empty() ? 0 : 1) + request.headers.size();
  require(count_of(head, "\r\n") == expected, "nothing breaks out of its line");
  require(count_of(head, "\n") == expected && count_of(head, "\r") == expected, "no bare line ends");
  require(head.ends_with("\r\n\r\n"), "a head ends with an empty line");
}

void url(std::string_view input) {
  require(http::percent_decode(http::percent_encode(input)) == std::string(input),
          "what is encoded can be decoded");
  const auto parsed = http::parse_url(input, "url");
  if (!parsed) return require(parsed.error().member == "url", "a problem names the key");
  const auto again =
      http::parse_url((parsed->tls ? "https://" : "http://") + parsed->authority() + parsed->path, "url");
  require(again && *again == *parsed, "a URL that was read can be read again");
}

void problem_body(std::string_view input) {
  const Memory memory;
  const auto problem = http::read_problem(std::string(input));
  memory.require_proportion(input.size());
  codec::JsonWriter json(64);
  json.text(problem.title);
  require_json(json.view());
}

void http_date(std::string_view input) {
  const auto wait = http::parse_retry_after(input, now);
  require(!wait || (wait->count() >= 0 && *wait <= std::chrono::hours(24)), "nobody waits longer than a day");
}

void masking(std::string_view input) {
  const auto masked = mask_identities(input);
  require(masked.size() == input.size(), "a mask keeps the length");
  require(mask_identities(masked) == masked, "what is masked stays as it is");
}

} // namespace fuzz
