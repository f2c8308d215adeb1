#!/usr/bin/env bash
# CAF 0.17.6 (Debian libcaf-dev 0.17.6-2.1+b1): a request without a time limit is answered when its receiver has
# ended before the request comes, and when the receiver ends with the request still in its mailbox. It is never
# answered when the receiver has made a response promise of it and ends, by an exception in another handler or by
# quitting, or lets the promise go. Whoever waits for it must watch the receiver itself.
#
# Seen on 2026-11-29: "ended before: error", "ended with it unread: error", "promise, then exception: nothing",
# "promise, then quit: nothing", "promise let go: nothing"; two seconds were waited for each.
set -euo pipefail

version=0.17.6-2.1+b1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libcaf-dev=$version" "libcaf-core0.17=$version" >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done
library=root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || g++ -print-multiarch)

cat >main.cpp <<'CODE'
#include <caf/all.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

using ask = caf::atom_constant<caf::atom("ask")>;
using stop = caf::atom_constant<caf::atom("stop")>;
using fail = caf::atom_constant<caf::atom("fail")>;
using drop = caf::atom_constant<caf::atom("drop")>;

struct state {
  std::vector<caf::response_promise> promises;
};

caf::behavior receiver(caf::stateful_actor<state>* self) {
  self->set_exception_handler([](std::exception_ptr&) { return caf::make_error(caf::sec::runtime_error); });
  return {[=](ask) -> caf::result<int> {
            self->state.promises.push_back(self->make_response_promise());
            return self->state.promises.back();
          },
          [=](stop) {
            self->state.promises.clear();
            self->quit();
          },
          [=](fail) {
            self->state.promises.clear();
            throw std::runtime_error("a defect");
          },
          [=](drop) { self->state.promises.clear(); }};
}

void wait_for(const char* what, caf::actor_system& system, caf::actor to, bool ask_first, caf::message then) {
  std::promise<std::string> told;
  auto answer = told.get_future();
  auto tell = [&told, done = std::make_shared<bool>(false)](const char* text) {
    if (!std::exchange(*done, true)) told.set_value(text);
  };
  if (!ask_first) caf::anon_send(to, then);
  auto asker = system.spawn([&](caf::event_based_actor* self) {
    self->request(to, caf::infinite, ask::value)
        .then([tell](int) mutable { tell("an answer"); }, [tell](caf::error&) mutable { tell("error"); });
  });
  if (ask_first) {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    caf::anon_send(to, then);
  }
  const bool there = answer.wait_for(std::chrono::seconds{2}) == std::future_status::ready;
  std::cout << what << ": " << (there ? answer.get() : "nothing") << std::endl;
  caf::anon_send_exit(asker, caf::exit_reason::kill);
  caf::anon_send_exit(to, caf::exit_reason::kill);
}

int main() {
  caf::actor_system_config config;
  caf::actor_system system(config);
  const auto one = [&] { return system.spawn(receiver); };
  {
    auto ended = one();
    caf::anon_send_exit(ended, caf::exit_reason::kill);
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    wait_for("ended before", system, ended, true, caf::make_message(drop::value));
  }
  wait_for("ended with it unread", system, one(), false, caf::make_message(stop::value));
  wait_for("promise, then exception", system, one(), true, caf::make_message(fail::value));
  wait_for("promise, then quit", system, one(), true, caf::make_message(stop::value));
  wait_for("promise let go", system, one(), true, caf::make_message(drop::value));
}
CODE
g++ -std=c++17 -O1 -I root/usr/include main.cpp -include future -include thread -L "$library" -l:libcaf_core.so.0.17.6 -pthread -o main
LD_LIBRARY_PATH=$library ./main | tee seen
diff - seen <<'SEEN'
ended before: error
ended with it unread: error
promise, then exception: nothing
promise, then quit: nothing
promise let go: nothing
SEEN
echo "as seen before"
