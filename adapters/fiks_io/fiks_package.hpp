#pragma once

// A message's files as Fiks IO carries them: an ASiC-E container with CAdES, in a CMS envelope for
// the receiver's certificate. Both ways in constant memory; what is heavy happens away from the
// strand. Facts: KS' clients for Java and .NET (fiks-io-klient-java, fiks-asice-dotnet,
// kryptering).

#include "adapters/fiks_io/fiks_catalogue.hpp"
#include "adapters/fiks_io/fiks_files.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/seal/trust.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::fiks_io {

inline constexpr std::uint64_t package_bytes_max = 5'000'000'000;   // published: 5 GB
inline constexpr std::size_t package_files_max = 1000;

/// A package being made while it is read. When reading fails, `trouble` says why; what was read is
/// no whole package then, and nobody can take it for one.
struct SealedStream {
    std::unique_ptr<sdk::ByteSource> source;
    std::shared_ptr<std::optional<sdk::Outcome>> trouble;

    SealedStream() = default;
};

/// Seals files for one receiver. What can be known beforehand (the key is away, a document does
/// not open, no certificate to sign with) is known before anything is sent. Call on the strand;
/// `host` outlives the stream.
sdk::Task<Looked<SealedStream>> seal_files(sdk::Host& host, core::TenantId tenant, Files files,
                                           std::string receiver_certificate);

/// What is known of who signed a package.
struct SignatureReport {
    bool holds = false;         // the signature is right, and covers every file
    bool trusted = false;       // and its certificate is believed, and is the sender's
    std::string organisation;   // of the certificate, 9 digits; empty when it is nobody's
    std::string organisation_name;
    std::optional<core::Time> signing_time;
    seal::Findings findings;   // everything that is to be told, the refusing one among them

    SignatureReport() = default;
    json::Value to_json() const;
};

/// Whom the envelope came to and who, by the catalogue, sent it.
struct PackageSender {
    std::string to;             // our account: its certificate tells which key opens
    std::string organisation;   // of the sender's account, 9 digits; empty: not known

    PackageSender() = default;
};

struct OpenedPackage {
    std::vector<core::DocumentRef> files;   // in the container's order; name and media type set
    SignatureReport signature;

    OpenedPackage() = default;
};

/// An opened package, or why there is none.
struct Opening {
    std::optional<OpenedPackage> package;
    core::Code code;   // without a package: `fiks_io.not_decryptable` for every fault of keys
    core::Params params;
    /// It may be opened later as it is (a key or the disk is away): not for quarantine.
    bool passing = false;
    /// The signature does not do, by policy: opened, but not to be believed.
    std::optional<SignatureReport> signature;

    Opening() = default;
};

/// Opens what came in, with whichever of our keys it was closed for. Lives on its connection's
/// strand; `settings` and `catalogue` outlive it.
class Opener {
public:
    /// `malformed` or `not_found` as the trust file is.
    static core::Result<std::unique_ptr<Opener>> make(const Settings& settings,
                                                      Catalogue& catalogue, sdk::Host& host);
    ~Opener();

    /// Files are written as documents of the tenant; those of a package that is refused are swept
    /// with other documents that nothing refers to.
    sdk::Task<Opening> open(core::TenantId tenant, const PackageSender& sender,
                            sdk::ByteSource& envelope);

    /// Whether the certificate that the catalogue has for each of our accounts fits one of our
    /// keys; what is wrong with the first that does not. Checked at start and from time to time.
    sdk::Task<sdk::Health> check_keys(sdk::Deadline deadline);

private:
    struct Impl;
    explicit Opener(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::fiks_io
