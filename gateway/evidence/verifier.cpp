#include "gateway/evidence/verifier.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/ed25519.hpp"
#include "gateway/evidence/package_stream.hpp"
#include "gateway/evidence/public_key.hpp"
#include "gateway/json/value.hpp"
#include "gateway/seal/refusal.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace gateway::evidence {
namespace {

using core::Result;

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::size_t signature_bytes = 64;

seal::AsicLimits package_limits() {
    seal::AsicLimits limits;
    limits.entries_max = 2'000;
    limits.entry_bytes_max = 6ULL << 30U;
    limits.total_bytes_max = 64ULL << 30U;
    // Nothing is compressed: what unpacks to more than it packs is no package of ours.
    limits.ratio_max = 2;
    limits.ratio_free_bytes = 64U << 10U;
    return limits;
}

json::ParseLimits text_limits() {
    return {.bytes_max = text_bytes_max, .depth_max = 64, .values_max = 4'000'000};
}

/// The bytes of a package made anew, held against those that are there.
class Likeness {
public:
    explicit Likeness(seal::RandomAccess& source) : source_(source), there_(read_bytes, '\0') {}

    Result<void> compare(std::string& made) {
        std::string_view rest = made;
        while (!rest.empty() && !differs_) {
            const auto wanted = std::min(rest.size(), there_.size());
            const auto got = source_.read_at(at_, std::span(there_).first(wanted));
            if (!got) {
                return got.error();
            }
            const auto piece = rest.substr(0, wanted);
            const auto there = std::string_view(there_).substr(0, *got);
            const auto apart =
                std::mismatch(piece.begin(), piece.end(), there.begin(), there.end());
            if (apart.first != piece.end()) {
                differs_ = at_ + static_cast<std::uint64_t>(apart.first - piece.begin());
            }
            at_ += wanted;
            rest.remove_prefix(wanted);
        }
        made.clear();
        return {};
    }

    void end() {
        if (!differs_ && at_ != source_.size()) {
            differs_ = at_;
        }
    }

    const std::optional<std::uint64_t>& differs() const { return differs_; }

private:
    seal::RandomAccess& source_;
    std::string there_;
    std::uint64_t at_ = 0;
    std::optional<std::uint64_t> differs_;
};

class Verification {
public:
    Verification(seal::RandomAccess& source, const std::optional<std::string>& key)
        : source_(source), key_(key) {}

    Result<EvidenceReport> run() {
        const auto opened = seal::AsicReader::open(source_, package_limits());
        if (!opened) {
            return refusal_or_failure(opened.error());
        }
        reader_ = &*opened;
        const auto text = small_file(manifest_name, manifest_bytes_max);
        if (!text) {
            return text.error();
        }
        if (report_.found > 0) {
            return report_;
        }
        const auto manifest = read_manifest(*text);
        if (!manifest) {
            fault("evidence.manifest_unreadable");
            return report_;
        }
        report_.manifest = *manifest;
        const auto judged = judge_signature(*text);
        if (!judged) {
            return judged.error();
        }
        compare_names();
        const auto read = read_all_files();
        if (!read) {
            return read.error();
        }
        judge_documents();
        const auto told = judge_texts();
        if (!told) {
            return told.error();
        }
        return report_;
    }

private:
    void fault(core::Code code, core::Params params = {}) {
        ++report_.found;
        if (report_.faults.size() < faults_kept) {
            report_.faults.emplace_back(std::move(code), std::move(params));
        }
    }

    /// What is wrong with the container is a fault of the package; all else is the world's.
    Result<EvidenceReport> refusal_or_failure(const core::Failure& failure) {
        const auto name = seal::refusal_name(failure);
        if (name.empty()) {
            return failure;
        }
        fault(core::Code(std::string(name)));
        return report_;
    }

    Result<void> unreadable(std::string_view name, const core::Failure& failure) {
        const auto refusal = seal::refusal_name(failure);
        if (refusal.empty() && !failure.is(core::Errc::too_large)) {
            return failure;
        }
        if (unread_.insert(std::string(name)).second) {   // said once
            fault("evidence.file_unreadable",
                  {{"file", std::string(name)},
                   {"code", refusal.empty() ? std::string("too_large") : std::string(refusal)}});
        }
        return {};
    }

