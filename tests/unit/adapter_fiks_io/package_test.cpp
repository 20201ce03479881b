#include "adapters/fiks_io/fiks_decryption.hpp"
#include "adapters/fiks_io/receiver_desk.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cms_encrypt.hpp"
#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

using namespace fiks_world;

namespace {

const std::string trusting = [] {
    json::Value text(trust_file());
    return R"(,"trust_file":)" + json::write(text);
}();

fiks::Files two_files(World& world) {
    fiks::Files files;
    files.emplace_back("arkivmelding.xml", "application/xml", "<arkivmelding/>");
    files.push_back(world.document("Søknad.pdf", std::string(600'000, 'p')));
    return files;
}

/// An envelope around bytes that are not ours to make otherwise.
std::string envelope_of(World& world, std::string_view plain,
                        const std::vector<std::string>& certificates) {
    auto cms = seal::CmsEncrypter::create(certificates, *world.fake.ids);
    std::string made;
    cms->write(plain, made);
    cms->finish(made);
    return made;
}

/// A container without any signature.
std::string unsigned_container(const std::string& name, const std::string& bytes) {
    seal::AsicWriter writer{seal::AsicOptions()};
    std::string made;
    writer.begin_file(seal::FileToPack(name, "text/plain", bytes.size()), made).value();
    writer.write(bytes, made).value();
    writer.end_file(made).value();
    writer.finish(made).value();
    return made;
}

std::string own() {
    return identity(municipality).der;
}

}   // namespace

TEST_CASE("fiks package: what is sealed opens to the same files, signed by the sender") {
    World world(trusting);
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto opening = world.open(world.seal(two_files(world)), municipality);
    INFO(opening.code.value);
    REQUIRE(opening.package.has_value());
    const auto& files = opening.package->files;
    REQUIRE(files.size() == 2);
    CHECK(files[0].name == "arkivmelding.xml");
    CHECK(world.fake.documents.bytes_of(files[0].sha256) == "<arkivmelding/>");
    CHECK(files[1].name == "Søknad.pdf");
    CHECK(files[1].media_type == "application/pdf");
    CHECK(world.fake.documents.bytes_of(files[1].sha256) == std::string(600'000, 'p'));
    const auto& signature = opening.package->signature;
    CHECK(signature.holds);
    CHECK(signature.trusted);
    CHECK(signature.organisation == municipality);
    CHECK(signature.signing_time.has_value());
    CHECK(signature.findings.empty());
    CHECK(signature.to_json()["organisation"].as_string() == municipality);
}

TEST_CASE(
    "fiks package: a key that was replaced opens what was sealed before, without its certificate") {
    World world;
    const auto& old = second_identity(municipality);
    const std::string envelope = world.seal(two_files(world), old.der);
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    CHECK(world.open(envelope).code.value == "fiks_io.not_decryptable");
    world.fake.keys.public_keys = {public_key_of(identity(municipality)), public_key_of(old)};
    world.fake.keys.unwrappers = {unwrapper_of(identity(municipality)), unwrapper_of(old)};
    CHECK(world.open(envelope).package.has_value());
    world.fake.keys.public_keys = {public_key_of(old), public_key_of(identity(municipality))};
    world.fake.keys.unwrappers = {unwrapper_of(old), unwrapper_of(identity(municipality))};
    CHECK(world.open(envelope).package.has_value());
    CHECK(world.open(world.seal(two_files(world))).package.has_value());
}

TEST_CASE("fiks package: without the catalogue every key is tried") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").fail(core::Errc::unreachable);
    world.fake.keys.chain.clear();
    const std::string envelope = envelope_of(world, unsigned_container("a.txt", "a"), {own()});
    const auto opening = world.open(envelope);
    INFO(opening.code.value);
    CHECK(opening.package.has_value());
}

TEST_CASE("fiks package: two recipients, of which we are the second, are no trouble") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const std::string envelope =
        envelope_of(world, unsigned_container("a.txt", "a"), {identity(archive_owner).der, own()});
    CHECK(world.open(envelope).package.has_value());
}

TEST_CASE("fiks package: of two wrappings for one certificate OAEP is taken, as .NET writes them") {
    std::vector<seal::WrappedKey> recipients(2);
    const auto details = seal::read_certificate(own());
    for (auto& one : recipients) {
        one.issuer = details->issuer_der;
        one.serial = details->serial_der;
    }
    recipients[0].transport = core::KeyTransport::rsa_pkcs1_v15;
    recipients[1].transport = core::KeyTransport::rsa_oaep_sha256;
    fiks::OwnKeys keys;
    keys.public_keys = {"another", public_key_of(identity(municipality))};
    keys.certificates = {own()};
    CHECK(fiks::choose_keys(recipients, keys) ==
          std::vector<fiks::KeyChoice>{fiks::KeyChoice{1, 1}});
    recipients.pop_back();   // PKCS#1 v1.5 alone is taken as well
    CHECK(fiks::choose_keys(recipients, keys) ==
          std::vector<fiks::KeyChoice>{fiks::KeyChoice{0, 1}});
    keys.certificates.clear();
    CHECK(fiks::choose_keys(recipients, keys).size() == 2);
    recipients.assign(40, recipients.front());
    CHECK(fiks::choose_keys(recipients, keys).size() == 12);
    for (auto& one : recipients) {
        one.transport.reset();
    }
    CHECK(fiks::choose_keys(recipients, keys).empty());
}

TEST_CASE("fiks package: every fault of keys has one name, whoever it was closed for") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto code = [&](const std::string& envelope) {
        const auto opening = world.open(envelope);
        CHECK_FALSE(opening.package.has_value());
        CHECK_FALSE(opening.passing);
        return opening.code.value;
    };
    const std::string other = identity(archive_owner).der;
    CHECK(code(world.seal(two_files(world), other)) == "fiks_io.not_decryptable");
    CHECK(code(envelope_of(world, "", {other})) == "fiks_io.not_decryptable");
    CHECK(code(envelope_of(world, "not a container", {own()})) == "fiks_io.not_decryptable");
    CHECK(code(envelope_of(world, "", {own()})) == "fiks_io.not_decryptable");
    // Both keys ours, neither the right one: nothing begins as it should.
    world.fake.keys.public_keys = {public_key_of(identity(municipality)),
                                   public_key_of(second_identity(municipality))};
    world.fake.keys.unwrappers = {unwrapper_of(identity(municipality)),
                                  unwrapper_of(second_identity(municipality))};
    CHECK(code(world.seal(two_files(world), other)) == "fiks_io.not_decryptable");
    CHECK(code(envelope_of(world, "", {other})) == "fiks_io.not_decryptable");
}

TEST_CASE("fiks package: an envelope that is cut off or no envelope is named, wherever it ends") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const std::string envelope = world.seal(two_files(world));
    for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{2000},
                                   envelope.size() / 2, envelope.size() - 1}) {
        INFO(size);
        CHECK(world.open(envelope.substr(0, size)).code.value == "seal.cms_truncated");
    }
    CHECK(world.open("").code.value == "seal.cms_truncated");
    CHECK(world.open("PK and so on").code.value.starts_with("seal.cms_"));
    CHECK(world.open(envelope + "x").code.value == "seal.cms_trailing_bytes");
}

