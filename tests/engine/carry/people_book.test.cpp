#include <dialogferry/engine/carry/people_book.hpp>

#include <catch2/catch.hpp>

#include <chrono>

using namespace dialogferry::engine;
using namespace std::chrono_literals;

TEST_CASE("The book gives back what was put into it", "[engine][people]") {
  const auto urn = GENERATE(KnownUrn{}, KnownUrn{""}, KnownUrn{"urn:altinn:person:identifier-no:02886430348"},
                            KnownUrn{"urn:altinn:person:identifier-no:00000000000"},
                            KnownUrn{"urn:altinn:organization:identifier-no:010912409"},
                            KnownUrn{"urn:altinn:person:identifier-no:2886430348"},
                            KnownUrn{"urn:altinn:person:identifier-no:-2886430348"},
                            KnownUrn{"urn:altinn:organization:identifier-no:31091240x"},
                            KnownUrn{"urn:altinn:person:legacy-selfidentified:kari"},
                            KnownUrn{"urn:altinn:person:idporten-email:kari@example.no"});
  PeopleBook book(5min);
  book.put({1, false}, urn, 1s);
  REQUIRE(book.find({1, false}, 2s));
  CHECK(*book.find({1, false}, 2s) == urn);
}

TEST_CASE("A party and a user of one number are two, and nobody is anybody else", "[engine][people]") {
  PeopleBook book(5min);
  book.put({7, false}, "party", 1s);
  CHECK_FALSE(book.find({7, true}, 1s));
  CHECK_FALSE(book.find({0, false}, 1s));
  book.put({7, true}, "user", 1s);
  book.put({0, false}, "nought", 1s);
  book.put({-3, true}, "below", 1s);
  CHECK(book.find({7, false}, 1s)->value() == "party");
  CHECK(book.find({7, true}, 1s)->value() == "user");
  CHECK(book.find({0, false}, 1s)->value() == "nought");
  CHECK(book.find({-3, true}, 1s)->value() == "below");
}

TEST_CASE("What is old is not known any more, until it is put anew", "[engine][people][M-36]") {
  PeopleBook book(5min);
  book.put({1, false}, "urn:altinn:person:legacy-selfidentified:kari", 10s);
  CHECK(book.find({1, false}, 10s + 5min - 1us));
  CHECK_FALSE(book.find({1, false}, 10s + 5min));
  book.put({1, false}, "urn:altinn:person:legacy-selfidentified:per", 20min);
  CHECK(book.find({1, false}, 21min)->value() == "urn:altinn:person:legacy-selfidentified:per");
}

TEST_CASE("A full book begins anew, and goes on knowing what came last", "[engine][people]") {
  PeopleBook book(5min);
  const auto number = [](std::int64_t id) { return "nobody's number " + std::to_string(id); };
  constexpr auto many = static_cast<std::int64_t>(2 * PeopleBook::most + 100);
  for (std::int64_t id = 0; id < many; ++id) {
    book.put({id, false}, number(id), 1s);
    REQUIRE(book.find({id, false}, 1s)->value() == number(id));
  }
  std::size_t known = 0;
  for (std::int64_t id = 0; id < many; ++id) {
    const auto found = book.find({id, false}, 1s);
    if (found) REQUIRE(found->value() == number(id));
    known += found ? 1 : 0;
  }
  CHECK(known > 0);
  CHECK(known <= PeopleBook::most);
}

TEST_CASE("A number too large for the book is nobody else's", "[engine][people]") {
  PeopleBook book(5min);
  const auto huge = GENERATE(std::int64_t{1} << 62, std::int64_t{-1} << 62);
  book.put({1, false}, "one", 1s);
  book.put({huge + 1, false}, "huge", 1s);
  CHECK(book.find({1, false}, 1s)->value() == "one");
  CHECK_FALSE(book.find({huge + 1, false}, 1s));
}
