#include "newcomers.hpp"

namespace altinn_sim::storage {

const Organisation& Newcomers::add(std::string_view code) {
  const std::lock_guard lock(mutex_);
  const auto found = by_code_.find(code);
  if (found != by_code_.end()) return found->second;
  return by_code_.emplace(code, make_organisation(seed_, code, false, applications_)).first->second;
}

const Organisation* Newcomers::find(std::string_view code) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_code_.find(code);
  return found == by_code_.end() ? nullptr : &found->second;
}

const Application* Newcomers::application(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  for (const auto& application : applications_) {
    if (application.id == id) return &application;
  }
  return nullptr;
}

std::vector<const Organisation*> Newcomers::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Organisation*> out;
  for (const auto& [code, organisation] : by_code_)
    out.push_back(&organisation);
  return out;
}

} // namespace altinn_sim::storage
