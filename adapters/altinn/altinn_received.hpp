#pragma once

// A letter that came to us, as Altinn tells of it, and as the message that is handed over. Pure.

#include "adapters/altinn/altinn_settings.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/inbound_message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn {

struct ReceivedFile {
    std::string id;
    std::string name;   // nothing but a name
    std::string media_type;

    ReceivedFile() = default;
};

struct ReceivedLetter {
    std::string id;
    std::string status;
    bool confirm = false;   // the sender wants it confirmed
    std::vector<ReceivedFile> files;
    json::Value body;   // the overview

    ReceivedLetter() = default;
};

/// The overview as the recipient sees it.
std::optional<ReceivedLetter> read_received(const sdk::HttpResponse& response);

/// letter/v1 with its documents in the order of `letter.files`.
sdk::InboundMessage message_of(const ReceivedLetter& letter, const Source& source,
                               std::vector<core::DocumentRef> documents);

}   // namespace gateway::altinn
