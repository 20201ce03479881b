#pragma once

// The service's memory: who is there, what was sent, what lies in the dokumentlager. Messages that
// wait lie in the broker.

#include "adapters/common/standin/journal.hpp"
#include "adapters/fiks_io/standin/model.hpp"

#include <deque>
#include <map>

namespace gateway::fiks_io::standin {

/// One thread. Throws std::runtime_error when the disk refuses.
class Book {
public:
    explicit Book(const std::string& folder);

    const Integration* integration(const std::string& id) const;
    void put(Integration integration);
    const Account* account(const std::string& id) const;
    void put(Account account);
    const std::map<std::string, Account>& accounts() const { return accounts_; }
    bool is_new() const { return accounts_.empty(); }

    void add(Sent sent);
    const std::deque<Sent>& sent() const { return sent_; }
    /// Nothing for what was never sent, or long ago.
    const Sent* find(const std::string& id) const;

    /// Where a body is received, and where it then lies.
    std::string incoming_path() const;
    std::string document_path(const std::string& id) const { return documents_ + "/" + id; }
    const StoredDocument* document(const std::string& id) const;
    void put(StoredDocument document);
    /// Removes what nobody may fetch any more.
    void forget_documents(core::Time now);

    /// Counterparts keep what they know under kinds of their own.
    gateway::standin::Journal& journal() { return journal_; }
    /// What was sent and stored; integrations and accounts stay.
    void clear();
    json::Value audit() const;

private:
    void save();

    std::string documents_;
    gateway::standin::Journal journal_;
    std::map<std::string, Integration> integrations_;
    std::map<std::string, Account> accounts_;
    std::deque<Sent> sent_;
    std::map<std::string, StoredDocument> stored_;
};

}   // namespace gateway::fiks_io::standin
