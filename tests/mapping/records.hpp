#pragma once

#include <dialogferry/mapping/bundle.hpp>

#include <boost/json.hpp>

#include <string>
#include <string_view>

/// A small record to start from: an archived form with a submission, two files and a dialog to merge into.
namespace records {

namespace json = boost::json;

/// The bundle of a form that was submitted at 10:00 and archived, `now` an hour later, live, without a
/// dialog.
json::value archived_form();

/// The dialog that a form gets, as Dialogporten would answer it.
json::value stored_dialog(const json::value& bundle, const dialogferry::mapping::Mapper& mapper);

/// Sets the member at a path such as `/instance/status/isArchived`, objects on the way made where they are
/// missing.
void set(json::value& bundle, std::string_view path, json::value value);

/// Takes the member away.
void drop(json::value& bundle, std::string_view path);

dialogferry::Result<dialogferry::mapping::Decision>
decide(const json::value& bundle, const dialogferry::mapping::Settings& settings = {});

/// The body of a decision.
json::value body_of(const dialogferry::mapping::Decision& decision);

} // namespace records
