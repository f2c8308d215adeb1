#pragma once

#include "history.hpp"
#include "http_server.hpp"
#include "messages.hpp"
#include "piece.hpp"
#include "route.hpp"

#include <functional>
#include <vector>

namespace altinn_sim::sink {

/// Answers the platform's requests out of precomputed pieces, checks nothing, remembers nothing: a server
/// that costs as little as it can, so that a benchmark measures the client. Safe to use from several threads.
class Sink {
public:
  /// `messages` outlives it; without them there is neither an archive nor Correspondence.
  explicit Sink(History::Extent extent, const Messages* messages = nullptr);

  const Messages* messages() const { return messages_; }

  /// Appends the whole answer, head and body, to `out` and returns its status; 0 for a request that is not
  /// the platform's ("/_sim/…"), where nothing is appended. `endpoint` gets the endpoint it is counted under.
  int answer(const Incoming& request, std::string& out, std::size_t& endpoint) const;

private:
  struct Owner {
    std::string code;
    Piece instance;        ///< the JSON object, as pages have it
    Piece instance_answer; ///< a complete answer
    Piece dialog;          ///< as a search lists it
    std::string application_answer;
    std::string applications_answer;
  };

  Fields fields_of(History::Number number) const;
  void fill_people(History::Number number, Fields& fields) const;
  int events(std::string_view path, std::string& out) const;
  int create(std::string_view body, std::string& out) const;
  int list(const Request& request, std::string& out) const;
  int instance(std::string_view path, std::string& out) const;
  int applications(std::string_view path, std::string& out) const;
  int lookup(std::string_view body, std::string& out) const;
  int other(const Incoming& request, std::string& out, std::size_t& endpoint) const;
  int dialogs(Method method, std::string_view path, const Request& request, std::string& out) const;
  int search(const Request& request, std::string& out) const;
  Fields dialog_fields_of(History::Number number) const;
  const Owner* owner(std::string_view code) const;

  History history_;
  const Messages* messages_;
  std::vector<Owner> owners_;
  std::string all_applications_;
  Piece events_;
  Piece no_events_;
  Piece created_;
  Piece party_;
  Piece user_;
  std::size_t events_endpoint_;
  std::size_t create_endpoint_;
  std::size_t list_endpoint_;
};

} // namespace altinn_sim::sink
