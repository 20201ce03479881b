#include "adapters/fiks_io/fiks_decryption.hpp"
#include "adapters/fiks_io/fiks_package.hpp"
#include "adapters/fiks_io/fiks_signature.hpp"
#include "adapters/fiks_io/media_types.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/trust_file.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace gateway::fiks_io {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::uint64_t plain_bytes_max = package_bytes_max + (64U << 20U);
constexpr std::size_t piece_bytes = 256U << 10U;
constexpr std::size_t manifest_bytes_max = 4U << 20U;
constexpr std::size_t signature_bytes_max = 1U << 20U;
constexpr std::size_t name_bytes_max = 255;
/// Of all a container's files: read at once into memory.
constexpr std::uint64_t small_bytes_max = 256U << 10U;
constexpr std::chrono::seconds own_certificate_wait{10};

Opening failed(const Failure& failure, bool of_source) {
    Opening opening;
    if (of_source) {
        opening.code = sdk::code_of_failure(failure);
        opening.passing = true;
    } else if (failure.is(Errc::storage_full)) {
        opening.code = "service.storage_full";
        opening.passing = true;
    } else if (failure.is(Errc::unavailable)) {
        opening.code = "fiks_io.key_unavailable";
        opening.passing = true;
    } else if (failure.is(Errc::too_large)) {
        opening.code = "fiks_io.package_too_large";
    } else if (seal::refusal_name(failure).empty()) {
        opening.code = "service.storage_failed";
        opening.passing = true;
    } else if (failure.code == seal::Refusal::cms_not_decryptable) {
        opening.code = "fiks_io.not_decryptable";
    } else {
        opening.code = core::Code(std::string(seal::refusal_name(failure)));
    }
    return opening;
}

/// The last part of a container path, told from others of the same name by a number in front.
std::string file_name(const std::string& path, std::set<std::string>& taken) {
    std::string name = path.substr(path.rfind('/') + 1);
    if (name.size() > name_bytes_max) {
        name = name.substr(name.size() - name_bytes_max);
        while (!name.empty() && (static_cast<unsigned char>(name.front()) & 0xC0U) == 0x80U) {
            name.erase(0, 1);   // inside a character
        }
    }
    std::string free = name;
    for (int number = 2; !taken.insert(free).second; ++number) {
        free = std::to_string(number) + '-' + name;
    }
    return free;
}

/// By whom, and as of when, a package must be signed.
struct Judge {
    const seal::TrustStore* trust = nullptr;
    std::string organisation;
    seal::Rule rule = seal::Rule::warn;
    core::Time now{};

    Judge() = default;
    SignatureReport operator()(const SignedPackage& package) const {
        return judge_package(package, trust, organisation, rule, now);
    }
    bool refuses(const SignatureReport& report) const {
        return rule == seal::Rule::require && !(report.holds && report.trusted);
    }
};

/// One package on its way to documents, in its caller's frame. A small one is read and judged in
/// one piece of work, and stored only then.
class Unpacking {
public:
    Unpacking(sdk::Host& host, core::TenantId tenant, PlainPackage& plain, Judge judge)
        : host_(host), tenant_(std::move(tenant)), plain_(plain), judge_(std::move(judge)) {}

    sdk::Task<Result<void>> run() {
        std::function<Result<void>()> piece = [this] { return open_container(); };
        const auto opened = co_await work(std::move(piece));
        if (!opened) {
            co_return opened.error();
        }
        if (is_small_) {
            co_return co_await store_small();
        }
        for (const auto& entry : container_->entries()) {
            if (!is_file(entry)) {
                continue;
            }
            const auto kept = co_await extract(entry);
            if (!kept) {
                co_return kept.error();
            }
        }
        std::function<Result<void>()> last = [this] {
            report = judge_(signed_package_);
            return Result<void>();
        };
        co_return co_await work(std::move(last));
    }

    std::vector<core::DocumentRef> files;
    SignatureReport report;
    seal::Findings remarks;

private:
    static bool is_file(const seal::AsicEntry& entry) {
        return !entry.is_folder() && seal::is_to_be_signed(entry.name);
    }

    Result<void> open_container() {
        auto container = seal::AsicReader::open(plain_);
        if (!container) {
            return container.error();
        }
        container_.emplace(std::move(*container));
        remarks = container_->remarks();
        if (auto taken = read_parts(); !taken) {
            return taken;
        }
        std::uint64_t bytes = 0;
        for (const auto& entry : container_->entries()) {
            bytes += std::min(entry.size, small_bytes_max + 1);
        }
        is_small_ = bytes <= small_bytes_max;
        return is_small_ ? read_small() : Result<void>();
    }

