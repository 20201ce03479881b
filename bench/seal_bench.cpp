// Sealing and opening of packages: memory at any size, bytes a second.
//
//     bench_seal memory [MiB]    exit 1 when more than 32 MiB were resident; without a size 128
//     MiB, and with
//                                SLUSE_TEST_SCALE=long 1 GiB and a file that only ZIP64 can hold
//     bench_seal rate            of a package of 40 MB, and of packages of 10 KB against `openssl
//     speed`
//
// What is sealed goes to a file and is opened from there, as the gateway spools it.

#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/cms_encrypt.hpp"
#include "gateway/seal/xades_writer.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

using namespace gateway;
namespace fs = std::filesystem;

constexpr std::uint64_t mib = 1U << 20U;
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr double resident_mib_max = 32;

template <class T>
T must(core::Result<T> result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().to_string());
    }
    return std::move(*result);
}

void must(const core::Result<void>& result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().to_string());
    }
}

class Chance final : public core::Randomness {
public:
    void random(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::uint8_t>(engine_());
        }
    }

private:
    std::mt19937_64 engine_{42};
};

/// Signs and receives.
struct Party {
    std::unique_ptr<crypto::PrivateKey> key;
    std::string certificate;
};

Party make_party(unsigned bits = 2048) {
    const crypto::Handle<EVP_PKEY, EVP_PKEY_free> key(EVP_RSA_gen(bits));
    const crypto::Handle<X509, X509_free> certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 7);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("bench"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const crypto::Handle<BIO, BIO_free_all> pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(pem.get(), certificate.get());
    char* text = nullptr;
    const auto length = static_cast<std::size_t>(BIO_get_mem_data(pem.get(), &text));
    Party made;
    made.key = must(crypto::load_pem_key({text, length}, {}));
    made.certificate = made.key->certificates().at(0);
    return made;
}

/// A folder of this run, beside the working folder's other files: /tmp may be memory.
class Folder {
public:
    Folder() {
        std::string pattern = (fs::current_path() / "seal-bench-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no folder to work in");
        }
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

class FileAccess final : public seal::RandomAccess {
public:
    explicit FileAccess(const fs::path& path)
        : file_(path, std::ios::binary), size_(fs::file_size(path)) {}
    std::uint64_t size() const override { return size_; }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        file_.clear();
        file_.seekg(static_cast<std::streamoff>(offset));
        file_.read(out.data(), static_cast<std::streamsize>(out.size()));
        return static_cast<std::size_t>(file_.gcount());
    }

private:
    std::ifstream file_;
    std::uint64_t size_;
};

/// Calls `take` with `size` bytes in pieces: half of them text, half of them random.
void produce(std::uint64_t size, const std::function<void(std::string_view)>& take) {
    std::mt19937_64 engine(7);
    std::string piece(piece_bytes, '\0');
    for (std::size_t i = 0; i < piece.size(); ++i) {
        piece[i] = static_cast<char>(i % 2 == 0 ? engine() : 'a' + engine() % 8);
    }
    while (size > 0) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, piece.size()));
        take(std::string_view(piece).substr(0, count));
        size -= count;
        std::rotate(piece.begin(), piece.begin() + 4099, piece.end());
    }
}

core::Sha256 seal_to(const fs::path& path, const Party& party, std::uint64_t size, bool compress) {
    std::ofstream file(path, std::ios::binary);
    Chance chance;
    const std::vector<std::string> certificates{party.certificate};
    auto encrypter = must(seal::CmsEncrypter::create(certificates, chance));
    seal::AsicWriter writer{seal::AsicOptions()};
    std::string packed;
    std::string sealed;
    const auto pass_on = [&] {
        encrypter.write(packed, sealed);
        packed.clear();
        file << sealed;
        sealed.clear();
    };
    seal::FileToPack document("document.bin", "application/octet-stream", size);
    document.compress = compress;
    must(writer.begin_file(std::move(document), packed));
    produce(size, [&](std::string_view bytes) {
        must(writer.write(bytes, packed));
        pass_on();
    });
    const auto told = must(writer.end_file(packed));
    must(writer.finish(packed));
    pass_on();
    encrypter.finish(sealed);
    file << sealed;
    return told.sha256;
}

