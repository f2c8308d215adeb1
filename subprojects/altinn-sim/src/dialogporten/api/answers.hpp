#pragma once

#include "dialogporten/store/record.hpp"
#include "dialogporten/wire/writer.hpp"

namespace altinn_sim::dialogporten {

/// Default, Bin or Archive.
SystemLabel folder_of(const Record& record);

/// What an answer says of a dialog beside its stored text: id, revision, org, times, labels, counters (2.1).
void describe_record(Writer& writer, const Record& record);

/// The dialog as GET answers it (dialogporten.md 2.1).
std::string full_answer(const Record& record);

} // namespace altinn_sim::dialogporten
