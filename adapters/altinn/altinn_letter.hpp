#pragma once

// letter/v1 as the Correspondence API wants it. Pure.
// Facts: Altinn/altinn-correspondence, InitializeCorrespondencesExt and its parts; the derived
// OpenAPI document.

#include "adapters/altinn/altinn_exchange.hpp"
#include "adapters/altinn/altinn_settings.hpp"

#include <string>
#include <vector>

namespace gateway::altinn {

/// A delivery read once: its letter, its route, its documents.
struct Letter {
    const core::Delivery* delivery = nullptr;
    json::Value content;
    RouteSettings route;

    Letter() = default;
    const std::vector<core::DocumentRef>& documents() const { return delivery->documents; }
};

/// `malformed` when content or settings are not the JSON that was checked at accept.
core::Result<Letter> read_letter(const core::Delivery& delivery);

/// InitializeCorrespondences with attachments uploaded before (none: a letter of text only).
json::Value initialize(const Letter& letter, const std::vector<std::string>& existing_attachments);
/// The same with its attachments described, for the call that carries them.
json::Value initialize_with_files(const Letter& letter, const Settings& settings);
/// InitializeAttachment for the document at `index`.
json::Value initialize_attachment(const Letter& letter, const Settings& settings,
                                  std::size_t index);

/// One multipart call holds what `letter` is: small enough, and nothing in it that form names
/// cannot say.
bool fits_single_call(const Letter& letter, const Settings& settings);

Exchange send_json(const Letter& letter, const std::vector<std::string>& existing_attachments);
Exchange send_multipart(const Letter& letter, const Settings& settings);
Exchange make_attachment(const Letter& letter, const Settings& settings, std::size_t index);

}   // namespace gateway::altinn