void decrypt_to(const fs::path& path, const fs::path& envelope, const Party& party) {
    std::ifstream in(envelope, std::ios::binary);
    std::ofstream out(path, std::ios::binary);
    seal::CmsDecrypter decrypter;
    std::string piece(piece_bytes, '\0');
    std::string plain;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        must(decrypter.write({piece.data(), static_cast<std::size_t>(in.gcount())}, plain));
        if (decrypter.wants_key()) {
            const auto mine =
                seal::find_recipient(decrypter.recipients(), party.certificate).value();
            const auto& wrapped = decrypter.recipients()[mine];
            must(
                decrypter.give_key(must(party.key->unwrap_key(*wrapped.transport, wrapped.encrypted,
                                                              decrypter.key_bytes())),
                                   plain));
        }
        out << plain;
        plain.clear();
    }
    must(decrypter.finish(plain));
    out << plain;
}

core::Sha256 read_from(const fs::path& container) {
    FileAccess source(container);
    const auto reader = must(seal::AsicReader::open(source));
    auto file = reader.extract(*reader.find("document.bin"));
    crypto::Sha256Stream digest;
    std::string piece(piece_bytes, '\0');
    while (const std::size_t got = must(file.read(piece))) {
        digest.update({piece.data(), got});
    }
    return digest.finish();
}

/// The most that was resident since the last reset, in MiB.
double resident_most() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
        }
    }
    throw std::runtime_error("no VmHWM");
}

void reset_resident() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

