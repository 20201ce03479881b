// Sealing and opening of packages: memory at any size, bytes a second.
//
//     bench_seal memory [MiB]    exit 1 when more than 32 MiB were resident; without a size 128
//     MiB, and with
//                                SLUSE_TEST_SCALE=long 1 GiB and a file that only ZIP64 can hold
//     bench_seal rate            of a package of 40 MB
//
// What is sealed goes to a file and is opened from there, as the gateway spools it.

#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/private_key.hpp"
#include "gateway/seal/asic_reader.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/cms_encrypt.hpp"

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

struct Recipient {
    std::unique_ptr<crypto::PrivateKey> key;
    std::string certificate;
};

Recipient make_recipient() {
    const crypto::Handle<EVP_PKEY, EVP_PKEY_free> key(EVP_RSA_gen(2048));
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
    Recipient made;
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

core::Sha256 seal_to(const fs::path& path, const Recipient& recipient, std::uint64_t size,
                     bool compress) {
    std::ofstream file(path, std::ios::binary);
    Chance chance;
    const std::vector<std::string> certificates{recipient.certificate};
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

void decrypt_to(const fs::path& path, const fs::path& envelope, const Recipient& recipient) {
    std::ifstream in(envelope, std::ios::binary);
    std::ofstream out(path, std::ios::binary);
    seal::CmsDecrypter decrypter;
    std::string piece(piece_bytes, '\0');
    std::string plain;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        must(decrypter.write({piece.data(), static_cast<std::size_t>(in.gcount())}, plain));
        if (decrypter.wants_key()) {
            const auto mine =
                seal::find_recipient(decrypter.recipients(), recipient.certificate).value();
            const auto& wrapped = decrypter.recipients()[mine];
            must(decrypter.give_key(
                must(recipient.key->unwrap_key(*wrapped.transport, wrapped.encrypted,
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
    const Recipient recipient = make_recipient();
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
           timed([&] { sealed = seal_to(folder / "envelope", recipient, size, !only_zip64); }));
    report("decrypted",
           timed([&] { decrypt_to(folder / "container", folder / "envelope", recipient); }));
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

int run_rate() {
    constexpr std::uint64_t size = 40'000'000;
    const Folder folder;
    const Recipient recipient = make_recipient();
    for (const bool compress : {true, false}) {
        std::printf("40 MB, %s\n", compress ? "compressed" : "not compressed");
        const auto row = [&](const char* what, double seconds) {
            std::printf("  %-44s %6.1f MB a second of a processor\n", what,
                        static_cast<double>(size) / 1e6 / seconds);
        };
        row("written into a container and sealed",
            timed([&] { seal_to(folder / "envelope", recipient, size, compress); }));
        row("decrypted",
            timed([&] { decrypt_to(folder / "container", folder / "envelope", recipient); }));
        row("read from the container", timed([&] { read_from(folder / "container"); }));
    }
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
