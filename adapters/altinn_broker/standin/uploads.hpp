#pragma once

#include "adapters/altinn_broker/standin/book.hpp"
#include "adapters/altinn_broker/standin/part_file.hpp"
#include "adapters/common/standin/altinn_access.hpp"
#include "adapters/common/standin/program.hpp"

#include <map>
#include <memory>

namespace gateway::altinn_broker::standin {

/// The three ways in for bytes: at once, as a form, resumable (tus 1.0). One thread.
class Uploads {
public:
    Uploads(gateway::standin::World& world, Book& book) : world_(world), book_(book) {}

    using Caller = gateway::standin::AltinnCaller;
    sdk::Task<http::Response> raw(http::Request& request, const Caller& caller, std::string id);
    sdk::Task<http::Response> form(http::Request& request, const Caller& caller);
    sdk::Task<http::Response> tus(http::Request& request, const Caller& caller, std::string id);
    void clear() { parts_.clear(); }

private:
    http::Response tus_create(http::Request& request, Transfer& transfer);
    sdk::Task<http::Response> tus_patch(http::Request& request, Transfer& transfer);
    PartFile& part(const Transfer& transfer);
    /// All bytes are in the part file: checked, and on its way.
    http::Response finish(http::Request& request, Transfer& transfer);
    /// False when the body ended before its time: what came is kept. `left` bytes are taken.
    sdk::Task<bool> take(http::Request& request, PartFile& file, std::uint64_t left, bool& cut);

    gateway::standin::World& world_;
    Book& book_;
    std::map<std::string, std::unique_ptr<PartFile>> parts_;   // by transfer
};

}   // namespace gateway::altinn_broker::standin
