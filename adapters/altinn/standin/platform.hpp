#pragma once

// What the operations share.

#include "adapters/altinn/standin/book.hpp"
#include "adapters/altinn/standin/problem.hpp"
#include "adapters/altinn/standin/settings.hpp"
#include "adapters/common/standin/altinn_access.hpp"
#include "adapters/common/standin/stored_file.hpp"

#include <memory>

namespace gateway::altinn::standin {

/// What a caller's scopes allow here.
struct Caller : gateway::standin::AltinnCaller {
    Caller() = default;
    explicit Caller(gateway::standin::AltinnCaller who) : AltinnCaller(std::move(who)) {}
    bool writes() const { return may("altinn:correspondence.write"); }
    bool reads() const { return may("altinn:correspondence.read"); }
};

struct Platform {
    gateway::standin::World& world;
    Settings& settings;
    Book& book;
};

/// The resource when the caller owns it and may use it; else why not (4001, 4009, 4010, 2014).
std::optional<Refusal> check_resource(const Platform& platform, const Caller& caller,
                                      std::string_view resource, bool transmission);

/// One file of the multipart call.
struct Uploaded {
    std::string file_name;
    std::unique_ptr<gateway::standin::StoredFile> file;

    Uploaded(std::string name, std::unique_ptr<gateway::standin::StoredFile> stored)
        : file_name(std::move(name)), file(std::move(stored)) {}
};

}   // namespace gateway::altinn::standin