/// Seconds of a processor that `work` took.
double timed(const std::function<void()>& work) {
    const std::clock_t begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

int run_memory(std::uint64_t size) {
    const Folder folder;
    const Party party = make_party();
    bool good = true;
    const auto report = [&](const char* what, double seconds) {
        const double resident = resident_most();
        good = good && resident <= resident_mib_max;
        std::printf("  %-44s %8.1f MiB resident (limit %.0f), %6.1f MB a second of a processor\n",
                    what, resident, resident_mib_max, static_cast<double>(size) / 1e6 / seconds);
        reset_resident();
    };
    std::printf("%llu MiB each way\n", static_cast<unsigned long long>(size / mib));
    reset_resident();
    const bool only_zip64 = size > 0xffffffff;
    core::Sha256 sealed;
    report("written into a container and sealed",
           timed([&] { sealed = seal_to(folder / "envelope", party, size, !only_zip64); }));
    report("decrypted",
           timed([&] { decrypt_to(folder / "container", folder / "envelope", party); }));
    core::Sha256 opened;
    report("read from the container", timed([&] { opened = read_from(folder / "container"); }));
    const std::string unzip = "unzip -tqq '" + (folder / "container").string() + "'";
    if (only_zip64 && std::system(unzip.c_str()) != 0) {
        std::puts("unzip does not read the container");
        return 1;
    }
    if (sealed != opened) {
        std::puts("what was opened is not what was sealed");
        return 1;
    }
    return good ? 0 : 1;
}

/// A package as digital post has it: manifest, one document, signature; sealed for its recipient.
std::size_t make_package(const Party& party, const std::string& document, Chance& chance) {
    static const std::string manifest =
        "<manifest xmlns=\"http://begrep.difi.no/sdp/schema_v10\">" + std::string(340, 'm') +
        "</manifest>";
    seal::AsicWriter writer{seal::AsicOptions()};
    std::string container;
    seal::XadesInput input;
    const auto add = [&](const char* name, const char* type, std::string_view bytes) {
        must(writer.begin_file({name, type, bytes.size()}, container));
        must(writer.write(bytes, container));
        return must(writer.end_file(container));
    };
    input.files.push_back(add("manifest.xml", "application/xml", manifest));
    input.files.push_back(add("vedtak.pdf", "application/pdf", document));
    input.chain.assign(3, party.certificate);   // as many bytes as leaf, intermediate and root
    input.signing_time = core::Time(std::chrono::seconds(1'800'000'000));
    const auto draft = must(seal::draft_xades(input));
    const auto signature = must(party.key->sign_rs256(draft.to_sign()));
    add("META-INF/signatures.xml", "application/xml", must(draft.finish(signature)));
    must(writer.finish(container));
    const std::vector<std::string> certificates{party.certificate};
    auto encrypter = must(seal::CmsEncrypter::create(certificates, chance));
    std::string envelope;
    encrypter.write(container, envelope);
    encrypter.finish(envelope);
    return envelope.size();
}

/// RSA signatures a second, as the openssl program counts them.
double signatures_a_second(unsigned bits) {
    const std::string command =
        "openssl speed -mr -seconds 2 rsa" + std::to_string(bits) + " 2>/dev/null";
    const std::string wanted = "+F2:%*d:" + std::to_string(bits) + ":%lf";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> told(::popen(command.c_str(), "r"),
                                                               ::pclose);
    char line[256];
    double a_second = 0;
    while (told != nullptr && std::fgets(line, sizeof line, told.get()) != nullptr) {
        std::sscanf(line, wanted.c_str(), &a_second);
    }
    if (a_second <= 0) {
        throw std::runtime_error("openssl speed tells nothing");
    }
    return a_second;
}

void run_packages(unsigned bits) {
    const Party party = make_party(bits);
    Chance chance;
    std::string document(10'000, '\0');
    chance.random({reinterpret_cast<std::uint8_t*>(document.data()), document.size()});
    constexpr int rounds = 3;
    double packages = 0;
    double signatures = 0;
    std::size_t size = 0;
    for (int round = 0; round < rounds; ++round) {   // in turn, for a machine that is not quiet
        constexpr int count = 1000;
        packages += count / timed([&] {
                        for (int i = 0; i < count; ++i) {
                            size = make_package(party, document, chance);
                        }
                    });
        signatures += signatures_a_second(bits);
    }
    std::printf("a document of 10 kB, RSA of %u bits, packages of %zu bytes\n", bits, size);
    std::printf("  %-44s %6.0f a second of a processor\n", "signed, packed and sealed",
                packages / rounds);
    std::printf("  %-44s %6.0f a second of a processor\n", "RSA signatures (openssl speed)",
                signatures / rounds);
    std::printf("  %-44s %6.2f (goal 0.80: %s)\n", "ratio", packages / signatures,
                packages / signatures >= 0.8 ? "met" : "NOT MET");
}

int run_rate() {
    constexpr std::uint64_t size = 40'000'000;
    const Folder folder;
    const Party party = make_party();
    for (const bool compress : {true, false}) {
        std::printf("40 MB, %s\n", compress ? "compressed" : "not compressed");
        const auto row = [&](const char* what, double seconds) {
            std::printf("  %-44s %6.1f MB a second of a processor\n", what,
                        static_cast<double>(size) / 1e6 / seconds);
        };
        row("written into a container and sealed",
            timed([&] { seal_to(folder / "envelope", party, size, compress); }));
        row("decrypted",
            timed([&] { decrypt_to(folder / "container", folder / "envelope", party); }));
        row("read from the container", timed([&] { read_from(folder / "container"); }));
    }
    run_packages(3072);   // what business certificates have since SEID 2
    run_packages(2048);   // what they had before
    return 0;
}

std::vector<std::uint64_t> sizes(const char* chosen) {
    if (chosen != nullptr) {
        return {std::strtoull(chosen, nullptr, 10)};
    }
    const char* scale = std::getenv("SLUSE_TEST_SCALE");
    if (scale != nullptr && std::string_view(scale) == "long") {
        return {1024, 4352};
    }
    return {128};
}

}   // namespace

int main(int count, char** arguments) {
    try {
        const std::string what = count > 1 ? arguments[1] : "";
        if (what == "memory") {
            int failed = 0;
            for (const std::uint64_t size : sizes(count > 2 ? arguments[2] : nullptr)) {
                failed |= run_memory(size * mib);
            }
            return failed;
        }
        if (what == "rate") {
            return run_rate();
        }
        std::fputs("bench_seal memory [MiB] | bench_seal rate\n", stderr);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_seal: %s\n", error.what());
        return 1;
    }
}
