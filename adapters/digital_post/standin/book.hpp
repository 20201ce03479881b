#pragma once

// The memory of access point and operators, and their clockwork: what is due happens when the next
// request looks, dated at the time it was due.

#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/operator_certificates.hpp"
#include "adapters/common/standin/program.hpp"
#include "adapters/common/standin/stored_file.hpp"
#include "adapters/digital_post/standin/business_message.hpp"
#include "adapters/digital_post/standin/model.hpp"
#include "adapters/digital_post/standin/receipts.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace gateway::digital_post::standin {

/// How long things take, before the time scale (wire notes 2.4: a second to sent, 52 to delivered).
struct Pace {
    core::Duration send = std::chrono::seconds(1);
    core::Duration deliver = std::chrono::seconds(52);
    core::Duration accept_print = std::chrono::seconds(10);
    core::Duration post = std::chrono::minutes(4);   // once a workday at the real one
    std::optional<core::Duration> open = std::chrono::minutes(10);   // none: only when told

    void scale(double times_faster);
};

/// What the operators stand on; outlives the book.
struct Operators {
    const gateway::standin::OperatorCertificates& certificates;
    std::string folder;   // theirs and the contact register's
    const Trust& trust;
    const Shapes& shapes;
    core::Duration signature_age_max{};
};

/// Which receipts a caller asks for.
struct Unread {
    std::string databehandler;
    std::optional<std::string> channel;       // lower case
    std::optional<std::string> sender_unit;   // avsenderidentifikator
};

/// One thread. Borrows all.
class Book {
public:
    Book(gateway::standin::World& world, const Operators& operators, Pace pace);

    /// Lets everything happen that is due.
    void advance();

    /// Was one of the two used before, by anybody?
    bool is_used(const std::string& id, const std::string& conversation) const;
    /// Takes a message over with its package.
    void accept(const BusinessMessage& from, const std::string& databehandler,
                const std::string& channel, gateway::standin::StoredFile& package);

    const Message* message(const std::string& id) const;
    /// The message of an id or a conversation id.
    const Message* message_of(const std::string& any_id) const;
    std::vector<const Receipt*> unread(const Unread& wanted) const;
    const Receipt* receipt(const std::string& databehandler, const std::string& id) const;
    /// Off the list; with `again` it stands there once more, last. False when it was not there.
    bool mark_read(const std::string& databehandler, const std::string& id, bool again);

    /// A receipt out of turn, as a test wants it: {"message", "type", ..., "spoiled"}. What is
    /// wrong with the wish instead.
    std::optional<std::string> add_receipt(json::Value wanted);

    std::string files() const { return folder_ + "/files"; }
    /// What a stand-in that was killed half-way has left.
    void tidy_up() const;
    json::Value audit() const;
    void clear();

private:
    void plan(Message& message, const Step& step);
    void perform(Message& message, const Step& step);
    void send(Message& message, core::Time at);
    void deliver(Message& message, core::Time at);
    /// What the operator has against the message; nothing when it took it.
    std::optional<std::string> open(Message& message) const;
    void plan_receipts(Message& message, core::Time at);
    void write_receipt(const Message& message, const json::Value& wanted, core::Time at);
    void store(Receipt receipt);
    void save(const Message& message);
    std::string package_path(const Message& message) const;
    void remember(const Message& message);

    gateway::standin::World& world_;
    Operators operators_;
    Pace pace_;
    std::string folder_;
    gateway::standin::Journal journal_;
    ReceiptWriter writer_;
    std::map<std::string, Message> messages_;
    std::unordered_map<std::string, std::string> conversations_;   // -> message
    std::map<std::uint64_t, Receipt> receipts_;
    std::uint64_t last_receipt_ = 0;
    std::set<std::string> written_;                // receipts by message, type and time
    std::multimap<core::Time, std::string> due_;   // -> message
};

}   // namespace gateway::digital_post::standin
