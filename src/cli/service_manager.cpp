#include "service_manager.hpp"

#include <systemd/sd-daemon.h>

namespace dialogferry::cli {

namespace {

/// A service manager that cannot be told is no reason to stop.
void tell(const std::string& state) {
  sd_notify(0, state.c_str());
}

} // namespace

void ServiceManager::ready() const {
  tell("READY=1");
}

void ServiceManager::reloading() const {
  tell("RELOADING=1");
}

void ServiceManager::stopping() const {
  tell("STOPPING=1");
}

void ServiceManager::alive() const {
  tell("WATCHDOG=1");
}

void ServiceManager::status(const std::string& sentence) {
  if (sentence == told_) return;
  told_ = sentence;
  tell("STATUS=" + sentence);
}

} // namespace dialogferry::cli
