#pragma once

// SvarInn's calls, with HTTP Basic. Pure.
// Facts: ks-no/ks-no.github.io, content/Tjenester/svarut/svarinn/SvarInnV1.md, svarut/api/SvarInn
// REST.md.

#include "adapters/svarinn/svarinn_listing.hpp"
#include "adapters/svarinn/svarinn_settings.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>

namespace gateway::svarinn {

sdk::HttpRequest list_request(const Settings& settings);
/// SvarUt's own certificate, given to everybody: no password goes along.
sdk::HttpRequest known_request(const Settings& settings);
/// By the link that was listed where it leads to the same server, else by the id.
sdk::HttpRequest download_request(const Settings& settings, const Listed& listed);
sdk::HttpRequest received_request(const Settings& settings, const std::string& id);
/// Permanent: SvarUt sends it on by another channel. Otherwise it stays in the list.
struct ReceivingFailure {
    std::string words;
    bool permanent = false;

    ReceivingFailure() = default;
    ReceivingFailure(std::string text, bool for_good)
        : words(std::move(text)), permanent(for_good) {}
};
sdk::HttpRequest failed_request(const Settings& settings, const std::string& id,
                                const ReceivingFailure& failure);

}   // namespace gateway::svarinn
