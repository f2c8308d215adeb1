#include <dialogferry/ledger/temporary_postgres.hpp>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <random>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace dialogferry::ledger {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds to_start{60};
constexpr milliseconds look_every{10};
constexpr int most_ports = 5; ///< tried, where others are faster to take them
constexpr const char* user = "ferry";

tl::unexpected<Problem> failed(const std::string& what, const std::string& hint = {}) {
  return fail("postgresql", what, hint);
}

/// Where initdb and postgres are, of the newest version there is; empty where there is none.
fs::path programs() {
  std::error_code ignored;
  fs::path newest;
  int version = 0;
  for (const auto& each : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const int number = std::atoi(each.path().filename().c_str());
    if (number > version && fs::exists(each.path() / "bin" / "initdb", ignored)) {
      version = number;
      newest = each.path() / "bin";
    }
  }
  return newest;
}

/// Whom a program runs as that must not be root; null: as this process does.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const auto* found = ::getpwnam("postgres");
  return found != nullptr ? found : ::getpwnam("nobody");
}

/// Starts a program with its output in `log`; it ends with this thread.
pid_t spawn(const std::vector<std::string>& command, const fs::path& folder) {
  std::vector<char*> arguments;
  for (const auto& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const auto* runs_as = other_user();
  const auto log = (folder / "log").string();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (runs_as != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(runs_as->pw_gid) != 0 || ::setuid(runs_as->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent || ::chdir(folder.c_str()) != 0) ::_exit(126);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int in = ::open("/dev/null", O_RDONLY);
  if (out < 0 || in < 0) ::_exit(126);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::setenv("LC_ALL", "C", 1);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// A port of the loopback that nobody has at the moment.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  ::close(socket);
  return is_bound ? ntohs(address.sin_port) : 0;
}

std::string random_text() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

std::string last_line(const fs::path& log) {
  std::ifstream file(log);
  std::string line, last;
  while (std::getline(file, line))
    if (!line.empty()) last = line;
  return last;
}

} // namespace

Result<std::unique_ptr<TemporaryPostgres>> TemporaryPostgres::start(const Options& options) {
  std::unique_ptr<TemporaryPostgres> server(new TemporaryPostgres(options));
  server->programs_ = programs();
  if (server->programs_.empty()) return failed("is not installed", "apt-get install postgresql-15");
  server->password_ = random_text();
  for (const auto& step : {&TemporaryPostgres::make_folder, &TemporaryPostgres::make_cluster,
                           &TemporaryPostgres::start_somewhere})
    if (auto done = (server.get()->*step)(); !done) return tl::unexpected(done.error());
  return server;
}

Result<void> TemporaryPostgres::make_folder() {
  auto name = (fs::temp_directory_path() / "postgres-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return failed("has no temporary folder: " + std::string(std::strerror(errno)));
  folder_ = name;
  std::ofstream(folder_ / "password") << password_ << '\n';
  if (const auto* owner = other_user(); owner != nullptr)
    for (const auto& path : {folder_, folder_ / "password"})
      if (::chown(path.c_str(), owner->pw_uid, owner->pw_gid) != 0)
        return failed("cannot be given its folder: " + std::string(std::strerror(errno)));
  return {};
}

Result<void> TemporaryPostgres::make_cluster() {
  const auto made = spawn({programs_ / "initdb", "--pgdata", folder_ / "data", "--username", user, "--pwfile",
                           folder_ / "password", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale",
                           "C", "--no-sync"},
                          folder_);
  if (made < 0 || wait_for(made) != 0) return failed("initdb fails: " + last_line(log()));
  return {};
}

Result<void> TemporaryPostgres::start_somewhere() {
  for (int attempt = 0; attempt < most_ports; ++attempt) {
    port_ = free_port();
    if (auto started = start_again()) return started;
  }
  return failed("does not start: " + last_line(log()));
}

Result<void> TemporaryPostgres::start_again() {
  std::vector<std::string> command = {
      programs_ / "postgres", "-D", folder_ / "data", "-k", folder_, "-h", "127.0.0.1", "-p",
      std::to_string(port_)};
  if (!options_.is_durable) command.insert(command.end(), {"-c", "fsync=off"});
  process_ = spawn(command, folder_);
  const auto until = steady_clock::now() + to_start;
  while (process_ > 0 && steady_clock::now() < until) {
    if (is_ready()) return {};
    if (::waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
    std::this_thread::sleep_for(look_every);
  }
  stop_at_once();
  return failed("does not start: " + last_line(log()));
}

bool TemporaryPostgres::is_ready() {
  const std::string port = std::to_string(port_);
  const std::array<const char*, 4> keys = {"host", "port", "dbname", nullptr};
  const std::array<const char*, 4> values = {"127.0.0.1", port.c_str(), "postgres", nullptr};
  return PQpingParams(keys.data(), values.data(), 0) == PQPING_OK;
}

void TemporaryPostgres::stop_at_once() {
  if (process_ <= 0) return;
  ::kill(process_, SIGQUIT);
  wait_for(process_);
  process_ = -1;
}

TemporaryPostgres::~TemporaryPostgres() {
  stop_at_once();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string TemporaryPostgres::url(const std::string& database) const {
  return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", user, password_, port_, database);
}

Result<void> TemporaryPostgres::make(const std::string& database) {
  return run("postgres", "CREATE DATABASE \"" + database + "\"");
}

Result<void> TemporaryPostgres::run(const std::string& database, const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url(database).c_str()), PQfinish);
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> done(PQexec(connection.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(done.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
  return failed(PQerrorMessage(connection.get()));
}

} // namespace dialogferry::ledger
