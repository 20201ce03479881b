#pragma once

// What SvarUt tells an archive of a shipment (Noark 5), from the words of transfer/v1. Pure.

#include "gateway/json/value.hpp"

namespace gateway::svarut {

/// metadataForImport fits the receiving system, metadataFraAvleverendeSystem the sending one.
enum class NoarkPart { for_import, from_sender };

json::Value noark_of(const json::Value& archive, NoarkPart part);

}   // namespace gateway::svarut