    /// Whole; empty with a fault when it is not there or cannot be read.
    Result<std::string> small_file(std::string_view name, std::size_t bytes_max) {
        const auto* entry = reader_->find(name);
        if (entry == nullptr) {
            fault("evidence.file_missing", {{"file", std::string(name)}});
            return std::string();
        }
        auto bytes = reader_->read_all(*entry, bytes_max);
        if (bytes) {
            return bytes;
        }
        const auto said = unreadable(name, bytes.error());
        return said ? Result<std::string>(std::string()) : said.error();
    }

    Result<void> judge_signature(const std::string& text) {
        const auto before = report_.found;
        const auto signature = small_file(signature_name, signature_bytes);
        if (!signature) {
            return signature.error();
        }
        if (report_.found > before) {
            return {};
        }
        const auto own = read_public_key(report_.manifest->public_key);
        if (key_ && crypto::ed25519_verify(*key_, text, *signature)) {
            report_.signed_by = SignedBy::given_key;
        } else if (own && crypto::ed25519_verify(*own, text, *signature)) {
            report_.signed_by = key_ ? SignedBy::other_key : SignedBy::key_in_package;
        }
        if (report_.signed_by == SignedBy::nobody) {
            fault("evidence.signature_wrong");
        } else if (report_.signed_by == SignedBy::other_key) {
            fault("evidence.other_key");
        } else if (!own) {
            fault("evidence.manifest_unreadable");
        }
        return {};
    }

    /// Every file that the manifest tells of, no other, in its order.
    void compare_names() {
        std::vector<std::string> wanted{std::string(manifest_name), std::string(signature_name)};
        std::set<std::string, std::less<>> named(wanted.begin(), wanted.end());
        for (const auto& file : report_.manifest->files) {
            if (!named.insert(file.name).second) {
                fault("evidence.manifest_unreadable");
            }
            wanted.push_back(file.name);
        }
        std::vector<std::string> there;
        std::set<std::string, std::less<>> found;
        bool all = true;
        for (const auto& entry : reader_->entries()) {
            there.push_back(entry.name);
            found.insert(entry.name);
            if (!named.contains(entry.name)) {
                all = false;
                fault("evidence.file_extra", {{"file", entry.name}});
            }
        }
        for (const auto& name : wanted) {
            if (!found.contains(name)) {
                all = false;
                if (name != signature_name) {   // that is said already
                    fault("evidence.file_missing", {{"file", name}});
                }
            }
        }
        in_order_ = all && there == wanted;
        if (all && !in_order_) {
            const auto apart =
                std::mismatch(there.begin(), there.end(), wanted.begin(), wanted.end());
            fault("evidence.order_wrong",
                  {{"file", apart.first == there.end() ? std::string() : *apart.first}});
        }
    }

    /// By name: a package may tell of tens of thousands.
    std::map<std::string_view, const PackageFile*> lines_of_files() const {
        std::map<std::string_view, const PackageFile*> lines;
        for (const auto& file : report_.manifest->files) {
            lines[file.name] = &file;
        }
        return lines;
    }

    /// Digests and sizes; and while they are read, the package made anew.
    Result<void> read_all_files() {
        const auto lines = lines_of_files();
        seal::AsicWriter writer(package_options(report_.manifest->made_at));
        Likeness likeness(source_);
        bool can_compare = in_order_;
        std::string made;
        for (const auto& entry : reader_->entries()) {
            const auto line = lines.find(entry.name);
            const PackageFile* told = line == lines.end() ? nullptr : line->second;
            const auto read =
                read_file(entry, told, can_compare ? &writer : nullptr, likeness, made);
            if (!read) {
                return read.error();
            }
            can_compare = can_compare && *read;
        }
        if (!can_compare) {
            return {};
        }
        const auto finished = writer.finish(made);
        if (!finished) {
            return finished.error();
        }
        const auto compared = likeness.compare(made);
        if (!compared) {
            return compared.error();
        }
        likeness.end();
        if (likeness.differs()) {
            fault("evidence.container_changed", {{"at", std::to_string(*likeness.differs())}});
        }
        return {};
    }

