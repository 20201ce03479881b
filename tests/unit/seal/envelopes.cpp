#include "tests/unit/seal/envelopes.hpp"

#include <functional>

namespace tests {
namespace {

namespace seal_ = gateway::seal;
using GiveKey = std::function<gateway::core::Result<void>(seal_::CmsDecrypter&, std::string&)>;

Opened push(std::string_view envelope, std::size_t piece, const GiveKey& give_key) {
    Opened opened;
    seal_::CmsDecrypter decrypter;
    const auto refused = [&](const gateway::core::Result<void>& done) {
        if (done.has_error()) {
            const auto name = seal_::refusal_name(done.error());
            opened.refusal = name.empty() ? done.error().to_string() : std::string(name);
        }
        return done.has_error();
    };
    while (!envelope.empty()) {
        if (refused(decrypter.write(envelope.substr(0, piece), opened.plain))) {
            return opened;
        }
        envelope.remove_prefix(std::min(piece, envelope.size()));
        if (decrypter.wants_key()) {
            opened.key_wanted = true;
            if (refused(give_key(decrypter, opened.plain))) {
                return opened;
            }
        }
    }
    refused(decrypter.finish(opened.plain));
    return opened;
}

}   // namespace

std::string seal(std::string_view plain, const std::vector<std::string>& certificates,
                 SeededChance& chance) {
    auto encrypter = seal_::CmsEncrypter::create(certificates, chance);
    INFO((encrypter.has_error() ? encrypter.error().to_string() : ""));
    REQUIRE(encrypter.has_value());
    std::string envelope;
    while (!plain.empty()) {
        const auto piece = plain.substr(0, 1 + chance.below(40'000));
        encrypter->write(piece, envelope);
        plain.remove_prefix(piece.size());
    }
    const auto sealed = encrypter->finish(envelope);
    CHECK(sealed.size == envelope.size());
    return envelope;
}

Opened open_envelope(std::string_view envelope, const std::string& identity, std::size_t piece) {
    return push(envelope, piece, [&](seal_::CmsDecrypter& decrypter, std::string& out) {
        const Workshop& workshop = Workshop::get();
        const auto mine =
            seal_::find_recipient(decrypter.recipients(), workshop.certificate(identity));
        REQUIRE(mine.has_value());
        const auto& wrapped = decrypter.recipients()[*mine];
        const auto key = workshop.key(identity)->unwrap_key(*wrapped.transport, wrapped.encrypted,
                                                            decrypter.key_bytes());
        return decrypter.give_key(key.value(), out);
    });
}

Opened open_with_key(std::string_view envelope, std::string_view key, std::size_t piece) {
    return push(envelope, piece, [key](seal_::CmsDecrypter& decrypter, std::string& out) {
        return decrypter.give_key(key, out);
    });
}

}   // namespace tests