TEST_CASE("fiks package: a bomb inside is refused before it is unpacked") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const std::string bomb = unsigned_container("bomb.txt", std::string(40U << 20U, '0'));
    CHECK(bomb.size() < 200'000);
    const auto opening = world.open(envelope_of(world, bomb, {own()}));
    CHECK(opening.code.value == "seal.zip_ratio_too_high");
    CHECK(world.fake.documents.written_for.empty());
}

TEST_CASE("fiks package: without a signature it is let in with a warning, or refused, by policy") {
    const std::string bytes = unsigned_container("a.txt", "a");
    World warned(trusting);
    warned.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto let_in = warned.open(envelope_of(warned, bytes, {own()}));
    REQUIRE(let_in.package.has_value());
    CHECK_FALSE(let_in.package->signature.holds);
    CHECK(seal::has_finding(let_in.package->signature.findings, "seal.signature_missing"));
    World strict(trusting + R"(,"signature":"require")");
    strict.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto refused = strict.open(envelope_of(strict, bytes, {own()}));
    CHECK_FALSE(refused.package.has_value());
    CHECK_FALSE(refused.passing);
    CHECK(refused.code.value == "seal.signature_missing");
    CHECK(refused.signature.has_value());
    CHECK(strict.fake.documents.written_for.empty());   // small: judged before it is stored
}

TEST_CASE(
    "fiks package: a signer of another organisation, or of no authority we know, is not trusted") {
    World strict(trusting + R"(,"signature":"require")");
    strict.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const std::string envelope = strict.seal(two_files(strict));
    CHECK(strict.open(envelope, municipality).package.has_value());
    CHECK(strict.open(envelope, archive_owner).code.value == "seal.organisation_other");
    CHECK(strict.open(envelope, "").code.value == "fiks_io.sender_unknown");
    tests::BusinessWishes wishes;
    wishes.subject[2].second = "NTRNO-" + std::string(municipality);
    const auto self_signed = authority().self_signed(wishes);
    strict.fake.keys.chain = {self_signed.der};
    strict.fake.keys.signer = [&](const std::string& bytes) { return self_signed.sign(bytes); };
    const std::string stranger = strict.seal(two_files(strict));
    CHECK(strict.open(stranger, municipality).code.value == "seal.certificate_self_signed");
    World warned(trusting);
    warned.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto let_in = warned.open(stranger, municipality);
    REQUIRE(let_in.package.has_value());
    CHECK(let_in.package->signature.holds);
    CHECK_FALSE(let_in.package->signature.trusted);
}

