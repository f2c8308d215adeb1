#include "controls.hpp"
#include "loopback.hpp"
#include "platform.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::test;

TEST_CASE("flaws are planted in dialogs that are there, and in no more than there are") {
  Options options;
  options.first_day = options.last_day = 20'089;
  options.per_day = 20;
  options.organisations = 1;
  Platform platform(options);
  Simulator simulator({});
  platform.attach_to(simulator);
  RunningServer server({}, [&](const Incoming& in) { return simulator.answer(in); });
  Client client(server.port());

  CHECK(client.post("/_sim/plant", R"({"organisation":"skd","day":"2025-01-01"})").status == 200);
  const auto nothing = client.post("/_sim/plant", R"({"organisation":"skd","day":"2025-01-01","missing":1})");
  CHECK(nothing.status == 400); // nothing was carried
  CHECK(client.post("/_sim/plant", R"({"organisation":"skd"})").status == 400);
  CHECK(client.post("/_sim/plant", R"({"organisation":"skd","day":"2025-01-01","lost":1})").status == 400);
  CHECK(client.post("/_sim/plant", "no JSON").status == 400);
}
