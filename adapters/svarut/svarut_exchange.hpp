#pragma once

// SvarUt's calls, without the platform's headers. Pure.
// Facts: ks-no/fiks-svarut-klient, openapi/*.json; ks-no/ks-no.github.io, content/Tjenester/svarut.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/svarut/svarut_shipment.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>
#include <vector>

namespace gateway::svarut {

/// One file of a shipment, its bytes as they go out.
struct FilePart {
    std::string name;
    std::string media_type;
    std::unique_ptr<sdk::ByteSource> bytes;

    FilePart() = default;
};

/// The JSON first, then the files in its order. `boundary` stands in none of them.
sdk::HttpRequest send_request(const std::string& base_url, const Shipment& shipment,
                              const json::Value& order, std::vector<FilePart> files,
                              const std::string& boundary);

/// Statuses of up to statuses_max shipments of one account (v3).
inline constexpr std::size_t statuses_max = 500;
sdk::HttpRequest statuses_request(const std::string& base_url, const std::string& account,
                                  const std::vector<std::string>& ids);
/// Shipments by eksternReferanse (v2); `metadata`: with when they were sent.
sdk::HttpRequest search_request(const std::string& base_url, const std::string& account,
                                const std::string& reference, bool metadata);
enum class About { events, signing_events, metadata };
sdk::HttpRequest about_request(const std::string& base_url, const std::string& id, About what);
sdk::HttpRequest delete_request(const std::string& base_url, const std::string& id, Deletion which);
sdk::HttpRequest read_request(const std::string& base_url, const std::string& id,
                              const json::Value& body);
sdk::HttpRequest types_request(const std::string& base_url);
/// Whose SvarInn system would get it; empty: not asked by it.
struct MailboxQuestion {
    std::string organisation;
    std::string type;
    int level = 0;

    MailboxQuestion() = default;
};
sdk::HttpRequest mailboxes_request(const std::string& base_url, const MailboxQuestion& question);
/// SvarUt's certificate, given to everybody.
sdk::HttpRequest key_request(const std::string& base_url);

/// A request with no document to open, as the platform's client wants it.
sdk::Task<fiks_platform::Built> plain(sdk::HttpRequest request);

}   // namespace gateway::svarut
