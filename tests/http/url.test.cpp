#include <dialogferry/http/url.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::http;

TEST_CASE("A base URL is taken apart, ports are kept", "[http][D-14]") {
  struct Row {
    const char* text;
    Url url;
    const char* authority;
  };
  const Row rows[] = {
      {"https://platform.altinn.no", {true, "platform.altinn.no", 443, ""}, "platform.altinn.no"},
      {"https://platform.altinn.no/dialogporten/",
       {true, "platform.altinn.no", 443, "/dialogporten"},
       "platform.altinn.no"},
      {"http://127.0.0.1:8080/a/b", {false, "127.0.0.1", 8080, "/a/b"}, "127.0.0.1:8080"},
      {"http://h:80", {false, "h", 80, ""}, "h"},
      {"https://h:80", {true, "h", 80, ""}, "h:80"},
      {"http://[::1]:99/x", {false, "::1", 99, "/x"}, "[::1]:99"},
      {"https://[::1]", {true, "::1", 443, ""}, "[::1]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto url = parse_url(row.text, "m");
    REQUIRE(url);
    CHECK(*url == row.url);
    CHECK(url->authority() == row.authority);
  }
}

TEST_CASE("What is not a base URL is refused with the key it stands at", "[http]") {
  for (const auto* const text :
       {"", "platform.altinn.no", "ftp://h", "https://", "https://:80", "https://u@h", "https://h:",
        "https://h:0", "https://h:65536", "https://h:8x", "https://h/a?b", "https://h/a#b", "https://h/a b",
        "https://h_ø", "https://[::1", "https://[x]", "https://[::1]x", "https://h\r\nX: y"}) {
    CAPTURE(text);
    const auto url = parse_url(text, "apis.storage.base_url");
    REQUIRE_FALSE(url);
    CHECK(url.error().member == "apis.storage.base_url");
    CHECK_FALSE(url.error().message.empty());
  }
}

TEST_CASE("Percent encoding is undone by decoding", "[http]") {
  CHECK(percent_encode("urn:altinn:instance-id:1/2 ø") == "urn%3Aaltinn%3Ainstance-id%3A1%2F2%20%C3%B8");
  CHECK(percent_decode("urn%3Aaltinn%3a1%2F2%20%C3%B8") == "urn:altinn:1/2 ø");
  CHECK(percent_decode("a+b") == "a+b");
  CHECK(percent_decode("a+b", true) == "a b");
  for (const auto* const text : {"%", "%4", "a%zz", "%4g", "%+1"})
    CHECK_FALSE(percent_decode(text));
}
