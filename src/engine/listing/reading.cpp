#include <dialogferry/engine/listing/reading.hpp>

#include <utility>

namespace dialogferry::engine {

codec::Parser& parser_of_thread() {
  thread_local codec::Parser parser;
  return parser;
}

std::shared_ptr<const codec::Document> kept_page(std::string& body, std::shared_ptr<http::BodyStore> bodies) {
  auto document = std::make_unique<codec::Document>(std::move(body));
  if (!bodies) return document;
  return {document.release(), [bodies = std::move(bodies)](codec::Document* read) {
            bodies->give(std::move(*read).release());
            delete read;
          }};
}

Uuid stand_in_of(std::string_view row) {
  return sub_id(Uuid{}, row);
}

} // namespace dialogferry::engine
