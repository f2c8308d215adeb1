#include "controls.hpp"
#include "maskinporten/tokens.hpp"
#include "options.hpp"
#include "platform.hpp"
#include "simulator.hpp"
#include "sink/front.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>

namespace {

using namespace altinn_sim;

/// Throws std::runtime_error naming the file.
FaultPlan read_faults(const std::string& file) {
  if (file.empty()) return {};
  std::ifstream stream(file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    return read_fault_plan(boost::json::parse(text));
  } catch (const std::exception& error) {
    throw std::runtime_error(file + ": " + error.what());
  }
}

std::int64_t wall_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Nothing where no token is asked for. Throws std::runtime_error naming the file.
std::unique_ptr<maskinporten::Tokens> read_tokens(const std::string& file) {
  if (file.empty()) return nullptr;
  std::ifstream stream(file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    return std::make_unique<maskinporten::Tokens>(maskinporten::read_clients(boost::json::parse(text)),
                                                  wall_seconds);
  } catch (const std::exception& error) {
    throw std::runtime_error(file + ": " + error.what());
  }
}

void ask_for_tokens(Simulator& simulator, maskinporten::Tokens& tokens) {
  simulator.page("/token", [&](const Request& request) { return tokens.token(request); });
  simulator.page("/authentication/api/v1/exchange/maskinporten",
                 [&](const Request& request) { return tokens.exchange(request); });
  simulator.admit([&](std::string_view authorization) { return tokens.admits(authorization); });
}

template <class Server>
void run(Server& server) {
  server.stop_on_signals();
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run();
}

void serve(const Options& options) {
  Platform platform(options);
  Simulator simulator({options.latency, options.places});
  platform.attach_to(simulator);
  add_controls(simulator);
  simulator.faults().replace(read_faults(options.faults));
  const auto tokens = read_tokens(options.maskinporten);
  if (tokens) ask_for_tokens(simulator, *tokens);
  HttpServer server({options.port, options.threads, options.gzip},
                    [&](const Incoming& incoming, Answer& answer) { answer = simulator.answer(incoming); });
  run(server);
}

void serve_sink(const Options& options) {
  Simulator simulator({options.latency, options.places});
  add_controls(simulator);
  const auto extent = [&](std::pair<std::int64_t, std::int64_t> days, std::uint64_t per_day) {
    return sink::History::Extent{options.seed, days.first,
                                 static_cast<std::uint64_t>(days.second - days.first + 1), per_day,
                                 options.organisations};
  };
  const std::pair days(options.first_day, options.last_day);
  const sink::Messages messages(extent(options.messages_days.value_or(days), options.messages_per_day),
                                {options.messages_attachments, options.messages_attachment_size});
  sink::Sink sink(extent(days, options.per_day), &messages);
  sink::Front front(sink, simulator, options.publish_time.value_or(std::chrono::microseconds{0}));
  HttpServer server({options.port, options.threads, options.gzip, false},
                    [&](const Incoming& incoming, Answer& answer) { front.answer(incoming, answer); });
  run(server);
}

} // namespace

int main(int argc, char** argv) {
  auto reading = read_options(argc, argv);
  if (!reading.options) return reading.exit_status;
  try {
    reading.options->sink ? serve_sink(*reading.options) : serve(*reading.options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "altinn-sim: %s\n", error.what());
    return 1;
  }
}
