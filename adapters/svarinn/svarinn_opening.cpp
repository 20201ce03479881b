#include "adapters/svarinn/svarinn_opening.hpp"

#include "gateway/seal/cms_decrypt.hpp"
#include "gateway/seal/refusal.hpp"

#include <algorithm>
#include <functional>

namespace gateway::svarinn {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;
constexpr std::uint64_t overhead_max = 16U << 20U;
constexpr std::string_view zip_begins = "PK";

Opening refused(const char* code, core::Params params = {}) {
    Opening opening;
    opening.code = code;
    opening.params = std::move(params);
    return opening;
}

/// A fault of the package by its stable name; anything else is our own disk or key.
Opening opening_of(const Failure& failure) {
    const auto name = seal::refusal_name(failure);
    if (name == "seal.cms_not_decryptable") {
        return refused("svarinn.not_decryptable");
    }
    if (!name.empty()) {
        return refused("svarinn.package_unreadable", {{"reason", std::string(name)}});
    }
    if (failure.is(Errc::too_large)) {
        return refused("svarinn.package_unreadable", {{"reason", "seal.zip_total_too_large"}});
    }
    Opening opening;
    opening.passing = true;
    opening.code = failure.is(Errc::unavailable)    ? "svarinn.key_unavailable"
                   : failure.is(Errc::storage_full) ? "service.storage_full"
                                                    : "service.storage_failed";
    return opening;
}

/// What opens with a wrong key in one of 256 cases is no package then.
bool may_be_a_wrong_key(const Opening& opening) {
    return !opening.documents && !opening.passing && opening.code.value != "svarinn.hash_differs" &&
           opening.code.value != "svarinn.files_differ";
}

/// For whom it was wrapped does not say which of several keys opens it. OAEP is what KS writes.
const seal::WrappedKey* wrapped_in(const std::vector<seal::WrappedKey>& recipients) {
    const seal::WrappedKey* any = nullptr;
    for (const auto& one : recipients) {
        if (one.transport == core::KeyTransport::rsa_oaep_sha256) {
            return &one;
        }
        if (one.transport && any == nullptr) {
            any = &one;
        }
    }
    return any;
}

sdk::Task<Result<std::size_t>> fill(sdk::ByteSource& source, std::string& buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const std::span<char> room(buffer.data() + filled, buffer.size() - filled);
        const auto count = co_await source.read(room);
        if (!count) {
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
        filled += *count;
    }
    co_return filled;
}

}   // namespace

/// A spool as a ZIP's reader wants it: blocking, inside Work alone.
struct Opener::Source final : seal::RandomAccess {
    sdk::Spool& spool;

    explicit Source(sdk::Spool& from) : spool(from) {}
    std::uint64_t size() const override { return spool.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        return spool.read_at_blocking(offset, out);
    }
};

sdk::Task<Opening> Opener::open(const Listed& listed, sdk::Spool& sealed) {
    const auto keys = co_await host_.keys.opening_public_keys();
    if (!keys) {
        co_return opening_of(keys.error());
    }
    Opening last = refused("svarinn.not_decryptable");
    for (std::size_t which = 0; which < keys->size(); ++which) {
        auto plain = co_await host_.spools.create(settings_.bytes_max + overhead_max);
        if (!plain) {
            co_return opening_of(plain.error());
        }
        const auto decrypted = co_await decrypt(sealed, **plain, which);
        if (decrypted) {
            last = co_await unpack(listed, **plain);
        } else {
            last = opening_of(decrypted.error());
        }
        if (!may_be_a_wrong_key(last)) {
            break;
        }
    }
    co_return last;
}

sdk::Task<Result<void>> Opener::decrypt(sdk::Spool& sealed, sdk::Spool& plain, std::size_t which) {
    seal::CmsDecrypter decrypter;
    const auto source = sealed.open();
    std::string buffer(piece_bytes, '\0');
    std::string out;
    for (bool more = true; more;) {
        const auto count = co_await fill(*source, buffer);
        if (!count) {
            co_return count.error();
        }
        more = *count == buffer.size();
        const std::string_view bytes(buffer.data(), *count);
        Result<void> done;
        std::function<void()> piece = [&] { done = decrypter.write(bytes, out); };
        co_await host_.work.run(std::move(piece));
        if (done && decrypter.wants_key()) {
            const auto* wrapped = wrapped_in(decrypter.recipients());
            if (wrapped == nullptr) {
                co_return seal::refused(seal::Refusal::cms_not_decryptable);
            }
            const auto key = co_await host_.keys.unwrap_key(*wrapped->transport, wrapped->encrypted,
                                                            decrypter.key_bytes(), which);
            if (!key) {
                co_return key.error();
            }
            std::function<void()> opens = [&] { done = decrypter.give_key(*key, out); };
            co_await host_.work.run(std::move(opens));
        }
        if (done && !more) {
            std::function<void()> ends = [&] { done = decrypter.finish(out); };
            co_await host_.work.run(std::move(ends));
        }
        if (!done) {
            co_return done.error();
        }
        const auto written = co_await plain.write(out);
        if (!written) {
            co_return written.error();
        }
        out.clear();
    }
    co_return co_await plain.finish();
}

