#include "temp_ledger.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::ledger;
using namespace dialogferry::ledger::test;

namespace {

/// An engine in a process of its own that commits one record after another, each confirmed with a byte.
class Engine {
public:
  explicit Engine(const std::string& url) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    process_ = fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) work(url, ends[1]);
    close(ends[1]);
    confirmed_ = ends[0];
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() {
    kill_at_once();
    close(confirmed_);
  }

  pid_t process() const { return process_; }

  /// Waits for `count` confirmations.
  void wait_for(int count) {
    char byte = 0;
    for (; count > 0 && read(confirmed_, &byte, 1) == 1; --count)
      ++seen_;
    REQUIRE(count == 0);
  }

  /// kill -9; returns how many commits were confirmed.
  int kill_at_once() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
      process_ = -1;
      char byte = 0;
      while (read(confirmed_, &byte, 1) == 1)
        ++seen_;
    }
    return seen_;
  }

private:
  [[noreturn]] static void work(const std::string& url, int confirm) {
    const auto ledger = ledger::open(url, "local", OpenMode::engine, now);
    if (!ledger) _exit(1);
    const auto place = key(day("2025-11-14"));
    if (!(*ledger)->start_shards(std::vector{whole_day(place)}, now)) _exit(2);
    Commit commit;
    commit.key = place;
    commit.counts = counts(1);
    while ((*ledger)->commit(std::vector{commit}, now) && write(confirm, "x", 1) == 1) {
    }
    _exit(3);
  }

  pid_t process_ = -1;
  int confirmed_ = -1;
  int seen_ = 0;
};

} // namespace

TEST_CASE("An engine killed at any instant has lost no confirmed commit and blocks nobody", "[ledger]") {
  const TempLedger folder;
  std::uint64_t least = 0;
  for (const int commits : {1, 3, 10, 50}) {
    Engine engine(folder.url());
    engine.wait_for(commits);
    if (folder.backend() == Backend::sqlite) {
      const auto refused = ledger::open(folder.url(), "local", OpenMode::engine, now);
      REQUIRE_FALSE(refused.has_value());
      CHECK_THAT(refused.error().message, Catch::Contains("process " + std::to_string(engine.process())));
    }
    const auto reader = open_or_die(folder.url(), OpenMode::read_only);
    CHECK(stage_of(*reader).counts.read() >= least + static_cast<std::uint64_t>(commits));
    must(open_or_die(folder.url(), OpenMode::tool)->add_note({0, now, "kari", {{"en", "busy"}}}));

    const auto confirmed = static_cast<std::uint64_t>(engine.kill_at_once());
    CHECK(stage_of(*open_or_die(folder.url(), OpenMode::read_only)).counts.read() >= least + confirmed);
    const auto ledger = open_or_die(folder.url());
    const auto read = must(ledger->load(key(day("2025-11-14"))))->counts.read();
    CHECK(read >= least + confirmed);
    CHECK(read <= least + confirmed + 1); // the one whose confirmation was cut off
    CHECK(stage_of(*ledger).counts.read() == read);
    least = read;
  }
}
