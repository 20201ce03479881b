#pragma once

// Whose part the stand-in plays: a system with an account, a certificate and a key of its own, that
// opens what it is sent and makes what it sends. OpenSSL directly; nothing of gateway/seal.

#include "adapters/common/standin/containers/package.hpp"
#include "adapters/common/standin/program.hpp"
#include "adapters/fiks_io/standin/post_office.hpp"

namespace gateway::fiks_io::standin {

/// A message that came for a part, opened.
struct Opened {
    std::string id;
    std::string type;
    std::string from;
    std::string to;
    std::string reply_to;
    std::string client_id;
    std::string correlation;
    std::vector<gateway::standin::PackageFile> files;
    std::string fault;       // why it could not be opened or believed; empty: it could
    bool unopened = false;   // the fault is not the sender's: too large to be held here
    json::Value envelope;    // what was seen of it, for auditors

    const gateway::standin::PackageFile* payload(std::string_view ending) const;
};

/// What a message is to be packed like.
struct Packing {
    gateway::standin::PackageOrder order;
    bool wrong_key = false;   // to a certificate that is not the receiver's
    bool truncated = false;   // the envelope ends half-way
    bool bare = false;        // the first file as it is, without container and envelope

    Packing() = default;
};

/// One thread. Borrows all.
class Party {
public:
    /// Reads the key from `folder`, or makes one; the catalogue gets its certificate.
    Party(gateway::standin::World& world, Book& book, PostOffice& post, const std::string& account,
          const std::string& folder);

    const std::string& account() const { return account_; }
    Opened open(const Taken& taken) const;
    /// An answer, as svar() of KS's clients makes it. False when it could not be sent.
    sdk::Task<bool> answer(const Opened& to, std::string type,
                           std::vector<gateway::standin::PackageFile> files);
    /// The body of a message to that account; nothing when it has no certificate.
    std::optional<std::string> pack(const std::string& to,
                                    const std::vector<gateway::standin::PackageFile>& files,
                                    const Packing& packing) const;
    sdk::Task<std::optional<Sent>> send(Parcel parcel);
    sdk::Task<std::size_t> send_many(const Parcel& parcel, std::size_t count);

private:
    void check(Opened& opened, std::string_view body) const;

    gateway::standin::World& world_;
    Book& book_;
    PostOffice& post_;
    std::string account_;
    std::optional<gateway::standin::Issued> own_;
};

/// {"name", "text" | "base64" | "size"} of a command; nothing when one is wrong.
std::optional<std::vector<gateway::standin::PackageFile>> read_files(const json::Value& list);

}   // namespace gateway::fiks_io::standin
