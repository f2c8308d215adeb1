#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <libpq-fe.h>
#include <optional>
#include <poll.h>

namespace dialogferry::ledger::postgres {

namespace {

/// What libpq says, as a clause: one line, without its prefix and the full stop.
std::string trimmed(std::string_view message) {
  for (const std::string_view prefix : {"ERROR:  ", "FATAL:  ", "PANIC:  "})
    if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  message = message.substr(0, message.find('\n'));
  while (message.ends_with('.') || message.ends_with(' '))
    message.remove_suffix(1);
  return std::string(message);
}

Error error_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return {state != nullptr ? state : "",
          message != nullptr ? message : trimmed(PQresultErrorMessage(result))};
}

} // namespace

bool Error::is_outage() const {
  if (state.empty()) return true;
  const std::string_view kind = std::string_view(state).substr(0, 2);
  return kind == "08" || kind == "53" || kind == "58" || state == "57P01" || state == "57P02" ||
         state == "57P03" || state == "25006" || state == "25P03";
}

bool Error::is_conflict() const {
  return state == "40001" || state == "40P01" || state == "55P03" || state == "DF003";
}

// -- Reply --------------------------------------------------------------------------

void Reply::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

int Reply::rows() const {
  return PQntuples(result_.get());
}

int Reply::columns() const {
  return PQnfields(result_.get());
}

bool Reply::null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view Reply::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Reply::integer(int row, int column) const {
  const auto bytes = text(row, column);
  if (bytes.empty()) return 0;
  std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

std::uint64_t Reply::changes() const {
  const std::string_view count = PQcmdTuples(result_.get());
  std::uint64_t value = 0;
  std::from_chars(count.data(), count.data() + count.size(), value);
  return value;
}

// -- connecting ---------------------------------------------------------------------

void Connection::Finish::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Connection::Connection(const std::string& uri, Patience patience)
    : patience_(patience) {
  connect(uri);
  PQsetnonblocking(connection_.get(), 1);
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

void Connection::connect(const std::string& uri) {
  // What stands in the uri (dbname) goes before what is written in front of it. A side that has vanished
  // is noticed within half a minute.
  const char* const keys[] = {
      "application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
      "tcp_user_timeout", "dbname",          "client_encoding",     nullptr};
  const char* const values[] = {"dialogferry", "10", "5", "3", "20000", uri.c_str(), "UTF8", nullptr};
  connection_.reset(PQconnectStartParams(keys, values, 1));
  const auto until = Clock::now() + patience_.connect;
  auto status = connection_ ? PGRES_POLLING_WRITING : PGRES_POLLING_FAILED;
  if (connection_ && PQstatus(connection_.get()) == CONNECTION_BAD) status = PGRES_POLLING_FAILED;
  while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
    wait_for_socket(status == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
    status = PQconnectPoll(connection_.get());
  }
  if (status != PGRES_POLLING_OK) lose();
}

int Connection::server_version() const {
  return PQserverVersion(connection_.get());
}

int Connection::process() const {
  return PQbackendPID(connection_.get());
}

std::string_view Connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(connection_.get(), name);
  return value != nullptr ? value : "";
}

// -- sending ------------------------------------------------------------------------

void Connection::begin_sending() {
  if (is_broken_) lose("the connection is lost");
  if (is_sending_) return;
  if (PQenterPipelineMode(connection_.get()) != 1) lose();
  is_sending_ = true;
}

const std::string& Connection::prepare(std::string_view sql, const Parameters& parameters) {
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return known->second;
  const auto& name = prepared_.emplace(sql, "s" + std::to_string(++names_)).first->second;
  being_made_.emplace_back(sql);
  if (PQsendPrepare(connection_.get(), name.c_str(), std::string(sql).c_str(),
                    static_cast<int>(parameters.size()), parameters.types().data()) != 1)
    lose();
  asked_.push_back(false);
  return name;
}

void Connection::send(std::string_view sql, const Parameters& parameters) {
  begin_sending();
  const auto& name = prepare(sql, parameters);
  const auto values = parameters.values();
  const auto lengths = parameters.lengths();
  const std::vector<int> formats(parameters.size(), 1);
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(parameters.size()), values.data(),
                          lengths.data(), formats.data(), 1) != 1)
    lose();
  asked_.push_back(true);
}