    Result<void> read_parts() {
        std::vector<std::string> names;
        for (const auto& entry : container_->entries()) {
            names.push_back(entry.name);
        }
        const auto entries = seal::find_cades_entries(names);
        if (!entries) {
            signed_package_.fault = entries.error();
            return {};
        }
        auto& parts = signed_package_.parts;
        parts.signature_name = entries->signature;
        auto manifest = read(entries->manifest, manifest_bytes_max);
        if (!manifest) {
            return manifest.error();
        }
        parts.manifest = std::move(*manifest);
        auto signature = read(entries->signature, signature_bytes_max);
        if (!signature) {
            return signature.error();
        }
        parts.signature = std::move(*signature);
        return {};
    }

    Result<void> read_small() {
        for (const auto& entry : container_->entries()) {
            if (!is_file(entry)) {
                continue;
            }
            auto bytes = container_->read_all(entry, small_bytes_max);
            if (!bytes) {
                return bytes.error();
            }
            add_signed(entry.name, crypto::sha256(*bytes));
            small_.push_back(std::move(*bytes));
        }
        report = judge_(signed_package_);
        return {};
    }

    sdk::Task<Result<void>> store_small() {
        for (std::size_t i = 0; i < small_.size() && !judge_.refuses(report); ++i) {
            auto sink = co_await host_.documents.create(tenant_, small_[i].size());
            if (!sink) {
                co_return sink.error();
            }
            const auto written = co_await (*sink)->write(small_[i]);
            if (!written) {
                co_return written.error();
            }
            auto document = co_await (*sink)->commit();
            if (!document) {
                co_return document.error();
            }
            add_file(signed_package_.files[i].name, std::move(*document));
        }
        co_return Result<void>();
    }

    void add_signed(const std::string& name, core::Sha256 hash) {
        seal::ContainerFile file;
        file.name = name;
        file.sha256 = hash;
        signed_package_.files.push_back(std::move(file));
    }

    void add_file(const std::string& name, core::DocumentRef document) {
        document.name = file_name(name, taken_);
        document.media_type = media_type_of(document.name);
        files.push_back(std::move(document));
    }

    Result<std::string> read(const std::string& name, std::size_t bytes_max) const {
        const seal::AsicEntry* entry = container_->find(name);
        if (entry == nullptr) {
            return std::string();
        }
        return container_->read_all(*entry, bytes_max);
    }

    sdk::Task<Result<void>> extract(const seal::AsicEntry& entry) {
        auto sink = co_await host_.documents.create(tenant_, entry.size);
        if (!sink) {
            co_return sink.error();
        }
        auto reader = container_->extract(entry);
        std::string buffer(std::min<std::uint64_t>(piece_bytes, entry.size + 1), '\0');
        for (;;) {
            std::size_t filled = 0;
            std::function<Result<void>()> piece = [&] { return fill(reader, buffer, filled); };
            const auto read = co_await work(std::move(piece));
            if (!read) {
                co_return read.error();
            }
            if (filled == 0) {
                break;
            }
            const std::span<const char> bytes(buffer.data(), filled);
            const auto written = co_await (*sink)->write(bytes);
            if (!written) {
                co_return written.error();
            }
        }
        auto document = co_await (*sink)->commit();
        if (!document) {
            co_return document.error();
        }
        add_signed(entry.name, document->sha256);
        add_file(entry.name, std::move(*document));
        co_return Result<void>();
    }

    static Result<void> fill(seal::EntryReader& reader, std::string& buffer, std::size_t& filled) {
        while (filled < buffer.size()) {
            const auto got = reader.read(std::span(buffer).subspan(filled));
            if (!got) {
                return got.error();
            }
            if (*got == 0) {
                break;
            }
            filled += *got;
        }
        return {};
    }

    sdk::Task<Result<void>> work(std::function<Result<void>()> piece) {
        Result<void> done;
        std::function<void()> job = [&] { done = piece(); };
        co_await host_.work.run(std::move(job));
        co_return done;
    }

    sdk::Host& host_;
    core::TenantId tenant_;
    PlainPackage& plain_;
    Judge judge_;
    std::optional<seal::AsicReader> container_;
    SignedPackage signed_package_;
    bool is_small_ = false;
    std::vector<std::string> small_;   // as signed_package_.files
    std::set<std::string> taken_;
};

}   // namespace

struct Opener::Impl {
    Impl(const Settings& with, Catalogue& in, sdk::Host& of, std::optional<seal::TrustStore> store)
        : settings(with), catalogue(in), host(of), trust(std::move(store)) {}

    const Settings& settings;
    Catalogue& catalogue;
    sdk::Host& host;
    std::optional<seal::TrustStore> trust;

