#pragma once

// An issuer's certificate and one of its leaves, each after its length in two bytes, then `c` and a
// revocation list, or `o` and an OCSP answer.

#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/crl.hpp"
#include "gateway/seal/ocsp.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::revocation {

/// Cuts a piece with its length before it off `rest`.
inline std::string_view take_piece(std::string_view& rest) {
    if (rest.size() < 2) {
        return {};
    }
    const std::size_t length =
        static_cast<std::size_t>(static_cast<unsigned char>(rest[0])) * 256U +
        static_cast<unsigned char>(rest[1]);
    const std::string_view piece = rest.substr(2, length);
    rest.remove_prefix(2 + piece.size());
    return piece;
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace seal = gateway::seal;
    auto rest = text_of(data, size);
    const std::string_view issuer = take_piece(rest);
    const std::string_view leaf = take_piece(rest);
    const bool list = !rest.empty() && rest.front() == 'c';
    const std::string_view answer = rest.substr(rest.empty() ? 0 : 1);
    const auto now = gateway::core::parse_rfc3339("2026-01-15T12:00:00Z").value();
    if (!list) {
        static_cast<void>(seal::ocsp_request(leaf, issuer));
        const auto read = seal::read_ocsp_answer(answer, leaf, issuer, now);
        promise(!read || read->next_update > read->this_update, "an answer has an end");
        return;
    }
    const auto read = seal::RevocationList::read(answer, issuer, now);
    if (!read) {
        return;
    }
    promise(read->next_update() > read->this_update(), "a list has an end");
    promise(!seal::crl_issuer(answer).empty(), "a list has an issuer");
    if (const auto details = seal::read_certificate(leaf)) {
        static_cast<void>(read->find(details->serial_der));
        static_cast<void>(read->covers(details->authority, details->crl_urls));
    }
}

}   // namespace fuzz::revocation
