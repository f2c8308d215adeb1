#pragma once

#include <string>

namespace dialogferry::cli {

/// Tells the service manager (systemd, `Type=notify`) how the process is; says nothing where none listens.
class ServiceManager {
public:
  /// The engine carries and its page is up; also after reloading().
  void ready() const;
  /// The configuration is read again.
  void reloading() const;
  /// No further work is begun.
  void stopping() const;
  /// The process lives. The watchdog wants to hear it at least twice in `WatchdogSec`.
  void alive() const;
  /// What `systemctl status` shows; the same sentence is told once.
  void status(const std::string& sentence);

private:
  std::string told_;
};

} // namespace dialogferry::cli
