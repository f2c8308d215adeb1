#pragma once

#include <span>
#include <string_view>

/// What is fuzzed. A target takes one input and throws std::logic_error where a property does not hold;
/// libFuzzer calls it with what it makes up, the test of the seeds with the files under fuzz/seeds.
namespace fuzz {

// -- the readers of codec: no value is read twice differently, memory in proportion
// -----------------------------
void page(std::string_view input);
void instance(std::string_view input);
void events(std::string_view input);
void application(std::string_view input);
void texts(std::string_view input);
void parties(std::string_view input);
void dialog(std::string_view input);
void dialog_lookup(std::string_view input);
void organisations(std::string_view input);
void cloud_events(std::string_view input);
void bundle(std::string_view input);
void messages_page(std::string_view input); ///< of the Altinn 2 archive
void exports_line(std::string_view input);  ///< what is a message is a row of a page, with the same place

// -- mapping
// ------------------------------------------------------------------------------------------------------
void mapping(std::string_view input); ///< a bundle: what is written is JSON, within the limits, and said once
void merge(std::string_view input);   ///< a stored dialog, met by a form of ours
void address(std::string_view input); ///< an address, stored and sent again

// -- http
// ---------------------------------------------------------------------------------------------------------
void response(
    std::string_view input); ///< byte 0: method, byte 1: size of the pieces, then the answer's bytes
void request_head(
    std::string_view input); ///< target, content type, accept, If-Match, name and value, one a line
void url(std::string_view input);
void problem_body(std::string_view input);
void http_date(std::string_view input);
void masking(std::string_view input);

// -- the configuration
// ----------------------------------------------------------------------------------------------
void config(std::string_view input);

struct Target {
  std::string_view name; ///< of its folder under fuzz/seeds and its program
  void (*run)(std::string_view input);
};

std::span<const Target> all_targets();

} // namespace fuzz
