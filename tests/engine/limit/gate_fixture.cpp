#include "gate_fixture.hpp"

namespace dialogferry::engine::test {

GateWorld::GateWorld(const std::function<void(GateSetup&)>& change) {
  GateSetup setup;
  setup.api = "storage";
  setup.rate = {0, 1, 100, false};
  http::Request probe;
  probe.target = "/probe";
  setup.probe = std::make_shared<const http::Request>(std::move(probe));
  setup.send = [this](const std::shared_ptr<const http::Request>& request, http::Handler handler,
                      std::chrono::milliseconds limit, const http::Trace& trace) {
    sent.push_back({request->target, now(), std::move(handler), limit, trace});
    if (on_send) on_send(sent.size() - 1);
  };
  setup.clock = clock();
  setup.view = view;
  if (change) change(setup);
  gate = spawn<Gate>(std::move(setup));
  run();
}

std::shared_ptr<Reply<Answered>> GateWorld::call(std::string target, Priority priority, Patience patience) {
  http::Request request;
  request.target = std::move(target);
  Call call{std::make_shared<const http::Request>(std::move(request)), http::Operation::list, priority,
            patience};
  return ask<Answered>(gate, std::move(call));
}

void GateWorld::answer(std::size_t index, http::Answer answer) {
  auto handler = sent.at(index).handler;
  handler(std::move(answer));
  run();
}

std::vector<std::string> GateWorld::targets(std::size_t from) const {
  std::vector<std::string> targets;
  for (auto i = from; i < sent.size(); ++i)
    targets.push_back(sent[i].target);
  return targets;
}

std::size_t GateWorld::probes() const {
  return static_cast<std::size_t>(
      std::count_if(sent.begin(), sent.end(), [](const Sent& one) { return one.target == "/probe"; }));
}

} // namespace dialogferry::engine::test
