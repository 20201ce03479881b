#include "gateway/crypto/vault.hpp"

#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/chunks.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace gateway;

namespace {

class SeededRandomness final : public core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::uint8_t>(engine_());
        }
    }

private:
    std::mt19937 engine_{7};
};

crypto::SecretKey key_of(std::uint8_t fill) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(fill);
    return crypto::SecretKey(bytes);
}

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

}   // namespace

TEST_CASE("aead: the vectors of McGrew and Viega for AES-256-GCM hold") {
    std::string sealed;
    crypto::aead_seal(std::string(32, '\0'), std::string(12, '\0'), "", std::string(16, '\0'),
                      sealed);
    CHECK(core::to_hex(sealed) ==
          "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    const std::string key =
        from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    const std::string nonce = from_hex("cafebabefacedbaddecaf888");
    const std::string associated = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const std::string plain = from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a3"
                                       "18a721c3c0c95956809532fcf0e2449a6"
                                       "b525b16aedf5aa0de657ba637b39");
    sealed.clear();
    crypto::aead_seal(key, nonce, associated, plain, sealed);
    CHECK(
        core::to_hex(sealed) ==
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
        "828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
    CHECK(crypto::aead_open(key, nonce, associated, sealed) == plain);
    CHECK_FALSE(crypto::aead_open(key, nonce, "", sealed).has_value());
    CHECK_FALSE(crypto::aead_open(key, nonce, associated, "short").has_value());
}

TEST_CASE("vault: what a message's key sealed opens for that message and purpose only") {
    SeededRandomness random;
    const crypto::Vault vault(key_of(1));
    const auto made = vault.new_key(random, "message-1");
    const std::string sealed = made.key.seal(random, "content", "message-1", "Kjære Kari");
    CHECK(sealed.size() == 1 + 12 + std::string("Kjære Kari").size() + 16);
    CHECK(sealed.find("Kari") == std::string::npos);
    const auto key = vault.unwrap(made.wrapped, "message-1");
    REQUIRE(key.has_value());
    CHECK(key->open("content", "message-1", sealed).value() == "Kjære Kari");
    CHECK(key->open("content", "message-2", sealed).error().is(core::Errc::corrupted));
    CHECK(key->open("event", "message-1", sealed).error().is(core::Errc::corrupted));
    CHECK(key->open("conten", "tmessage-1", sealed).error().is(core::Errc::corrupted));
    CHECK(made.key.seal(random, "content", "message-1", "Kjære Kari") != sealed);
    CHECK(key->open("content", "message-1", made.key.seal(random, "content", "message-1", ""))
              .value()
              .empty());
}

TEST_CASE("vault: a wrapped key opens under its own tenant and owner only") {
    SeededRandomness random;
    const crypto::Vault vault(key_of(1));
    const crypto::Vault other(key_of(2));
    const auto made = vault.new_key(random, "owner");
    CHECK(vault.unwrap(made.wrapped, "owner").has_value());
    CHECK(vault.unwrap(made.wrapped, "another").error().is(core::Errc::corrupted));
    CHECK(other.unwrap(made.wrapped, "owner").error().is(core::Errc::corrupted));
    const std::string again = vault.wrap(random, made.key, "later owner");
    CHECK(vault.unwrap(again, "later owner").value().secret().view() == made.key.secret().view());
    CHECK(vault.unwrap("", "owner").error().is(core::Errc::corrupted));
    CHECK(vault.unwrap(made.key.seal(random, "key", "owner", "x"), "owner").has_error());
}

TEST_CASE("vault: no bit of sealed text can change unseen") {
    SeededRandomness random;
    const crypto::Vault vault(key_of(3));
    const auto made = vault.new_key(random, "m");
    const std::string sealed = made.key.seal(random, "content", "m", "secret");
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        CHECK(made.key.open("content", "m", changed).has_error());
    }
    for (std::size_t length = 0; length < sealed.size(); ++length) {
        CHECK(made.key.open("content", "m", sealed.substr(0, length)).has_error());
    }
}

