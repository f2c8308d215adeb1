#pragma once

#include "build.hpp"

namespace dialogferry::mapping {

/// A data element on its way into a dialog, with the time that decides where it belongs (M-81, D-7).
struct Element {
  const codec::DataElement* source = nullptr;
  Instant effective;
};

inline constexpr std::string_view pdf_receipt = "ref-data-as-pdf";

/// M-85: exactly this data type, in this case.
bool is_pdf_receipt(const codec::DataElement& element);

/// The elements that may be shown at all (M-80), in their order, with their effective times: not what is
/// hard-deleted at the source (observed.md OR-10), and not what has no address (D-7).
std::span<const Element> candidates(const Material& material);

/// Whether every PDF that the forms of this instance are due is there (M-11). A PDF without references is one
/// of no task.
bool pdfs_complete(const Material& material);

/// A file on the dialog itself (M-83, M-84); its id needs the element's own id and time (M-88).
Result<codec::Attachment> dialog_attachment(const Material& material, const codec::DataElement& element);

/// A file that the original shows nowhere, on the dialog (D-6, D-7): any id text is taken, and no time is
/// needed.
Result<codec::Attachment> receipt_attachment(const Material& material, const codec::DataElement& element);

/// A file in a submission.
Result<codec::Attachment> transmission_attachment(const Material& material, const codec::DataElement& element,
                                                  const Uuid& transmission_id);

/// Why an element cannot be mapped: `instance.data[2].created`.
Problem element_problem(const Material& material, const codec::DataElement& element, std::string_view member,
                        std::string_view message);

} // namespace dialogferry::mapping
