#pragma once

// The service's memory and its clockwork: what is due happens when the next request looks, dated at
// the time it was due. And what it knows around itself, a file a person can edit
// (<state>/settings.json):
//
//   {"integrations": [{"id", "password", "organisation", "accounts": [uuid]}],
//    "accounts": [{"id", "organisation", "name"}],
//    "mailboxes": [{"id", "name", "user", "password", "organisation", "type": "", "level": 4,
//                   "certificate": PEM}],
//    "reserved": [fnr], "sdp": [fnr], "unknown_her_ids": [n], "shape": "nested" | "flat"}

#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "adapters/svarut/standin/shipment.hpp"

#include <map>
#include <string>

namespace gateway::svarut::standin {

/// One thread. Borrows the clock.
class Book {
public:
    /// `settings`: of a folder that has none yet.
    Book(std::string folder, json::Value settings, const gateway::standin::SkewedClock& clock,
         double times_faster);

    /// Lets everything happen that is due.
    void advance();

    Shipment* find(const std::string& id);
    const std::map<std::string, Shipment>& shipments() const { return shipments_; }
    void add(Shipment shipment);
    void save(const Shipment& shipment);
    /// A new status, now or when it was due; by v3's names. Saved.
    void set_status(Shipment& shipment, const std::string& status, core::Time at,
                    const std::string& words);
    /// The SvarInn system has it, or refuses it: then it goes on by another channel.
    void taken(Shipment& shipment);
    void failed(Shipment& shipment, const std::string& words, bool permanent);

    /// The entry of a list in the settings whose member is so; null when there is none.
    const json::Value* entry(const char* list, const char* member, const std::string& value) const;
    bool lists(const char* list, const std::string& value) const;
    void put(const std::string& list, const json::Value& entry);
    void set(const std::string& name, const json::Value& value);
    const json::Value& settings() const { return settings_; }

    core::Time now() const { return clock_.now(); }
    std::string file_of(const Shipment& shipment, std::size_t document) const {
        return files_ + "/" + shipment.id + "." + std::to_string(document);
    }
    const std::string& files() const { return files_; }
    void clear();

private:
    core::Duration scaled(core::Duration real) const;
    void step(Shipment& shipment, core::Time at);
    void expedite(Shipment& shipment, core::Time at);
    void to_person(Shipment& shipment, core::Time at);
    void to_organisation(Shipment& shipment, core::Time at);
    void to_paper(Shipment& shipment, core::Time at);
    void go(Shipment& shipment, const char* status, core::Time at, const char* words);
    const json::Value* mailbox_for(const Shipment& shipment) const;
    void save_settings() const;

    std::string folder_;
    std::string files_;
    const gateway::standin::SkewedClock& clock_;
    double times_faster_;
    gateway::standin::Journal journal_;
    std::map<std::string, Shipment> shipments_;
    json::Value settings_;
};

}   // namespace gateway::svarut::standin
