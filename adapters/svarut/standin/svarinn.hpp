#pragma once

// SvarInn for the systems of organisations: list, download, receipt; by v1 and by v2, whose answers
// KS has published in two shapes.

#include "adapters/common/standin/program.hpp"
#include "adapters/svarut/standin/book.hpp"
#include "adapters/svarut/standin/shapes.hpp"

namespace gateway::svarut::standin {

/// One thread. Borrows all.
class SvarInn {
public:
    SvarInn(gateway::standin::World& world, Book& book, const Shapes& shapes)
        : world_(world), book_(book), shapes_(shapes) {}

    /// `path`: after "/svarinn". `base`: the address up to it.
    sdk::Task<http::Response> handle(http::Request& request, const json::Value& mailbox,
                                     std::vector<std::string> path, std::string base);

private:
    json::Value list(const http::Request& request, const json::Value& mailbox, bool v1,
                     const std::string& base);
    http::Response download(const http::Request& request, const json::Value& mailbox,
                            Shipment& shipment, bool v1);
    sdk::Task<http::Response> receive(http::Request& request, Shipment& shipment, std::string how);
    http::Response settle(const http::Request& request, Shipment& shipment, bool taken,
                          const json::Value& failure);

    gateway::standin::World& world_;
    Book& book_;
    const Shapes& shapes_;
};

}   // namespace gateway::svarut::standin
