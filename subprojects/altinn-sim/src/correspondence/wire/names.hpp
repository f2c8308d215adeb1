#pragma once

#include <string_view>
#include <vector>

/// What the API calls its values, by their numbers (correspondence.md 2.1, 2.3).
namespace altinn_sim::correspondence {

inline const std::vector<std::string_view> status_names = {"Initialized",
                                                           "ReadyForPublish",
                                                           "Published",
                                                           "Fetched",
                                                           "Read",
                                                           "Replied",
                                                           "Confirmed",
                                                           "PurgedByRecipient",
                                                           "PurgedByAltinn",
                                                           "Archived",
                                                           "Reserved",
                                                           "Failed",
                                                           "AttachmentsDownloaded",
                                                           "SoftDeletedByRecipient",
                                                           "RestoredByRecipient"};

inline const std::vector<std::string_view> reference_names = {"Generic",
                                                              "AltinnAppInstance",
                                                              "AltinnBrokerFileTransfer",
                                                              "DialogportenDialogId",
                                                              "DialogportenProcessId",
                                                              "DialogportenTransmissionId",
                                                              "DialogportenTransmissionType"};

} // namespace altinn_sim::correspondence
