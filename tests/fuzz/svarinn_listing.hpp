#pragma once

// Whatever SvarInn lists, in v1's form and both of v2's. What is read makes a message by our own
// schema, whatever is in it.

#include "adapters/svarinn/svarinn_exchange.hpp"
#include "adapters/svarinn/svarinn_listing.hpp"
#include "adapters/svarinn/svarinn_message.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/json/schema.hpp"
#include "message_schemas.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>

namespace fuzz::svarinn_listing {

namespace svarinn = gateway::svarinn;

inline svarinn::Settings settings() {
    svarinn::Settings settings;
    settings.origin = "https://svarut.example";
    settings.base_url = settings.origin + "/api/svarinn";
    settings.tenant = gateway::core::TenantId("310001007");
    return settings;
}

inline bool is_number(const std::string& text, std::size_t digits) {
    return text.empty() ||
           (text.size() == digits && text.find_first_not_of("0123456789") == std::string::npos);
}

inline void party(const svarinn::Party& party) {
    promise(is_number(party.organisation, 9), "an organisation has nine digits");
    promise(is_number(party.person, 11), "a person has eleven digits");
}

/// The message of it, with every file as listed.
inline void message(const svarinn::Listed& listed) {
    static const gateway::json::Schema transfer =
        *gateway::json::Schema::compile(gateway::validate::embedded::transfer_v1);
    std::vector<gateway::core::DocumentRef> documents;
    for (const auto& file : listed.files) {
        gateway::core::DocumentRef document;
        document.name = file.name;
        document.media_type = file.media_type;
        documents.push_back(std::move(document));
    }
    const gateway::core::Time now(std::chrono::seconds(1'768'478'400));
    const auto made = svarinn::message_of(listed, std::move(documents), settings(), now);
    promise(made.dedupe_id == listed.id, "a shipment is known by its id");
    promise(made.raw.size() <= (256U << 10U), "what is kept as it came is bounded");
    auto content = made.content;
    for (auto& document : content.find("documents")->mutable_items()) {
        document.remove("md5");   // which what came in has on top
        document.remove("size");
    }
    promise(transfer.check(content).empty(), "a shipment's message is transfer/v1");
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto listing = svarinn::read_listing(text_of(data, size));
    if (!listing) {
        return;
    }
    promise(listing->items.size() + listing->unreadable.size() <= svarinn::listed_max,
            "a list is bounded");
    const auto ours = settings();
    for (const auto& listed : listing->items) {
        const auto id = gateway::core::parse_uuid(listed.id);
        promise(id && id->to_string() == listed.id, "an id of theirs is a UUID in lower case");
        promise(!listed.files.empty() && listed.files.size() <= svarinn::files_max,
                "a shipment has files, and not too many");
        promise(std::all_of(listed.files.begin(), listed.files.end(),
                            [](const auto& file) {
                                return !file.name.empty() &&
                                       (file.sha256.empty() || file.sha256.size() == 64);
                            }),
                "a file has a name, and a whole hash or none");
        promise(listed.level == 3 || listed.level == 4, "a level is one of two");
        party(listed.sender);
        party(listed.recipient);
        party(listed.reply_to);
        promise(svarinn::download_request(ours, listed).url.starts_with(ours.origin + "/"),
                "the password goes to no other place");
        message(listed);
    }
}

}   // namespace fuzz::svarinn_listing
