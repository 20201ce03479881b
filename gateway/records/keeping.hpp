#pragma once

// A person's report, legal hold, erasure on request, and links that no register tells
// (keeping_links.cpp), behind ports::RecordKeeping. What an operator does is in the access log with
// who and why.

#include "gateway/ports/record_keeping.hpp"
#include "gateway/records/visit.hpp"

namespace gateway::records {

/// Any strand may call. Keeps no state.
class Keeping final : public ports::RecordKeeping {
public:
    explicit Keeping(ServiceParts parts) : parts_(parts) {}

    sdk::Task<ports::PersonReport> report(ports::ReportQuery query) override;
    sdk::Task<ports::ErasedAnswer> hold(ports::PersonWish which, ports::Keeper keeper,
                                        bool held) override;
    sdk::Task<ports::ErasedAnswer> erase(ports::PersonWish which, ports::Keeper keeper) override;
    sdk::Task<ports::LinkAnswer> link(ports::PersonWish ended, std::string successor,
                                      ports::Keeper keeper) override;
    sdk::Task<ports::LinkAnswer> unlink(ports::PersonWish ended, ports::Keeper keeper) override;

private:
    ServiceParts parts_;
};

}   // namespace gateway::records
