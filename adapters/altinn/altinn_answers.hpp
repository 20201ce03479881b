#pragma once

// What Altinn answers, read: unknown members and unknown statuses are tolerated, another shape is
// not. Pure.

#include "adapters/altinn/altinn_settings.hpp"
#include "gateway/sdk/exchange.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn {

/// A UUID in lower case, or nothing: ids of theirs go into paths and must be nothing else.
std::optional<std::string> id_from(const json::Value& value);

/// InitializeCorrespondencesResponse: what became of the one recipient.
struct Initialised {
    std::string correspondence;
    std::string status;
    bool notice_failed = false;   // the notice cannot be sent; the letter is not affected

    Initialised() = default;
};
std::optional<Initialised> read_initialised(const sdk::HttpResponse& response);

/// The bare UUID of a new attachment.
std::optional<std::string> read_attachment_id(const sdk::HttpResponse& response);

enum class AttachmentStatus { initialized, processing, published, purged, failed, expired, other };
struct AttachmentOverview {
    AttachmentStatus status = AttachmentStatus::other;
    std::string text;   // what Altinn says of it

    AttachmentOverview() = default;
};
std::optional<AttachmentOverview> read_attachment(const sdk::HttpResponse& response);

/// {"ids": [...]}.
std::optional<std::vector<std::string>> read_ids(const sdk::HttpResponse& response);

/// The overview, or the details, of a letter as receipts; when to ask again by how old the letter
/// is at `now`.
std::optional<sdk::Receipts> read_receipts(const sdk::HttpResponse& response,
                                           const Settings& settings, core::Time accepted_at,
                                           core::Time now);

}   // namespace gateway::altinn
