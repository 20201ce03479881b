#pragma once

// A letter's documents as the recipient's operator opens them: an ASiC-E container signed with the
// business certificate, in a CMS envelope for the operator's certificate, in a spool. Whatever its
// size, it passes through memory in pieces; what is heavy happens away from the strand.

#include "adapters/digital_post/dpi_letter.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cms_encrypt.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post {

/// What goes into the package besides the letter's files, and for whom it is closed.
struct PackageOrder {
    const Letter& letter;
    std::string manifest;             // manifest.xml
    std::vector<std::string> chain;   // DER, the signer's first, up to the root
    std::string recipient;            // DER

    PackageOrder(const Letter& what, std::string manifest_text, std::vector<std::string> signers,
                 std::string whom)
        : letter(what),
          manifest(std::move(manifest_text)),
          chain(std::move(signers)),
          recipient(std::move(whom)) {}
};

struct Package {
    std::unique_ptr<sdk::Spool> envelope;   // finished
    std::string sha256;                     // 32 bytes, of exactly what is in the spool

    Package() = default;
};

/// A package, or what to make of not having one.
struct Packing {
    std::optional<Package> package;
    sdk::Outcome outcome;   // without a package

    Packing() = default;
    explicit Packing(Package made) : package(std::move(made)) {}
    explicit Packing(sdk::Outcome failed) : outcome(std::move(failed)) {}
};

/// Packs one letter. Lives in its caller's frame, on the strand.
class Packer {
public:
    Packer(sdk::Host& host, const PackageOrder& order) : host_(host), order_(order) {}
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    sdk::Task<Packing> pack();

private:
    using Step = std::optional<sdk::Outcome>;   // nothing: go on

    sdk::Task<Step> begin();
    sdk::Task<Step> add(const PackageFile& file);
    sdk::Task<Step> end();
    /// Does a piece of the work away from the strand, then spools what came of it.
    sdk::Task<core::Result<void>> press(std::function<core::Result<void>()> piece);

    // Pieces: no strand, no coroutine.
    core::Result<void> open_envelope();
    core::Result<void> put(const seal::FileToPack& file, std::string_view bytes, bool first,
                           bool last);
    core::Result<void> put_whole(const char* name, const char* type, const std::string& text);
    core::Result<void> close_envelope(const std::string& signatures);

    sdk::Host& host_;
    const PackageOrder& order_;
    std::unique_ptr<sdk::Spool> spool_;
    std::optional<seal::AsicWriter> container_;
    std::optional<seal::CmsEncrypter> envelope_;
    std::string plain_;    // of the container, on its way into the envelope
    std::string sealed_;   // of the envelope, on its way into the spool
    std::vector<seal::PackedFile> packed_;
    seal::SealedEnvelope facts_;
};

}   // namespace gateway::digital_post