    /// Whether it was read to its end.
    Result<bool> read_file(const seal::AsicEntry& entry, const PackageFile* told,
                           seal::AsicWriter* writer, Likeness& likeness, std::string& made) {
        if (writer != nullptr && !writer->begin_file(to_pack(entry.name, entry.size), made)) {
            writer = nullptr;
        }
        auto reading = reader_->extract(entry);
        crypto::Sha256Stream digest;
        for (;;) {
            const auto count = reading.read(piece_);
            if (!count) {
                const auto said = unreadable(entry.name, count.error());
                return said ? Result<bool>(false) : said.error();
            }
            if (*count == 0) {
                break;
            }
            const auto bytes = std::string_view(piece_).substr(0, *count);
            digest.update(bytes);
            if (writer != nullptr) {
                const auto written = writer->write(bytes, made);
                const auto compared = likeness.compare(made);
                if (!written || !compared) {
                    return written ? compared.error() : written.error();
                }
            }
        }
        ++report_.files;
        if (told != nullptr &&
            (told->size != entry.size || digest.finish().to_hex() != told->sha256)) {
            fault("evidence.digest_wrong", {{"file", entry.name}});
        }
        if (writer == nullptr) {
            return false;
        }
        const auto packed = writer->end_file(made);
        if (!packed) {
            return packed.error();
        }
        const auto compared = likeness.compare(made);
        return compared ? Result<bool>(true) : compared.error();
    }

    /// What is told of documents is told of the files that they are.
    void judge_documents() {
        const auto lines = lines_of_files();
        for (const auto& document : report_.manifest->documents) {
            if (document.file.empty()) {
                continue;
            }
            const auto line = lines.find(document.file);
            if (line == lines.end() || line->second->sha256 != document.sha256 ||
                line->second->size != document.size) {
                fault("evidence.document_other", {{"file", document.file}});
            }
        }
    }

    Result<void> judge_texts() {
        const auto& manifest = *report_.manifest;
        for (const auto name : {message_name, timeline_name, public_key_name}) {
            if (reader_->find(name) == nullptr) {
                continue;   // that is said already, or the manifest tells of none
            }
            const auto text = small_file(name, text_bytes_max);
            if (!text) {
                return text.error();
            }
            if (unread_.contains(std::string(name))) {
                continue;
            }
            if (name == public_key_name) {
                const auto key = read_public_key(*text);
                if (!key || crypto::base64url_encode(*key) != manifest.public_key) {
                    fault("evidence.key_other");
                }
                continue;
            }
            const auto value = json::parse_or_failure(*text, text_limits());
            const auto* member = name == message_name ? "id" : "message";
            if (!value || (*value)[member].as_string() != manifest.message) {
                fault("evidence.other_message", {{"file", std::string(name)}});
            } else if (name == timeline_name) {
                judge_timeline((*value)["events"].items());
            }
        }
        return {};
    }

    /// In the order of the store, each once.
    void judge_timeline(const json::Array& events) {
        if (events.size() != report_.manifest->events) {
            fault("evidence.timeline_incomplete",
                  {{"told", std::to_string(report_.manifest->events)},
                   {"there", std::to_string(events.size())}});
        }
        std::set<std::string, std::less<>> ids;
        std::int64_t last = -1;
        std::uint64_t number = 0;
        for (const auto& event : events) {
            ++number;
            const auto position = event["position"].as_int(-1);
            const auto& id = event["id"].as_string();
            if (position <= last || !ids.insert(id).second) {
                fault("evidence.timeline_order", {{"number", std::to_string(number)}});
            }
            last = std::max(last, position);
        }
    }

    seal::RandomAccess& source_;
    const std::optional<std::string>& key_;
    const seal::AsicReader* reader_ = nullptr;
    EvidenceReport report_;
    std::set<std::string> unread_;
    bool in_order_ = false;
    std::string piece_ = std::string(read_bytes, '\0');   // of the file that is being read
};

}   // namespace

std::string_view to_string(SignedBy by) {
    switch (by) {
    case SignedBy::nobody: return "nobody";
    case SignedBy::given_key: return "given_key";
    case SignedBy::key_in_package: return "key_in_package";
    case SignedBy::other_key: return "other_key";
    }
    return "nobody";
}

core::Result<EvidenceReport> verify_package(seal::RandomAccess& source,
                                            const std::optional<std::string>& key) {
    return Verification(source, key).run();
}

}   // namespace gateway::evidence