std::vector<Reply> Connection::flush() {
  begin_sending();
  if (PQpipelineSync(connection_.get()) != 1) lose();
  const auto until = Clock::now() + patience_.answer;
  auto replies = take_answers(until);
  being_made_.clear();
  return replies;
}

Reply Connection::ask(std::string_view sql, const Parameters& parameters) {
  send(sql, parameters);
  return std::move(flush().back());
}

void Connection::run(const char* sql) {
  if (is_broken_) lose("the connection is lost");
  if (PQsendQuery(connection_.get(), sql) != 1) lose();
  const auto until = Clock::now() + patience_.answer;
  std::optional<Error> error;
  while (auto* result = next_answer(until)) {
    if (!error && PQresultStatus(result) == PGRES_FATAL_ERROR) error = error_of(result);
    PQclear(result);
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) is_broken_ = true;
  if (error) throw Error(*error);
}

std::vector<std::string> Connection::wait_for_notices(int stop) {
  std::array<pollfd, 2> ready{{{PQsocket(connection_.get()), POLLIN, 0}, {stop, POLLIN, 0}}};
  if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) lose("no answer");
  if (PQconsumeInput(connection_.get()) != 1) lose();
  std::vector<std::string> notices;
  while (auto* notice = PQnotifies(connection_.get())) {
    notices.emplace_back(notice->extra);
    PQfreemem(notice);
  }
  return notices;
}

// -- waiting ------------------------------------------------------------------------

std::vector<Reply> Connection::take_answers(Clock::time_point until) {
  std::vector<Reply> replies;
  std::optional<Error> error;
  std::size_t at = 0;
  while (true) {
    auto* result = next_answer(until);
    if (result == nullptr) { // between two answers
      if (PQstatus(connection_.get()) == CONNECTION_BAD) break;
      continue;
    }
    Reply reply(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_FATAL_ERROR && !error) error = error_of(result);
    if (at < asked_.size() && asked_[at++]) replies.push_back(std::move(reply));
    if (PQstatus(connection_.get()) == CONNECTION_BAD) break;
  }
  asked_.clear();
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    is_broken_ = true;
    if (error) throw Error(*error);
    lose();
  }
  PQexitPipelineMode(connection_.get());
  is_sending_ = false;
  if (!error) return replies;
  for (const auto& sql : std::exchange(being_made_, {})) // who knows which of them were
    prepared_.erase(sql);
  throw Error(*error);
}

pg_result* Connection::next_answer(Clock::time_point until) {
  wait_for_answer(until);
  return PQgetResult(connection_.get());
}

void Connection::wait_for_answer(Clock::time_point until) {
  while (true) {
    const int left = PQflush(connection_.get());
    if (left < 0) return; // PQgetResult tells why
    if (left == 0 && PQisBusy(connection_.get()) == 0) return;
    wait_for_socket(static_cast<short>(left > 0 ? POLLIN | POLLOUT : POLLIN), until);
    if (PQconsumeInput(connection_.get()) != 1) return;
  }
}

void Connection::wait_for_socket(short events, Clock::time_point until) {
  pollfd socket{PQsocket(connection_.get()), events, 0};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  const int ready = left > 0 && socket.fd >= 0 ? ::poll(&socket, 1, static_cast<int>(left)) : 0;
  if (ready == 0) lose("no answer in time");
  if (ready < 0 && errno != EINTR) lose("no answer");
}

void Connection::lose(const std::string& why) {
  is_broken_ = true;
  throw Error("", why);
}

void Connection::lose() {
  lose(trimmed(connection_ ? PQerrorMessage(connection_.get()) : "out of memory"));
}

} // namespace dialogferry::ledger::postgres
