// The parts together, as an adapter puts them: a container written, signed, read, its signature
// held against its files, its signer against the list of whom to trust and what was revoked.

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/cades_signer.hpp"
#include "gateway/seal/cades_verifier.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "gateway/seal/revocation_cache.hpp"
#include "gateway/seal/xades_verifier.hpp"
#include "gateway/seal/xades_writer.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/unit/seal/zip_maker.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::seal;
using tests::judged_at;

namespace {

constexpr std::size_t small_file_bytes_max = 1U << 20U;

const tests::BusinessAuthority& authority() {
    static const tests::BusinessAuthority one;
    return one;
}

/// Writes files one by one and keeps what a signature says of them.
class Packer {
public:
    void add(const std::string& name, const std::string& type, const std::string& bytes) {
        REQUIRE(writer_.begin_file(FileToPack(name, type, bytes.size()), container_).has_value());
        REQUIRE(writer_.write(bytes, container_).has_value());
        packed_.push_back(writer_.end_file(container_).value());
    }
    const std::vector<FileToSign>& files() const { return packed_; }
    std::string finish() {
        REQUIRE(writer_.finish(container_).has_value());
        return container_;
    }

private:
    AsicWriter writer_{AsicOptions()};
    std::string container_;
    std::vector<FileToSign> packed_;
};

Packer two_documents() {
    Packer packer;
    packer.add("manifest.xml", "application/xml", "<manifest/>");
    packer.add("brev/Vedtak om skjenkebevilling – 2026.pdf", "application/pdf", "%PDF-1.7");
    return packer;
}

struct Opened {
    std::vector<ContainerFile> files;
    std::vector<std::string> names;
    std::vector<std::pair<std::string, std::string>> contents;

    std::string content(const std::string& name) const {
        for (const auto& [one, bytes] : contents) {
            if (one == name) {
                return bytes;
            }
        }
        return {};
    }
};

Opened open(const std::string& container) {
    tests::StringAccess access(container);
    const AsicReader reader = AsicReader::open(access).value();
    Opened opened;
    for (const auto& entry : reader.entries()) {
        const std::string bytes = reader.read_all(entry, small_file_bytes_max).value();
        opened.files.push_back({entry.name, crypto::sha256(bytes)});
        opened.names.push_back(entry.name);
        opened.contents.emplace_back(entry.name, bytes);
    }
    return opened;
}

TrustStore store() {
    TrustPolicy policy;
    policy.roots = {authority().root()};
    policy.policies = {"2.16.578.1.26.1.3.*"};
    return TrustStore::make(policy).value();
}

/// All that is asked of a signer; the code of what failed.
std::string judge(const VerifiedSignature& signature, RevocationCache& cache) {
    const auto chain = store().judge(signature.signer, signature.certificates, judged_at());
    if (!chain) {
        return chain.error().code.value;
    }
    if (const auto owner = judge_owner(chain->leaf, "991825827")) {
        return owner->code.value;
    }
    for (const auto& finding : judge_purpose(chain->leaf.details, Purpose::signing)) {
        return finding.code.value;
    }
    cache.watch(*chain, judged_at());
    const auto current = cache.judge(*chain, judged_at());
    return current ? "trusted" : current.error().code.value;
}

void fetch_due(RevocationCache& cache, const tests::RevocationListWishes& wishes) {
    for (const auto& fetch : cache.due(judged_at())) {
        const bool of_root = fetch.url.find("root") != std::string::npos;
        const std::string answer =
            of_root ? authority().root_list() : authority().revocation_list(wishes);
        CHECK(cache.keep(fetch, answer, judged_at()) == std::nullopt);
    }
}

}   // namespace

TEST_CASE("signed package: digital post, from the files to a signer that is trusted") {
    const auto signer = authority().issue();
    Packer packer = two_documents();
    XadesInput input;
    input.files = packer.files();
    input.chain = {signer.der, authority().intermediate(), authority().root()};
    input.signing_time = judged_at();
    const auto draft = draft_xades(input).value();
    packer.add("META-INF/signatures.xml", "application/xml",
               draft.finish(signer.sign(draft.to_sign())).value());

    const Opened opened = open(packer.finish());
    const auto verified = verify_xades(opened.content("META-INF/signatures.xml"), opened.files);
    REQUIRE(verified.has_value());
    RevocationCache cache;
    CHECK(judge(*verified, cache) == "seal.revocation_unknown");
    fetch_due(cache, tests::RevocationListWishes());
    CHECK(judge(*verified, cache) == "trusted");
}

TEST_CASE("signed package: Fiks, from the files to a signer that was revoked") {
    const auto signer = authority().issue();
    Packer packer = two_documents();
    const std::string name = "META-INF/signature-0196.p7s";
    CadesInput input;
    input.manifest = write_cades_manifest(packer.files(), name).value();
    input.chain = {signer.der, authority().intermediate()};
    input.signing_time = judged_at();
    const auto draft = draft_cades(input).value();
    packer.add(std::string(cades_manifest_name), "application/xml", input.manifest);
    packer.add(name, "application/x-pkcs7-signature",
               draft.finish(signer.sign(draft.to_sign())).value());

    const Opened opened = open(packer.finish());
    const auto entries = find_cades_entries(opened.names).value();
    const CadesParts parts{opened.content(entries.manifest), opened.content(entries.signature),
                           entries.signature};
    const auto verified = verify_cades(parts, opened.files, CadesPolicy::strict());
    REQUIRE(verified.has_value());
    RevocationCache cache;
    CHECK(judge(*verified, cache) == "seal.revocation_unknown");
    tests::RevocationListWishes wishes;
    wishes.revoked = {signer.der};
    fetch_due(cache, wishes);
    CHECK(judge(*verified, cache) == "seal.certificate_revoked");
}

TEST_CASE("signed package: a folder in a container is no file that must be signed") {
    CHECK(is_to_be_signed("brev/vedtak.pdf"));
    CHECK_FALSE(is_to_be_signed("brev/"));
    CHECK_FALSE(is_to_be_signed("mimetype"));
    CHECK_FALSE(is_to_be_signed("META-INF/manifest.xml"));
    CHECK(is_to_be_signed("brev/mimetype"));
    CHECK(is_to_be_signed("META-INF"));
}
