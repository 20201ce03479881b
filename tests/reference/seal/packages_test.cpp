#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/cms_encrypt.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

using namespace gateway;
namespace fs = std::filesystem;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(std::string(SLUSE_REFERENCE_DIR) + "/" + name, std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

class Bytes final : public seal::RandomAccess {
public:
    explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        const std::size_t count =
            std::min<std::size_t>(out.size(), bytes_.size() - static_cast<std::size_t>(offset));
        std::copy_n(bytes_.data() + offset, count, out.data());
        return count;
    }

private:
    std::string bytes_;
};

class Chance final : public core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::uint8_t>(device_());
        }
    }

private:
    std::random_device device_;
};

std::string open_envelope(std::string_view envelope, const crypto::PrivateKey& key,
                          const std::string& certificate) {
    seal::CmsDecrypter decrypter;
    std::string plain;
    while (!envelope.empty()) {
        const auto written = decrypter.write(envelope.substr(0, 777), plain);
        INFO((written.has_error() ? written.error().to_string() : ""));
        REQUIRE(written.has_value());
        envelope.remove_prefix(std::min<std::size_t>(777, envelope.size()));
        if (decrypter.wants_key()) {
            const auto mine = seal::find_recipient(decrypter.recipients(), certificate);
            REQUIRE(mine.has_value());
            const auto& wrapped = decrypter.recipients()[*mine];
            CHECK(wrapped.transport == core::KeyTransport::rsa_oaep_sha256);
            const auto content_key =
                key.unwrap_key(*wrapped.transport, wrapped.encrypted, decrypter.key_bytes());
            REQUIRE(decrypter.give_key(content_key.value(), plain).has_value());
        }
    }
    REQUIRE(decrypter.finish(plain).has_value());
    return plain;
}

std::vector<std::string> names_in(const seal::AsicReader& reader) {
    std::vector<std::string> names;
    for (const auto& entry : reader.entries()) {
        INFO(entry.name);
        CHECK(reader.read_all(entry, 1U << 20U).value().size() == entry.size);
        names.push_back(entry.name);
    }
    return names;
}

}   // namespace

TEST_CASE("reference: every official DPI package opens to the container that lies beside it") {
    const auto key =
        crypto::load_pkcs12_key(read("dpi/samples/complete/eksempel.converted.p12"), "changeit");
    REQUIRE(key.has_value());
    std::size_t count = 0;
    const fs::path folder = fs::path(SLUSE_REFERENCE_DIR) / "dpi/samples/complete";
    for (const auto& file : fs::directory_iterator(folder)) {
        if (file.path().extension() != ".cms") {
            continue;
        }
        ++count;
        INFO(file.path().filename().string());
        const std::string name = "dpi/samples/complete/" + file.path().stem().string();
        const std::string opened =
            open_envelope(read(name + ".cms"), **key, (*key)->certificates().at(0));
        CHECK(opened == read(name + ".zip"));
        Bytes source(opened);
        const auto reader = seal::AsicReader::open(source);
        INFO((reader.has_error() ? reader.error().to_string() : ""));
        REQUIRE(reader.has_value());
        CHECK(reader->remarks().empty());
        const auto names = names_in(*reader);
        CHECK(names.size() == 5);
        CHECK(names[0] == "mimetype");
        CHECK(names[1] == "manifest.xml");
        CHECK(names[3] == "META-INF/signatures.xml");
        CHECK(names[4] == "META-INF/manifest.xml");
    }
    CHECK(count == 2);
}

TEST_CASE("reference: what KS's own code sealed opens to the published file") {
    const auto key = crypto::load_pem_key(read("fiks/testvectors/svarinn-cms/sp-key.pem") +
                                              read("fiks/testvectors/svarinn-cms/sp-cert.pem"),
                                          {});
    REQUIRE(key.has_value());
    CHECK(open_envelope(read("fiks/testvectors/svarinn-cms/small.crypt"), **key,
                        (*key)->certificates().at(0)) ==
          read("fiks/testvectors/svarinn-cms/small.pdf"));
}

TEST_CASE("reference: a container of the Nordic ASiC library opens") {
    Bytes source(read("fiks/testvectors/asice-cades/resources/cades-valid.asice"));
    const auto reader = seal::AsicReader::open(source);
    REQUIRE(reader.has_value());
    CHECK(reader->remarks().empty());
    CHECK(names_in(*reader) ==
          std::vector<std::string>{"mimetype", "bii-envelope.xml", "bii-message.xml",
                                   "META-INF/asicmanifest.xml",
                                   "META-INF/signature-f741f40a-bfa5-477b-83ca-384ae074e002.p7s"});
}

TEST_CASE("reference: our first entry is, but for its time, the official samples' byte for byte") {
    seal::AsicOptions options;
    options.comment = true;
    seal::AsicWriter writer(options);
    std::string ours;
    REQUIRE(writer.finish(ours).has_value());
    std::string theirs = read("dpi/samples/complete/digital-dokumentpakke.zip").substr(0, 69);
    theirs.replace(10, 4, ours.substr(10, 4));
    CHECK(ours.substr(0, 69) == theirs);
}

TEST_CASE("reference: what we seal for KS's test account opens with its key, expired or not") {
    const auto key =
        crypto::load_pem_key(read("fiks/testkeys/bob.key") + read("fiks/testkeys/bob.cert"), {});
    REQUIRE(key.has_value());
    Chance chance;
    auto encrypter = seal::CmsEncrypter::create((*key)->certificates(), chance);
    REQUIRE(encrypter.has_value());
    std::string envelope;
    encrypter->write("to bob", envelope);
    encrypter->finish(envelope);
    CHECK(open_envelope(envelope, **key, (*key)->certificates().at(0)) == "to bob");
}