TEST_CASE("vault: search tokens tell kinds and tenants apart and ignore surrounding blanks") {
    const crypto::Vault vault(key_of(1));
    const crypto::Vault other(key_of(2));
    using Kind = crypto::TokenKind;
    const std::string token = vault.token(Kind::reference, "LON-17");
    CHECK(token.size() == 32);
    CHECK(vault.token(Kind::reference, " \tLON-17\n") == token);
    CHECK(vault.token(Kind::reference, "lon-17") != token);
    CHECK(vault.token(Kind::case_id, "LON-17") != token);
    CHECK(other.token(Kind::reference, "LON-17") != token);
    CHECK(vault.fingerprint("LON-17") != token);
    CHECK(vault.fingerprint("a") == crypto::Vault(key_of(1)).fingerprint("a"));
    CHECK(vault.fingerprint("a") != other.fingerprint("a"));
}

TEST_CASE("vault: tenants have their own and may lose it") {
    crypto::Vaults vaults;
    const core::TenantId tenant("991825827");
    CHECK(vaults.find(tenant) == nullptr);
    vaults.put(tenant, std::make_shared<const crypto::Vault>(key_of(1)));
    const auto held = vaults.find(tenant);
    REQUIRE(held != nullptr);
    vaults.remove(tenant);
    CHECK(vaults.find(tenant) == nullptr);
    CHECK(held->fingerprint("a").size() == 32);
}

TEST_CASE("vault: a tenant key file is written and read, and nothing like it") {
    const std::string text = crypto::write_tenant_key(key_of(9));
    CHECK(text == "sluse-tenant-key-v1 CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk\n");
    CHECK(crypto::read_tenant_key(text).value().view() == key_of(9).view());
    CHECK(crypto::read_tenant_key(text.substr(0, text.size() - 1)).has_value());
    for (const std::string& bad : {std::string(), text + "\n", " " + text, text.substr(0, 40),
                                   "sluse-tenant-key-v2" + text.substr(19), text + text}) {
        INFO(bad);
        CHECK(crypto::read_tenant_key(bad).error().is(core::Errc::malformed));
    }
}

TEST_CASE("chunks: a chunk opens at its own number and end only") {
    const auto key = key_of(5);
    const std::string full(crypto::chunk_plain_bytes, 'x');
    const std::string first = crypto::seal_chunk(key, 0, false, full);
    const std::string last = crypto::seal_chunk(key, 1, true, "end");
    CHECK(first.size() == crypto::chunk_sealed_bytes);
    CHECK(crypto::open_chunk(key, 0, false, first).value() == full);
    CHECK(crypto::open_chunk(key, 1, true, last).value() == "end");
    CHECK(crypto::open_chunk(key, 1, false, first).error().is(core::Errc::corrupted));
    CHECK(crypto::open_chunk(key, 0, true, first).error().is(core::Errc::corrupted));
    CHECK(crypto::open_chunk(key, 1, false, last).error().is(core::Errc::corrupted));
    CHECK(crypto::open_chunk(key_of(6), 1, true, last).error().is(core::Errc::corrupted));
    CHECK(crypto::open_chunk(key, 1, true, last.substr(1)).error().is(core::Errc::corrupted));
    CHECK(crypto::open_chunk(key, 1, true, "").error().is(core::Errc::corrupted));
}

TEST_CASE("chunks: the size on disk follows from the size") {
    CHECK(crypto::sealed_size(0) == 16);
    CHECK(crypto::sealed_size(65535) == 65551);
    CHECK(crypto::sealed_size(65536) == 65536 + 32);
    CHECK(crypto::sealed_size(65537) == 65537 + 32);
    CHECK(crypto::sealed_size(5'000'000'000) == 5'000'000'000 + 76294 * 16);
}
