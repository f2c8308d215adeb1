#include "../url.hpp"
#include "open.hpp"
#include "postgres_ledger.hpp"

#include <dialogferry/ledger/listener.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace dialogferry::ledger {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_again{2'000}; ///< for a server that is away
constexpr postgres::Patience patience{milliseconds{1'000}, milliseconds{5'000}};

class PostgresListener final : public Listener {
public:
  PostgresListener(postgres::Place place, std::function<void(std::string_view)> told)
      : place_(std::move(place))
      , told_(std::move(told)) {
    if (::pipe2(stop_.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe2");
    thread_ = std::thread([this] { work(); });
  }
  PostgresListener(const PostgresListener&) = delete;
  PostgresListener& operator=(const PostgresListener&) = delete;
  ~PostgresListener() override {
    ::close(stop_[1]); // which can be read on the other side
    thread_.join();
    ::close(stop_[0]);
  }

private:
  void work() const {
    while (!is_over(milliseconds{0})) {
      try {
        const auto connection = postgres::connect(place_, {OpenMode::tool, {}, patience});
        connection->run(fmt::format("LISTEN {}", postgres::inbox_channel).c_str());
        while (!is_over(milliseconds{0}))
          for (const auto& row : connection->wait_for_notices(stop_[0]))
            told_(row);
      } catch (const sql::Error&) {
        if (is_over(look_again)) return;
      } catch (const sql::Refusal&) {
        if (is_over(look_again)) return;
      }
    }
  }

  bool is_over(milliseconds wait) const {
    pollfd stop{stop_[0], POLLIN, 0};
    return ::poll(&stop, 1, static_cast<int>(wait.count())) > 0;
  }

  const postgres::Place place_;
  const std::function<void(std::string_view)> told_;
  std::array<int, 2> stop_{};
  std::thread thread_;
};

} // namespace

std::unique_ptr<Listener> listen(const std::string& url, std::function<void(std::string_view row)> told) {
  if (!is_postgres(url)) return nullptr;
  auto place = postgres::parse_url(url);
  if (!place) return nullptr; // opening the ledger tells why
  return std::make_unique<PostgresListener>(std::move(*place), std::move(told));
}

} // namespace dialogferry::ledger
