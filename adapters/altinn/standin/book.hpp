#pragma once

// The service's memory and its clockwork: what is due happens when the next request looks, dated at
// the time it was due.

#include "adapters/altinn/standin/model.hpp"
#include "adapters/altinn/standin/settings.hpp"
#include "adapters/common/standin/faults.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::altinn::standin {

/// How long things take at the service, before the time scale.
struct Pace {
    core::Duration scan = std::chrono::seconds(20);
    core::Duration publish = std::chrono::seconds(40);
    core::Duration fetch_debounce = std::chrono::seconds(15);
    core::Duration notice = std::chrono::minutes(5);

    void scale(double times_faster);
};

/// One thread. Borrows all.
class Book {
public:
    Book(std::string folder, Settings& settings, gateway::standin::Faults& faults,
         const gateway::standin::SkewedClock& clock, Pace pace);

    /// Lets everything happen that is due.
    void advance();

    Attachment* attachment(const std::string& id);
    Correspondence* correspondence(const std::string& id);
    /// The correspondence made with this key; empty when the key is free. Keys are global and never
    /// expire.
    std::string by_key(const std::string& key) const;
    const std::map<std::string, Attachment>& attachments() const { return attachments_; }
    const std::map<std::string, Correspondence>& correspondences() const {
        return correspondences_;
    }
    std::vector<std::string> linked_to(const std::string& attachment_id) const;

    void add(Attachment attachment);
    void add(Correspondence correspondence);
    /// A new status, now. Saved.
    void set_status(Attachment& attachment, const std::string& status,
                    const std::string& text = {});
    void set_status(Correspondence& correspondence, const std::string& status,
                    const std::string& text = {});
    void start_scan(Attachment& attachment);
    /// Ready unless an attachment is outstanding; publishing is planned then.
    void settle(Correspondence& correspondence);
    void save(const Attachment& attachment);
    void save(const Correspondence& correspondence);
    void emit(const std::string& type, const std::string& id);

    core::Time now() const { return clock_.now(); }
    const Pace& pace() const { return pace_; }
    std::string folder() const { return folder_ + "/files"; }
    json::Value events() const;
    void clear();

private:
    void plan(core::Time at, const std::string& id);
    void finish_scan(Attachment& attachment, core::Time at);
    void publish(Correspondence& correspondence, core::Time at);
    void settle_at(Correspondence& correspondence, core::Time at);
    void remember(const Correspondence& correspondence);

    std::string folder_;
    Settings& settings_;
    gateway::standin::Faults& faults_;
    const gateway::standin::SkewedClock& clock_;
    Pace pace_;
    gateway::standin::Journal journal_;
    std::map<std::string, Attachment> attachments_;
    std::map<std::string, Correspondence> correspondences_;
    std::unordered_map<std::string, std::string> keys_;
    std::unordered_map<std::string, std::vector<std::string>>
        links_;   // attachment -> correspondences
    std::multimap<core::Time, std::string> due_;
    std::deque<json::Value> events_;
};

}   // namespace gateway::altinn::standin
