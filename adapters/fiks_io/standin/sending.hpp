#pragma once

// POST /fiks-io/api/v1/send. Facts: wire notes 2.3. What KS answers to a wrong order is not public:
// the statuses of refusals are assumed (README.md).

#include "adapters/fiks_io/standin/access.hpp"
#include "adapters/fiks_io/standin/post_office.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows all.
class Sending {
public:
    Sending(Book& book, PostOffice& post) : book_(book), post_(post) {}

    sdk::Task<std::variant<json::Value, Refusal>> take(http::Request& request,
                                                       const Integration& integration);

private:
    std::optional<Refusal> objection_to(const Parcel& parcel, const Integration& integration) const;

    Book& book_;
    PostOffice& post_;
};

}   // namespace gateway::fiks_io::standin
