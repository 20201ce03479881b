#pragma once

// A shipment coming in: multipart with the JSON first and then its files in the same order and by
// the same names, or refused as a whole.

#include "adapters/common/standin/program.hpp"
#include "adapters/svarut/standin/book.hpp"
#include "adapters/svarut/standin/shapes.hpp"

namespace gateway::svarut::standin {

/// SvarUt's own key pair (PEM): what is sent for the highest level is encrypted for it.
struct OwnKey {
    std::string key;
    std::string certificate;
};

/// Where a shipment is sent to.
struct Address {
    std::string version;   // "v2", "v3"
    std::string kind;      // "person", "organisasjon", "nhn", "print"; empty with v2
    std::string account;
};

/// Stored when the answer is 200.
sdk::Task<http::Response> take_shipment(http::Request& request, Address to, Book& book,
                                        const Shapes& shapes, const OwnKey& own);

}   // namespace gateway::svarut::standin
