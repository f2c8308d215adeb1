#pragma once

#include "dialogporten/service.hpp"
#include "storage/audit.hpp"

namespace altinn_sim {

/// Shows the audit what Dialogporten holds.
class DialogportenDialogs : public storage::StoredDialogs {
public:
  explicit DialogportenDialogs(const dialogporten::Service& service)
      : service_(service) {}

  bool find(storage::Guid id, const Visit& visit) const override;
  void for_each(const Visit& visit) const override;

private:
  const dialogporten::Service& service_;
};

} // namespace altinn_sim
