#include "adapters/digital_post/dpi_manifest.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/xades_verifier.hpp"
#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <random>

using namespace dpi_world;
using sdk::Verdict;

namespace {

class Memory final : public gateway::seal::RandomAccess {
public:
    explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        const std::size_t count =
            offset >= bytes_.size() ? 0 : std::min<std::size_t>(out.size(), bytes_.size() - offset);
        std::memcpy(out.data(), bytes_.data() + offset, count);
        return count;
    }

private:
    std::string bytes_;
};

/// As the operator opens it.
std::string decrypted(const std::string& envelope, const std::string& organisation) {
    const auto key = *gateway::crypto::load_key(identity(organisation).key_pem, "");
    gateway::seal::CmsDecrypter decrypter;
    std::string plain;
    REQUIRE(decrypter.write(envelope, plain).has_value());
    REQUIRE(decrypter.wants_key());
    const auto mine =
        gateway::seal::find_recipient(decrypter.recipients(), identity(organisation).der);
    REQUIRE(mine.has_value());
    const auto& wrapped = decrypter.recipients()[*mine];
    const auto content_key =
        key->unwrap_key(*wrapped.transport, wrapped.encrypted, decrypter.key_bytes());
    REQUIRE(content_key.has_value());
    REQUIRE(decrypter.give_key(*content_key, plain).has_value());
    REQUIRE(decrypter.finish(plain).has_value());
    return plain;
}

struct Opened {
    std::vector<std::pair<std::string, std::string>> files;   // name, bytes

    const std::string& file(const std::string& name) const {
        const auto found = std::find_if(files.begin(), files.end(),
                                        [&](const auto& file) { return file.first == name; });
        REQUIRE(found != files.end());
        return found->second;
    }
};

Opened opened(const std::string& container) {
    Memory memory(container);
    const auto reader = gateway::seal::AsicReader::open(memory);
    REQUIRE(reader.has_value());
    CHECK(reader->remarks().empty());
    Opened result;
    for (const auto& entry : reader->entries()) {
        result.files.emplace_back(entry.name, *reader->read_all(entry, 100U << 20U));
    }
    return result;
}

/// Who signed, when every file is signed as it is.
std::string signer_of(const Opened& package) {
    std::vector<gateway::seal::ContainerFile> files;
    for (const auto& [name, bytes] : package.files) {
        gateway::seal::ContainerFile file;
        file.name = name;
        file.sha256 = gateway::crypto::sha256(bytes);
        files.push_back(file);
    }
    const auto verified =
        gateway::seal::verify_xades(package.file("META-INF/signatures.xml"), files);
    return verified ? verified->signer : verified.error().code.value;
}

}   // namespace

TEST_CASE("digital_post: the operator finds manifest, documents and a signature over all of them") {
    World world;
    world.fake.http.next().answer(201);
    world.send(world.delivery());
    const auto posted = read_posted(world.call(0));
    const auto package = opened(decrypted(posted.envelope, receipts::mailbox_operator));
    std::vector<std::string> names;
    for (const auto& [name, bytes] : package.files) {
        names.push_back(name);
    }
    CHECK(names == std::vector<std::string>{"mimetype", "manifest.xml", "vedtak.pdf",
                                            "META-INF/signatures.xml", "META-INF/manifest.xml"});
    CHECK(package.file("mimetype") == "application/vnd.etsi.asic-e+zip");
    CHECK(package.file("vedtak.pdf") == "%PDF-1.7 bytes");
    CHECK(package.file("manifest.xml").find("kari.nordmann#4F2K") != std::string::npos);
    CHECK(signer_of(package) == identity(letters::municipality).der);
    const auto& signatures = package.file("META-INF/signatures.xml");
    std::size_t certificates = 0;
    for (auto at = signatures.find("<X509Certificate>"); at != std::string::npos;
         at = signatures.find("<X509Certificate>", at + 1)) {
        ++certificates;
    }
    CHECK(certificates == 3);   // leaf, intermediate and the root that the trust file holds
}

TEST_CASE("digital_post: an operator's certificate is held against the trust file and its use, and "
          "asked for anew before it is refused") {
    const auto outcome_with = [](const tests::BusinessIdentity& whose, bool print = false) {
        World world;
        const auto text = gateway::crypto::base64_encode(whose.der);
        auto whom = contact();
        whom.set("certificate", text);
        world.fake.registers.knows("contact", letters::person, whom);
        json::Value service;
        service.set("operator", print_operator).set("certificate", text);
        world.fake.registers.knows("print", "", service);
        const auto outcome = world.send(world.delivery(
            letters::letter(), print ? letters::on_paper : R"({"service":"digital"})"));
        CHECK(world.fake.registers.asked.size() == 2);
        CHECK_FALSE(world.fake.registers.asked.at(0).fresh);
        CHECK(world.fake.registers.asked.at(1).fresh);
        CHECK(world.fake.http.calls().empty());
        return outcome;
    };
    tests::BusinessWishes wishes;
    wishes.subject[2].second = std::string("NTRNO-") + receipts::mailbox_operator;
    wishes.key_usage = "critical,digitalSignature";
    const auto unfit = outcome_with(authority().issue(wishes));
    CHECK(unfit.verdict == Verdict::rejected);
    CHECK(unfit.code.value == "digital_post.mailbox_certificate_unusable");
    CHECK(unfit.params == core::Params{{"reason", "seal.certificate_key_usage"}});
    const auto waits = outcome_with(authority().issue(wishes), true);
    CHECK(waits.verdict == Verdict::try_later);
    CHECK(waits.code.value == "digital_post.print_certificate_unusable");
    auto expired = tests::BusinessWishes();
    expired.not_after = tests::judged_at() - seconds(1);
    CHECK(outcome_with(authority().issue(expired)).params ==
          core::Params{{"reason", "seal.certificate_expired"}});
    auto of_no_policy = tests::BusinessWishes();
    of_no_policy.policies = "1.2.3.4";
    CHECK(outcome_with(authority().issue(of_no_policy)).params ==
          core::Params{{"reason", "seal.certificate_policy_unknown"}});
    static const tests::BusinessAuthority stranger("Another CA");
    CHECK(outcome_with(stranger.issue()).params ==
          core::Params{{"reason", "seal.certificate_untrusted"}});
}

