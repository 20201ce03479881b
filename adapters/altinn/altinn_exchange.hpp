#pragma once

// One call to Altinn as a plain description: what to send, not yet opened. Pure, so every call is a
// line in a test.

#include "gateway/core/delivery.hpp"
#include "gateway/sdk/exchange.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::altinn {

/// Text, or the bytes of a document, in their order on the wire.
struct Piece {
    std::string text;
    std::optional<core::DocumentRef> document;

    Piece() = default;
    explicit Piece(std::string words) : text(std::move(words)) {}
    explicit Piece(core::DocumentRef ref) : document(std::move(ref)) {}
};

struct Exchange {
    std::string method;
    std::string path;   // with its query, after the platform's base URL
    std::string content_type;
    std::vector<Piece> body;
    sdk::Effect effect = sdk::Effect::none;

    Exchange() = default;
    Exchange(std::string verb, std::string where, sdk::Effect what)
        : method(std::move(verb)), path(std::move(where)), effect(what) {}
    bool streams() const;
    std::string text() const;   // of a body without documents
};

Exchange json_post(std::string path, std::string body);
Exchange upload_attachment(const std::string& attachment, const core::DocumentRef& document);
Exchange get_attachment(const std::string& attachment);
Exchange delete_attachment(const std::string& attachment);
Exchange find_by_key(const std::string& resource, const std::string& key);
Exchange get_overview(const std::string& correspondence);
Exchange get_details(const std::string& correspondence);
Exchange purge(const std::string& correspondence);

}   // namespace gateway::altinn
