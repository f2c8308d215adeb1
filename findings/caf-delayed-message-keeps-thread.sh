#!/usr/bin/env bash
# CAF 0.17.6 (Debian libcaf-dev 0.17.6-2.1+b1): an actor with a thread of its own (detached) that has ended keeps its
# thread until every message that it has sent itself with delayed_send is due. Without such a message the thread is gone
# at once, and so it is where the delayed message goes to a helper that is linked to it. Who waits for the threads of
# what has ended, to let go of what they use, waits as long as the longest pause.
#
# Seen on 2026-11-30, with a message two seconds ahead, half a second and three seconds after the actor was told to
# end: thread "gone, gone" without one, "there, gone" with one, "gone, gone" with a helper.
set -euo pipefail

version=0.17.6-2.1+b1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq "libcaf-dev=$version" "libcaf-core0.17=$version" >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
library=root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || g++ -print-multiarch)

cat >main.cpp <<'CODE'
#include <caf/all.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

using due = caf::atom_constant<caf::atom("due")>;
using stop = caf::atom_constant<caf::atom("stop")>;
using namespace std::chrono_literals;

std::ptrdiff_t threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

caf::behavior ends(caf::event_based_actor* self) {
  return {[](due) {}, [=](stop) { self->quit(caf::exit_reason::user_shutdown); }};
}

caf::behavior waits(caf::event_based_actor* self) {
  self->delayed_send(self, std::chrono::seconds{2}, due::value);
  return ends(self);
}

caf::behavior has_helper(caf::event_based_actor* self) {
  self->spawn<caf::linked>(waits);
  return ends(self);
}

void end(const char* what, caf::actor_system& system, caf::behavior (*actor)(caf::event_based_actor*)) {
  const auto before = threads();
  caf::anon_send(system.spawn<caf::detached>(actor), stop::value);
  std::cout << what << ": ";
  std::this_thread::sleep_for(500ms);
  std::cout << (threads() > before ? "there, " : "gone, ");
  std::this_thread::sleep_for(2500ms);
  std::cout << (threads() > before ? "there" : "gone") << std::endl;
}

int main() {
  caf::actor_system_config config;
  caf::actor_system system(config);
  end("no delayed message", system, ends);
  end("a delayed message", system, waits);
  end("a delayed message to a helper", system, has_helper);
}
CODE
g++ -std=c++17 -O1 -w -I root/usr/include main.cpp -L "$library" -l:libcaf_core.so.0.17.6 -pthread -o main
LD_LIBRARY_PATH=$library ./main | tee seen
diff - seen <<'SEEN'
no delayed message: gone, gone
a delayed message: there, gone
a delayed message to a helper: gone, gone
SEEN
echo "as seen before"
