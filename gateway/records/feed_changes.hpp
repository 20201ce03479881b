#pragma once

// Takes in one page of a feed: finds whom of it is known here, marks what is held of them as
// outdated, tells the systems that may know, and moves the cursor, in one transaction. A page that
// causes more than one transaction may hold is written in several with the old cursor; the last one
// has the new. Who was told of a change is not told of it again.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/feeds.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/records/dataset_catalogue.hpp"
#include "gateway/records/feed_rules.hpp"
#include "gateway/records/touches.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway::records {

/// All of it outlives who follows. Every one may be used from any strand.
struct FollowerParts {
    ports::RecordStore& store;
    ports::Feeds& feeds;
    ports::Connections& connections;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    Touches& touches;
};

/// What came of a page. With a trouble the cursor stands where it stood, and all is to be tried
/// again; what was written of it by then does not happen twice.
struct Taken {
    std::optional<ports::FeedTrouble> trouble;
    bool moved = false;   // somebody else has moved the cursor: begin from where it is now

    Taken() = default;
};

/// Once, for one page.
class FeedChanges {
public:
    FeedChanges(const FollowerParts& parts, ports::FeedPlace place,
                std::shared_ptr<const core::Configuration> configuration,
                std::shared_ptr<const crypto::Vault> vault, ports::FeedCursor from);

    sdk::Task<Taken> take(std::vector<sdk::Change> changes, std::string cursor);

private:
    struct Known {
        std::optional<ports::Subject> subject;   // none, or forgotten: nobody here knows it
        std::vector<ports::RecordRow> rows;
    };

    const core::TenantConfig& tenant() const { return configuration_->tenants.at(place_.tenant); }
    std::vector<sdk::Change> sound(std::vector<sdk::Change> changes);
    sdk::Task<core::Result<Known*>> find(core::RecordKeyKind kind, std::string key);
    sdk::Task<core::Result<void>> take_one(const sdk::Change& change);
    sdk::Task<core::Result<void>> take_birth(const sdk::Change& change);
    sdk::Task<std::optional<ports::FeedTrouble>> ask_for_parents(std::vector<sdk::Change> changes);
    /// By which numbers they were known before whose number is new.
    sdk::Task<std::optional<ports::FeedTrouble>> ask_for_former(std::vector<sdk::Change> changes);
    sdk::Task<core::Result<void>> take_renumbered(const sdk::Change& change);
    /// What a register says of some persons; trouble that does not pass: no entries.
    sdk::Task<std::optional<ports::FeedTrouble>>
    ask_of_persons(core::PurposeId purpose, std::string field, std::vector<std::string> keys,
                   const char* not_told, std::vector<sdk::RegisterEntry>& entries);
    sdk::Task<core::Result<void>> note_parents(std::string child, json::Value family,
                                               const core::PurposeConfig& purpose);
    void tell(const sdk::Change& change, const std::string& event, const ports::Subject& subject,
              const std::vector<Knower>& knowers);
    sdk::Task<core::Result<void>> write(std::string cursor);

    const FollowerParts& parts_;
    ports::FeedPlace place_;
    std::shared_ptr<const core::Configuration> configuration_;
    std::shared_ptr<const crypto::Vault> vault_;
    ports::FeedCursor from_;
    std::map<std::string, Known> known_;                       // by kind and key
    std::map<std::string, std::vector<Knower>> of_parents_;    // who may know of a child
    std::map<std::string, std::vector<std::string>> former_;   // numbers before the one in use
    ports::FeedStep step_;
    std::set<std::pair<core::Uuid, std::string>> outdated_;
    std::vector<core::Uuid> touched_;
};

}   // namespace gateway::records
