#pragma once

// What an integration may ask about shipments, and do to them, beside sending.

#include "adapters/common/standin/program.hpp"
#include "adapters/svarut/standin/book.hpp"
#include "adapters/svarut/standin/sending.hpp"

namespace gateway::svarut::standin {

/// One thread. Borrows all.
class Queries {
public:
    Queries(gateway::standin::World& world, Book& book, const Shapes& shapes)
        : world_(world), book_(book), shapes_(shapes) {}

    /// {version}/kontoer/{account}/forsendelser/...: statuses, search by reference.
    sdk::Task<http::Response> of_account(http::Request& request, Address to,
                                         std::vector<std::string> path);
    /// v2/forsendelser/{id}/..., v2/forsendelsestyper, v2/mottakersystem.
    sdk::Task<http::Response> handle(http::Request& request, const json::Value& integration,
                                     std::vector<std::string> path);

private:
    sdk::Task<http::Response> statuses(http::Request& request, Address to);
    json::Value by_reference(const http::Request& request, const std::string& account,
                             bool metadata);
    sdk::Task<http::Response> of_one(http::Request& request, Shipment& shipment, std::string what);
    http::Response remove(const http::Request& request, Shipment& shipment);
    json::Value metadata(const Shipment& shipment) const;
    json::Value mailboxes(const http::Request& request) const;

    gateway::standin::World& world_;
    Book& book_;
    const Shapes& shapes_;
};

}   // namespace gateway::svarut::standin