    /// Our keys, and the certificate that senders to this account are given. Without the catalogue
    /// every key is tried.
    sdk::Task<Result<OwnKeys>> own_keys(const std::string& account) {
        OwnKeys own;
        auto keys = co_await host.keys.opening_public_keys();
        if (!keys) {
            co_return keys.error();
        }
        own.public_keys = std::move(*keys);
        const auto chain = co_await host.keys.certificate_chain();
        if (chain && !chain->empty()) {
            own.certificates.push_back(chain->front());
        }
        const auto deadline = host.clock.in(own_certificate_wait);
        const auto published = co_await catalogue.receiver_key(account, deadline);
        if (published.value) {
            own.certificates.push_back(published.value->details.der);
        }
        co_return own;
    }

    sdk::Task<Opening> open(core::TenantId tenant, const PackageSender& sender,
                            sdk::ByteSource& envelope) {
        const auto own = co_await own_keys(sender.to);
        if (!own) {
            co_return failed(Failure(Errc::unavailable), false);
        }
        PlainPackage plain(host.spools, plain_bytes_max);
        Decryption decryption(host, *own, plain);
        const auto decrypted = co_await decryption.run(envelope);
        if (!decrypted) {
            co_return failed(decrypted.error(), decryption.source_failed());
        }
        Judge judge;
        judge.trust = trust ? &*trust : nullptr;
        judge.organisation = sender.organisation;
        judge.rule = settings.signature;
        judge.now = host.clock.now();
        Unpacking unpacking(host, std::move(tenant), plain, judge);
        const auto unpacked = co_await unpacking.run();
        if (!unpacked) {
            co_return failed(unpacked.error(), false);
        }
        co_return opening_of(unpacking, judge);
    }

    static Opening opening_of(Unpacking& unpacking, const Judge& judge) {
        Opening opening;
        SignatureReport& report = unpacking.report;
        if (judge.refuses(report)) {
            opening.code = report.findings.front().code;
            opening.params = report.findings.front().params;
            opening.signature = std::move(report);
            return opening;
        }
        report.findings.insert(report.findings.end(), unpacking.remarks.begin(),
                               unpacking.remarks.end());
        OpenedPackage package;
        package.files = std::move(unpacking.files);
        package.signature = std::move(report);
        opening.package = std::move(package);
        return opening;
    }
};

Opener::Opener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Opener::~Opener() = default;

core::Result<std::unique_ptr<Opener>> Opener::make(const Settings& settings, Catalogue& catalogue,
                                                   sdk::Host& host) {
    std::optional<seal::TrustStore> trust;
    if (!settings.trust.empty()) {
        auto file = seal::read_trust_file(settings.trust, settings.environment);
        if (!file) {
            return Failure(file.error().code, "trust_file: " + file.error().detail);
        }
        auto store = seal::TrustStore::make(std::move(file->policy));
        if (!store) {
            return Failure(store.error().code, "trust_file: " + store.error().detail);
        }
        trust.emplace(std::move(*store));
    }
    return std::unique_ptr<Opener>(
        new Opener(std::make_unique<Impl>(settings, catalogue, host, std::move(trust))));
}

sdk::Task<Opening> Opener::open(core::TenantId tenant, const PackageSender& sender,
                                sdk::ByteSource& envelope) {
    co_return co_await impl_->open(std::move(tenant), sender, envelope);
}

sdk::Task<sdk::Health> Opener::check_keys(sdk::Deadline deadline) {
    const auto keys = co_await impl_->host.keys.opening_public_keys();
    if (!keys) {
        co_return sdk::Health(sdk::Condition::degraded, "fiks_io.key_unavailable");
    }
    for (const auto& account : impl_->settings.accounts) {
        const auto published = co_await impl_->catalogue.receiver_key(account.account, deadline);
        if (!published.value) {
            if (published.outcome.verdict != sdk::Verdict::rejected) {
                continue;   // the catalogue is away: nothing is known, and Health says so elsewhere
            }
            co_return sdk::Health(
                sdk::Condition::degraded, "fiks_io.own_key_unusable",
                {{"account", account.account}, {"reason", published.outcome.code.value}});
        }
        const auto& key = published.value->details.public_key_der;
        if (std::find(keys->begin(), keys->end(), key) == keys->end()) {
            co_return sdk::Health(sdk::Condition::degraded, "fiks_io.own_key_other",
                                  {{"account", account.account}});
        }
        if (!published.value->warnings.empty()) {
            co_return sdk::Health(sdk::Condition::ready, "fiks_io.own_certificate_ending",
                                  {{"account", account.account}});
        }
    }
    co_return sdk::Health();
}

}   // namespace gateway::fiks_io
