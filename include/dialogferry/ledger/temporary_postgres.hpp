#pragma once

#include <dialogferry/model/result.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>

namespace dialogferry::ledger {

/// A PostgreSQL of its own for tests and the demo: in a temporary folder, on a free port of the loopback, for
/// whoever knows its password. It ends, and its folder goes, with the object, or with the thread that started
/// it. PostgreSQL does not run as root: started by root it runs as `postgres`, or as `nobody`.
class TemporaryPostgres {
public:
  struct Options {
    bool is_durable = false; ///< survives the machine's crash: slower; its own crash it survives anyway
  };

  /// A Problem where PostgreSQL is not installed or does not start.
  static Result<std::unique_ptr<TemporaryPostgres>> start(const Options& options);
  static Result<std::unique_ptr<TemporaryPostgres>> start() { return start(Options{}); }

  TemporaryPostgres(const TemporaryPostgres&) = delete;
  TemporaryPostgres& operator=(const TemporaryPostgres&) = delete;
  ~TemporaryPostgres();

  /// Where a database of it is, with user and password.
  std::string url(const std::string& database = "postgres") const;
  /// Makes an empty database.
  Result<void> make(const std::string& database);
  /// Runs statements in a database.
  Result<void> run(const std::string& database, const std::string& sql);

  /// As after a power cut or `pg_ctl stop -m immediate`: all connections are lost at once.
  void stop_at_once();
  /// After stop_at_once(), on the same port.
  Result<void> start_again();

  int port() const { return port_; }
  pid_t process() const { return process_; }
  /// What it says; to be shown where it does not do what it should.
  std::filesystem::path log() const { return folder_ / "log"; }

private:
  explicit TemporaryPostgres(const Options& options)
      : options_(options) {}
  Result<void> make_folder();
  Result<void> make_cluster();
  Result<void> start_somewhere();
  bool is_ready();

  Options options_;
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  std::string password_;
  int port_ = 0;
  pid_t process_ = -1;
};

} // namespace dialogferry::ledger
