#include "gateway/host/business_key.hpp"

#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/host/fakes.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <map>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using tests::run;

std::string made_key() {
    EVP_PKEY* key = EVP_RSA_gen(2048);
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out, &text);
    std::string result(text, static_cast<std::size_t>(length));
    BIO_free(out);
    EVP_PKEY_free(key);
    return result;
}

/// Wraps with OAEP and SHA-256 for the private key in `pem`.
std::string wrap_for(const std::string& pem, const std::string& secret) {
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
    std::string wrapped(256, '\0');
    std::size_t length = wrapped.size();
    EVP_PKEY_encrypt_init(context);
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING);
    EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256());
    EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256());
    EVP_PKEY_encrypt(context, reinterpret_cast<unsigned char*>(wrapped.data()), &length,
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(in);
    return wrapped;
}

struct World {
    boost::asio::io_context io;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 3);
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    tests::NoDocuments documents;
    tests::RecordedHandovers inbound;
    tests::MemorySpools spools;
    tests::LoopExecutor blocking{io};
    std::map<std::string, std::string> files;
    int reads = 0;
    host::Services services{*store,
                            documents,
                            inbound,
                            spools,
                            clock,
                            *ids,
                            log,
                            metrics,
                            blocking,
                            io.get_executor(),
                            [](std::string_view) -> const sdk::Descriptor* { return nullptr; },
                            {},
                            {},
                            [this](const std::string& name) -> core::Result<std::string> {
                                ++reads;
                                if (!files.contains(name)) {
                                    return core::Failure(core::Errc::not_found, name);
                                }
                                return files.at(name);
                            }};

    host::BusinessKey key() {
        core::ConnectionConfig config;
        config.id = core::ConnectionId("maskinporten");
        config.key = "file:key.pem";
        return {services, config};
    }
    core::Result<std::string> sign(host::BusinessKey& key) {
        return run(io, key.sign_rs256("text"));
    }
};

}   // namespace

TEST_CASE(
    "host: a business key signs without being seen, and is read once while it stays the same") {
    World world;
    world.files["file:key.pem"] = made_key();
    auto key = world.key();
    const auto first = world.sign(key);
    REQUIRE(first.has_value());
    CHECK(first->size() == 256);
    CHECK(*world.sign(key) == *first);
    CHECK(world.reads == 1);
    CHECK(run(world.io, key.certificate_chain())->empty());
}

TEST_CASE("host: a renewed key file is taken up without a restart") {
    World world;
    world.files["file:key.pem"] = made_key();
    auto key = world.key();
    const auto before = world.sign(key).value();
    world.files["file:key.pem"] = made_key();
    CHECK(world.sign(key).value() == before);
    world.clock.advance(31s);
    const auto after = world.sign(key);
    REQUIRE(after.has_value());
    CHECK(*after != before);
}

TEST_CASE("host: a key file that is broken while it is renewed leaves the old key in use") {
    World world;
    world.files["file:key.pem"] = made_key();
    auto key = world.key();
    const auto before = world.sign(key).value();
    world.files["file:key.pem"] = "-----BEGIN PRIV";
    world.clock.advance(31s);
    CHECK(world.sign(key).value() == before);
    CHECK(world.log.holds("key_reload_failed"));
    CHECK_FALSE(world.log.holds("BEGIN"));
}

TEST_CASE("host: a key that is away is unavailable, and found as soon as it is there") {
    World world;
    auto key = world.key();
    CHECK(world.sign(key).error().is(core::Errc::unavailable));
    CHECK(run(world.io, key.certificate_chain()).error().is(core::Errc::unavailable));
    world.files["file:key.pem"] = made_key();
    CHECK(world.sign(key).has_value());
}

TEST_CASE("host: a business key unwraps content keys without being seen") {
    World world;
    const std::string secret(32, 's');
    constexpr auto oaep = core::KeyTransport::rsa_oaep_sha256;
    auto key = world.key();
    CHECK(run(world.io, key.unwrap_key(oaep, "x", 32)).error().is(core::Errc::unavailable));
    world.files["file:key.pem"] = made_key();
    const std::string wrapped = wrap_for(world.files["file:key.pem"], secret);
    CHECK(run(world.io, key.unwrap_key(oaep, wrapped, 32)).value() == secret);
    // What was not wrapped for it gives a key as well: only the content shows that it is none.
    const auto other = run(world.io, key.unwrap_key(oaep, std::string(256, 'x'), 32));
    REQUIRE(other.has_value());
    CHECK(other->size() == 32);
    CHECK(
        run(world.io, key.unwrap_key(oaep, wrapped, 33)).error().is(core::Errc::invalid_argument));
    CHECK(world.reads == 2);
}

TEST_CASE("host: a connection without a key says so") {
    World world;
    core::ConnectionConfig config;
    host::BusinessKey key(world.services, config);
    CHECK(world.sign(key).error().is(core::Errc::not_found));
    constexpr auto oaep = core::KeyTransport::rsa_oaep_sha256;
    CHECK(run(world.io, key.unwrap_key(oaep, "x", 32)).error().is(core::Errc::not_found));
}