TEST_CASE(
    "fiks package: without a trust file the signature is checked and its certificate is not") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto opening = world.open(world.seal(two_files(world)), municipality);
    REQUIRE(opening.package.has_value());
    CHECK(opening.package->signature.holds);
    CHECK_FALSE(opening.package->signature.trusted);
    CHECK(seal::has_finding(opening.package->signature.findings, "fiks_io.signer_not_judged"));
}

TEST_CASE("fiks package: what is away for a while is not the package's fault") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const std::string envelope = world.seal(two_files(world));
    world.fake.keys.failure = core::Failure(core::Errc::unavailable);
    auto opening = world.open(envelope);
    CHECK(opening.code.value == "fiks_io.key_unavailable");
    CHECK(opening.passing);
    world.fake.keys.failure.reset();
    world.fake.documents.failure = core::Failure(core::Errc::storage_full);
    opening = world.open(envelope);
    CHECK(opening.code.value == "service.storage_full");
    CHECK(opening.passing);
}

TEST_CASE("fiks package: a large one goes through a spool, and leaves none behind") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    fiks::Files files;
    std::string bytes(3U << 20U, '\0');
    world.fake.ids->random(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
    files.push_back(world.document("a.bin", bytes));
    const auto opening = world.open(world.seal(std::move(files)));
    REQUIRE(opening.package.has_value());
    CHECK(world.fake.documents.bytes_of(opening.package->files[0].sha256) == bytes);
    CHECK(world.fake.spools.made == 1);
    CHECK(world.fake.spools.open == 0);
}

TEST_CASE("fiks package: one that is larger than we take is told as that") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    fiks::Files files;
    std::string bytes(3U << 20U, '\0');
    world.fake.ids->random(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()));
    files.push_back(world.document("a.bin", bytes));
    const std::string envelope = world.seal(std::move(files));
    world.fake.spools.failure = core::Failure(core::Errc::too_large);
    CHECK(world.open(envelope).code.value == "fiks_io.package_too_large");
}

TEST_CASE("fiks package: what the document store no longer has is gone, what it refuses may come") {
    World world;
    const auto opener = world.opener();
    fiks::AdapterDesk desk(world.settings, *world.catalogue, *opener, *world.answering,
                           world.host());
    const auto fetched = [&](int status) {
        world.fake.http.expect("GET", "/dokumentlager/nedlasting/17").answer(status);
        return tests::run(world.io, desk.fetch("17", world.in(10)));
    };
    CHECK(fetched(404).code.value == "fiks_io.payload_gone");
    const auto refused = fetched(409);
    CHECK(refused.code.value == "fiks.refused");
    CHECK(refused.passing);
    CHECK(world.fake.spools.open == 0);
}

TEST_CASE("fiks package: files of the same name in two folders keep two names") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    seal::AsicWriter writer{seal::AsicOptions()};
    std::string container;
    for (const char* name : {"a/kart.pdf", "b/kart.pdf"}) {
        writer.begin_file(seal::FileToPack(name, "application/pdf", 1), container).value();
        writer.write("x", container).value();
        writer.end_file(container).value();
    }
    writer.finish(container).value();
    const auto opening = world.open(envelope_of(world, container, {own()}));
    REQUIRE(opening.package.has_value());
    CHECK(opening.package->files[0].name == "kart.pdf");
    CHECK(opening.package->files[1].name == "2-kart.pdf");
}

TEST_CASE("fiks package: the catalogue's certificate of our account is held against our keys") {
    World world;
    const auto check = [&] {
        return tests::run(world.io, world.opener()->check_keys(world.in(10)));
    };
    world.fake.http.expect("GET", "offentligNokkel").fail(core::Errc::unreachable);
    CHECK(check().condition == sdk::Condition::ready);
    world.fake.http.expect("GET", "offentligNokkel").answer(404);
    CHECK(check().code.value == "fiks_io.own_key_unusable");
    world.fake.http.expect("GET", "offentligNokkel")
        .answer_json(200, key_answer(second_identity(municipality).der));
    const auto other = check();
    CHECK(other.condition == sdk::Condition::degraded);
    CHECK(other.code.value == "fiks_io.own_key_other");
    world.fake.keys.public_keys.push_back(public_key_of(second_identity(municipality)));
    CHECK(check().code.empty());
    world.fake.keys.failure = core::Failure(core::Errc::unavailable);
    CHECK(check().code.value == "fiks_io.key_unavailable");
    World late;
    late.fake.clock.advance(std::chrono::hours(24 * 3650));
    late.fake.http.expect("GET", "offentligNokkel").answer_json(200, key_answer(own()));
    const auto ending = tests::run(late.io, late.opener()->check_keys(late.in(10)));
    CHECK(ending.condition == sdk::Condition::ready);
    CHECK(ending.code.value == "fiks_io.own_certificate_ending");
}