sdk::Task<Opening> Opener::unpack(const Listed& listed, sdk::Spool& plain) {
    std::string head(zip_begins.size(), '\0');
    const auto begins = co_await plain.read_at(0, head);
    if (!begins) {
        co_return opening_of(begins.error());
    }
    if (settings_.version == Version::v1 && head != zip_begins && listed.files.size() == 1) {
        co_return co_await single(listed, plain);
    }
    Source source(plain);
    seal::AsicLimits limits;
    limits.entries_max = files_max + 1;
    limits.entry_bytes_max = settings_.bytes_max;
    limits.total_bytes_max = settings_.bytes_max;
    std::optional<Result<seal::AsicReader>> zip;
    std::function<void()> piece = [&] { zip.emplace(seal::AsicReader::open(source, limits)); };
    co_await host_.work.run(std::move(piece));
    if (!*zip) {
        co_return opening_of(zip->error());
    }
    const seal::AsicReader& reader = **zip;
    const auto inside = static_cast<std::size_t>(
        std::count_if(reader.entries().begin(), reader.entries().end(),
                      [](const seal::AsicEntry& one) { return !one.is_folder(); }));
    const bool all_there =
        std::all_of(listed.files.begin(), listed.files.end(),
                    [&](const ListedFile& one) { return reader.find(one.name) != nullptr; });
    if (inside != listed.files.size() || !all_there) {
        co_return refused("svarinn.files_differ", {{"listed", std::to_string(listed.files.size())},
                                                   {"found", std::to_string(inside)}});
    }
    Files files;
    for (const auto& file : listed.files) {
        auto entry = reader.extract(*reader.find(file.name));
        auto kept = co_await keep(file, entry);
        if (!kept) {
            co_return opening_of(kept.error());
        }
        if (!file.sha256.empty() && kept->sha256.to_hex() != file.sha256) {
            co_return refused("svarinn.hash_differs");
        }
        files.push_back(std::move(*kept));
    }
    Opening opening;
    opening.documents = std::move(files);
    co_return opening;
}

sdk::Task<Result<core::DocumentRef>> Opener::keep(const ListedFile& file,
                                                  seal::EntryReader& reader) {
    auto sink = co_await host_.documents.create(settings_.tenant, settings_.bytes_max);
    if (!sink) {
        co_return sink.error();
    }
    std::string buffer(piece_bytes, '\0');
    for (;;) {
        Result<std::size_t> count = std::size_t{0};
        std::function<void()> piece = [&] { count = reader.read(buffer); };
        co_await host_.work.run(std::move(piece));
        if (!count) {
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
        const auto written = co_await (*sink)->write(std::span<const char>(buffer.data(), *count));
        if (!written) {
            co_return written.error();
        }
    }
    auto document = co_await (*sink)->commit();
    if (document) {
        document->name = file.name;
        document->title = file.name;
        document->media_type = file.media_type;
    }
    co_return document;
}

sdk::Task<Opening> Opener::single(const Listed& listed, sdk::Spool& plain) {
    const ListedFile& file = listed.files.front();
    auto sink = co_await host_.documents.create(settings_.tenant, settings_.bytes_max);
    if (!sink) {
        co_return opening_of(sink.error());
    }
    const auto source = plain.open();
    std::string buffer(piece_bytes, '\0');
    for (bool more = true; more;) {
        const auto count = co_await fill(*source, buffer);
        if (!count) {
            co_return opening_of(count.error());
        }
        more = *count == buffer.size();
        const auto written = co_await (*sink)->write(std::span<const char>(buffer.data(), *count));
        if (!written) {
            co_return opening_of(written.error());
        }
    }
    auto document = co_await (*sink)->commit();
    if (!document) {
        co_return opening_of(document.error());
    }
    if (!file.sha256.empty() && document->sha256.to_hex() != file.sha256) {
        co_return refused("svarinn.hash_differs");
    }
    document->name = file.name;
    document->title = file.name;
    document->media_type = file.media_type;
    Opening opening;
    opening.documents.emplace();
    opening.documents->push_back(std::move(*document));
    co_return opening;
}

}   // namespace gateway::svarinn
