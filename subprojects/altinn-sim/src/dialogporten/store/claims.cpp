#include "dialogporten/store/claims.hpp"

namespace altinn_sim::dialogporten {

namespace {

class Collector {
public:
  void add(Table table, const std::optional<Uuid>& id) {
    if (id) claims_.push_back({table, *id});
  }

  template <class Attachments>
  void add_attachments(const Attachments& attachments) {
    for (const auto& attachment : attachments) {
      add(Table::attachment, attachment.id);
      for (const auto& url : attachment.urls)
        add(Table::attachment_url, url.id);
    }
  }

  std::vector<Claim> take() { return std::move(claims_); }

private:
  std::vector<Claim> claims_;
};

} // namespace

std::vector<Claim> claims_of(const Dialog& dialog) {
  Collector collector;
  collector.add_attachments(dialog.attachments);
  for (const auto& transmission : dialog.transmissions) {
    collector.add(Table::transmission, transmission.id);
    collector.add_attachments(transmission.attachments);
  }
  for (const auto& action : dialog.gui_actions)
    collector.add(Table::gui_action, action.id);
  for (const auto& action : dialog.api_actions) {
    collector.add(Table::api_action, action.id);
    for (const auto& endpoint : action.endpoints)
      collector.add(Table::endpoint, endpoint.id);
  }
  for (const auto& activity : dialog.activities)
    collector.add(Table::activity, activity.id);
  return collector.take();
}

} // namespace altinn_sim::dialogporten
