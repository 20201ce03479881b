#pragma once

// The service's memory and its clockwork: what is due happens when the next request looks, dated at
// the time it was due. And what it knows around itself: resources and service owners, a file a
// person can edit (<state>/settings.json):
//
//   {"resources": [{"id", "owner", "max_bytes": 0, "ttl_hours": 720, "grace_hours": 2,
//                   "purge_after_confirmed": true, "required_party": "", "access_list": [orgno],
//                   "without_scan": false}],
//    "service_owners": [{"organisation", "org", "ready": true}]}

#include "adapters/altinn_broker/standin/model.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"

#include <deque>
#include <map>
#include <string>

namespace gateway::altinn_broker::standin {

/// One thread. Borrows the clock.
class Book {
public:
    Book(std::string folder, const std::string& organisation,
         const gateway::standin::SkewedClock& clock, double times_faster);

    /// Lets everything happen that is due.
    void advance();

    Transfer* find(const std::string& id);
    const std::map<std::string, Transfer>& transfers() const { return transfers_; }
    void add(Transfer transfer);
    void save(const Transfer& transfer);
    /// A new status, now. Saved, and an event of the service's.
    void set_status(Transfer& transfer, const std::string& status, const std::string& text = {});
    /// The bytes are all there: scanned next, or published at once.
    void uploaded(Transfer& transfer);
    void download_started(Transfer& transfer, Recipient& recipient);
    void confirmed(Transfer& transfer, Recipient& recipient);

    const json::Value* resource(std::string_view id) const;
    const json::Value* service_owner(const std::string& organisation) const;
    /// Adds or replaces one entry of a list by its first member's name.
    void put(const std::string& list, const char* key, const json::Value& entry);
    const json::Value& settings() const { return settings_; }

    core::Duration scaled(core::Duration real) const;
    core::Time now() const { return clock_.now(); }
    std::string file_of(const Transfer& transfer) const { return files_ + "/" + transfer.id; }
    std::string part_of(const Transfer& transfer) const { return file_of(transfer) + ".part"; }
    const std::string& files() const { return files_; }
    json::Value events() const;
    void clear();

private:
    void emit(const std::string& type, const Transfer& transfer);
    void purge(Transfer& transfer, core::Time at, const char* why);
    void save_settings() const;

    std::string folder_;
    std::string files_;
    const gateway::standin::SkewedClock& clock_;
    double times_faster_;
    gateway::standin::Journal journal_;
    std::map<std::string, Transfer> transfers_;
    json::Value settings_;
    std::deque<json::Value> events_;
};

}   // namespace gateway::altinn_broker::standin
