#include "logging.hpp"

#include "json.hpp"

#include <dialogferry/engine/log_level.hpp>
#include <dialogferry/model/log_line.hpp>
#include <dialogferry/model/time.hpp>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>

namespace dialogferry::cli {

namespace {

Instant instant_of(const spdlog::details::log_msg& message) {
  return {std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch()).count() *
          Instant::per_millisecond};
}

std::string_view view(spdlog::string_view_t text) {
  return {text.data(), text.size()};
}

/// A sentence, then what it is about: `… carried outcome=created row=a3-app-instances-live`.
std::string as_text(const spdlog::details::log_msg& message) {
  const auto line = read_log_line(view(message.payload));
  auto text = fmt::format("{} {:<7} {}", dialogferry::to_string(instant_of(message)).substr(0, 19),
                          view(spdlog::level::to_string_view(message.level)), line.message);
  for (const auto& [name, value] : line.fields)
    text.append(fmt::format(
        " {}={}", name, value.find(' ') == std::string_view::npos ? std::string(value) : json_quoted(value)));
  return text + '\n';
}

/// The same with a member for each thing.
std::string as_json(const spdlog::details::log_msg& message) {
  const auto line = read_log_line(view(message.payload));
  JsonObject json;
  json.text("at", dialogferry::to_string(instant_of(message)));
  json.text("level", view(spdlog::level::to_string_view(message.level))).text("message", line.message);
  for (const auto& [name, value] : line.fields)
    json.text(name, value);
  return json.take() + '\n';
}

class PrintSink
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> { // what it prints to has a lock
public:
  PrintSink(LogFormat format, std::function<void(std::string_view)> print)
      : format_(format)
      , print_(std::move(print)) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    print_(format_ == LogFormat::json ? as_json(message) : as_text(message));
  }
  void flush_() override {}

  LogFormat format_;
  std::function<void(std::string_view)> print_;
};

} // namespace

Logging::Logging(const LogConfig& config, std::function<void(std::string_view)> print) {
  auto logger = std::make_shared<spdlog::logger>(
      "dialogferry", std::make_shared<PrintSink>(config.format, std::move(print)));
  logger->set_level(engine::level_of(config.level));
  spdlog::set_default_logger(std::move(logger));
}

Logging::~Logging() {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("dialogferry", std::make_shared<spdlog::sinks::null_sink_mt>()));
}

} // namespace dialogferry::cli
