#pragma once

// The catalogue (katalog), the account's own API (konto) and the dokumentlager's downloads. Facts:
// wire notes 2.4 and 2.5.

#include "adapters/fiks_io/standin/access.hpp"
#include "adapters/fiks_io/standin/broker/publisher.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows all.
class Catalogue {
public:
    Catalogue(Book& book, Publisher& publisher, const gateway::standin::SkewedClock& clock)
        : book_(book), publisher_(publisher), clock_(clock) {}

    /// GET /fiks-io/katalog/api/v1/kontoer/{kontoId}[/status]
    sdk::Task<std::variant<json::Value, Refusal>> account(std::string id, bool status_only);
    /// GET .../offentligNokkel, for anybody.
    std::variant<json::Value, Refusal> public_key(const std::string& id) const;
    /// PUT, GET, DELETE /fiks-io/konto/api/v1/kontoer/{kontoId}/offentligNokkel
    sdk::Task<http::Response> own_key(http::Request& request, const Integration& integration,
                                      std::string id);
    /// GET /dokumentlager/nedlasting/{id}[/metadata]
    http::Response document(const Integration& integration, const std::string& id,
                            bool metadata_only) const;

private:
    sdk::Task<json::Value> status_of(const Account& account);
    http::Response refused(const Refusal& refusal, const std::string& path) const;
    sdk::Task<http::Response> upload_key(http::Request& request, Account account);

    Book& book_;
    Publisher& publisher_;
    const gateway::standin::SkewedClock& clock_;
};

}   // namespace gateway::fiks_io::standin
