#pragma once

// Everything that gets into a queue goes through here: it is given its melding-id, headers and time
// to live, and what is large is put into the dokumentlager. Facts: wire notes 2.2, 2.3 and 2.5.

#include "adapters/common/standin/skewed_clock.hpp"
#include "adapters/common/standin/stored_file.hpp"
#include "adapters/fiks_io/standin/book.hpp"
#include "adapters/fiks_io/standin/broker/publisher.hpp"

#include <memory>

namespace gateway::fiks_io::standin {

/// What is wrong with a message on purpose.
struct Spoiling {
    std::vector<std::string> dropped;   // headers that are left out
    std::vector<std::string> numbers;   // headers whose value is a number
    std::vector<std::string> truths;    // ... or true
    int copies = 1;                     // with the same melding-id

    Spoiling() = default;
};

struct Parcel {
    std::string type;
    std::string from;
    std::string to;
    std::string reply_to;
    std::string reply_to_type;                   // platform messages alone
    std::map<std::string, std::string> custom;   // names without prefix
    std::optional<std::int64_t> ttl_ms;
    std::string body;                                     // or, when it may be large,
    std::unique_ptr<gateway::standin::StoredFile> file;   // finished
    Spoiling spoiled;

    Parcel() = default;
};

/// One thread. Borrows all.
class PostOffice {
public:
    PostOffice(Book& book, Publisher& publisher, const gateway::standin::SkewedClock& clock,
               std::int64_t inline_bytes_max);

    /// What was sent, once the broker has it on disk; nothing when it did not confirm.
    sdk::Task<std::optional<Sent>> send(Parcel parcel);
    /// The same message to the same account so many times, each with ids of its own; how many.
    sdk::Task<std::size_t> send_many(const Parcel& parcel, std::size_t count);

    /// The body of a message; nothing when it is above `bytes_max` or gone.
    std::optional<std::string> body_of(const Taken& taken, std::int64_t bytes_max) const;
    /// As the service fills it in where the sender says nothing.
    static std::int64_t ttl_of(const std::optional<std::int64_t>& ordered);

private:
    Letter letter_of(const Parcel& parcel, const Sent& sent) const;
    Sent sent_of(const Parcel& parcel) const;
    void place_body(Parcel& parcel, Sent& sent, Letter& letter);

    Book& book_;
    Publisher& publisher_;
    const gateway::standin::SkewedClock& clock_;
    std::int64_t inline_bytes_max_;
};

/// Headers that clients give names of their own.
inline constexpr std::string_view custom_prefix = "egendefinert-header.";

}   // namespace gateway::fiks_io::standin
