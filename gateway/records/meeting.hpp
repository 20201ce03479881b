#pragma once

// How an operator comes to a person, whatever is to be done: who asks, of whom, and what the log
// says of it.

#include "gateway/ports/record_keeping.hpp"
#include "gateway/records/visit.hpp"

namespace gateway::records {

ports::RecordAsker asker_of(const ports::PersonWish& which, const ports::Keeper& keeper);

/// A person that was found, or why none was.
struct Met {
    std::optional<ports::Refusal> refusal;
    ports::Subject subject;
    std::vector<ports::Subject> all;   // of the person, by every id; the one in use last

    Met() = default;
    explicit Met(ports::Refusal why) : refusal(std::move(why)) {}
};

sdk::Task<Met> meet(ServiceParts& parts, const Visit& visit, const ports::PersonWish& which);

ports::NewLogEntry entry_of(const ServiceParts& parts, const Visit& visit, ports::LogKind kind,
                            core::Uuid handle, const std::string& why);

/// That it did not happen, and why: logged before it is told.
sdk::Task<ports::Refusal> refuse(ServiceParts& parts, const Visit& visit, const Met& met,
                                 ports::Refusal why);

}   // namespace gateway::records
