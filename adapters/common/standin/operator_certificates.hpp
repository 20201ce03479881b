#pragma once

// The operators of digital mailboxes and of print, as the contact register's stand-in names them
// and the access point's stand-in plays them. Both are given one folder; whoever comes first fills
// it:
//
//   operator-ca.cer, operator-ca.key.pem              the authority that receipts are to be trusted
//   by operator-<number>.cer, operator-<number>.key.pem  business certificate (DER) and key of each
//   mailboxes.json                                    what addresses there are, once the register
//                                                     has told: {"mailboxes": [{"address",
//                                                     "operator"}]}
//
// Facts: wire notes 2.6 (numbers) and 7 (certificates).

#include "adapters/common/standin/test_ca.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::standin {

struct Operator {
    const char* organisation;
    const char* name;
    bool prints;
};
inline constexpr std::array<Operator, 3> operators{{{"984661185", "Digipost", false},
                                                    {"922020175", "e-Boks", false},
                                                    {"974761076", "Utskriftstjenesten", true}}};

/// One thread; other programs may open the same folder at the same time.
class OperatorCertificates {
public:
    /// Reads the folder, or fills it under a lock. Certificates that have expired at `now` (unix
    /// seconds) are made anew. Throws std::runtime_error for damaged files or a full disk.
    OperatorCertificates(std::string folder, std::int64_t now);

    /// Of one of `operators`; nullptr for any other organisation.
    const Issued* find(const std::string& organisation) const;
    const Certificate& authority() const { return *authority_; }
    std::string authority_path() const { return folder_ + "/operator-ca.pem"; }

private:
    bool read(std::int64_t now);
    void make(std::int64_t now);

    std::string folder_;
    std::optional<Certificate> authority_;
    std::map<std::string, Issued> issued_;
};

struct Mailbox {
    std::string address;        // "kari.nordmann#4F2K"
    std::string organisation;   // of its operator
};

/// What the register has told; nothing as long as it has told nothing. Throws std::runtime_error
/// for a damaged file.
std::optional<std::vector<Mailbox>> read_mailboxes(const std::string& folder);
/// Replaces the list in one step. Throws std::runtime_error when the disk refuses.
void write_mailboxes(const std::string& folder, const std::vector<Mailbox>& mailboxes);

}   // namespace gateway::standin