TEST_CASE("digital_post: a certificate that was renewed since it was looked up is used at once") {
    World world;
    auto old = contact();
    tests::BusinessWishes wishes;
    wishes.not_after = tests::judged_at() - seconds(1);
    old.set("certificate", gateway::crypto::base64_encode(authority().issue(wishes).der));
    world.fake.registers.knows("contact", letters::person, old);
    world.fake.http.next().answer(201);
    const auto what = world.delivery();
    // The register's second answer, asked for fresh, has the new one.
    struct Renewing final : sdk::Registers {
        tests::ScriptedRegisters& script;
        explicit Renewing(tests::ScriptedRegisters& all) : script(all) {}
        sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                               sdk::Deadline deadline) override {
            if (query.fresh) {
                script.knows("contact", letters::person, contact());
            }
            co_return co_await script.look_up(std::move(query), deadline);
        }
    } registers(world.fake.registers);
    sdk::Host host{world.host.http,   world.host.streams, world.host.tokens, world.host.documents,
                   world.host.keys,   world.host.state,   world.host.ids,    world.host.clock,
                   world.host.log,    world.host.metrics, registers,         world.host.inbound,
                   world.host.spools, world.host.work};
    const auto adapter = world.make(host);
    CHECK(
        tests::run(world.io, adapter->sender()->send(what, world.progress, world.in(60))).verdict ==
        Verdict::accepted);
}

TEST_CASE("digital_post: no letter is closed for a certificate that is revoked") {
    World world;
    world.revocations.revoked = {identity(receipts::mailbox_operator).der};
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.params == core::Params{{"reason", "seal.certificate_revoked"}});
    CHECK(world.fake.http.calls().empty());
}

TEST_CASE("digital_post: while nobody can say whether a certificate is revoked the configuration "
          "decides, and lists are fetched once in a while") {
    World lenient;
    lenient.revocations.down = true;
    lenient.fake.http.next().answer(201);
    CHECK(lenient.send(lenient.delivery()).verdict == Verdict::accepted);
    CHECK(lenient.fake.log.holds("digital_post.revocation_not_fetched"));
    World strict(Wishes(R"(,"revocation":"require")"));
    strict.revocations.down = true;
    const auto waits = strict.send(strict.delivery());
    CHECK(waits.verdict == Verdict::try_later);
    CHECK(waits.params == core::Params{{"reason", "seal.revocation_unknown"}});
    World closed(Wishes(R"(,"revocation":"off")"));
    closed.fake.http.next().answer(201);
    CHECK(closed.send(closed.delivery()).verdict == Verdict::accepted);
    CHECK(closed.revocations.asked == 0);
    World calm;
    for (int i = 0; i < 3; ++i) {
        calm.fake.http.next().answer(201);
        calm.send(calm.delivery());
    }
    CHECK(calm.revocations.asked == 2);   // the business list and the root's
}

TEST_CASE("digital_post: random documents come out of the package as they went in") {
    const auto seed = Catch::rngSeed();
    INFO("seed " << seed);
    std::mt19937 chance(seed);
    for (int round = 0; round < 12; ++round) {
        World world;
        auto content = letters::letter();
        auto list = json::Value::array();
        std::vector<std::string> bytes;
        const int count = 1 + static_cast<int>(chance() % 5);
        for (int i = 0; i < count; ++i) {
            list.push(letters::document("fil & æøå " + std::to_string(i) +
                                            (chance() % 2 == 0 ? ".pdf" : ".png"),
                                        "application/octet-stream"));
            // Around the pieces' size now and then.
            const std::size_t size =
                chance() % 4 == 0 ? (256U << 10U) - 1 + chance() % 3 : 1 + chance() % 5000;
            std::string text(size, '\0');
            const bool plain = chance() % 2 == 0;
            for (auto& c : text) {
                c = static_cast<char>(plain ? 'a' + chance() % 3 : chance());
            }
            bytes.push_back(std::move(text));
        }
        content.set("documents", std::move(list));
        auto what = letters::delivery(content);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto stored = world.fake.documents.add(what.documents[i].name, bytes[i]);
            what.documents[i].sha256 = stored.sha256;
            what.documents[i].size = stored.size;
        }
        world.fake.http.next().answer(201);
        REQUIRE(world.send(what).verdict == Verdict::accepted);
        const auto posted = read_posted(world.call(0));
        const auto package = opened(decrypted(posted.envelope, receipts::mailbox_operator));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            CHECK(package.file(what.documents[i].name) == bytes[i]);
        }
        CHECK(signer_of(package) == identity(letters::municipality).der);
    }
}
