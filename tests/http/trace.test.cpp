#include "answers.hpp"
#include "raw_server.hpp"

#include <dialogferry/http/trace.hpp>

using namespace dialogferry;
using namespace dialogferry::http;

TEST_CASE("A request says where it belongs as W3C Trace Context has it", "[http][trace]") {
  const auto id = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bc");
  std::string head;
  append_traceparent(head, {id, 0x0123456789abcdefULL});
  CHECK(head == "traceparent: 00-0dbc1da6f7444fff83bc131e7988a1bc-0123456789abcdef-01\r\n");
  CHECK(trace_text(id) == "0dbc1da6f7444fff83bc131e7988a1bc");
  head.clear();
  append_traceparent(head, {id, 0}); // a span of zeros is none
  CHECK(head.find("-0000000000000001-01") != std::string::npos);
  head.clear();
  append_traceparent(head, {});
  CHECK(head.empty());
}

TEST_CASE("The server gets it with the request", "[http][trace]") {
  raw::Request seen;
  raw::Server server(raw::each([&](raw::Session& session, const raw::Request& request) {
    seen = request;
    session.answer(200, "{}");
  }));
  IoPool pool(1);
  const auto client = connect(pool, server.url());
  Answers answers;
  const auto id = *parse_uuid("0dbc1da6-f744-4fff-83bc-131e7988a1bc");
  client->send(std::make_shared<const Request>(get("/a")), answers.handler(), std::chrono::milliseconds{0},
               {id, 10});
  REQUIRE(answers.wait_for(1));
  CHECK(seen.has("\r\ntraceparent: 00-0dbc1da6f7444fff83bc131e7988a1bc-000000000000000a-01"));
  client->send(std::make_shared<const Request>(get("/a")), answers.handler());
  REQUIRE(answers.wait_for(2));
  CHECK_FALSE(seen.has("traceparent"));
}
