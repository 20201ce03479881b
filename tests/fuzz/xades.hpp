#pragma once

// signatures.xml over two files of which everything is known: what is accepted covers both, exactly
// as they are.

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/xades_reader.hpp"
#include "gateway/seal/xades_verifier.hpp"
#include "gateway/seal/xml_text.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::xades {

inline std::vector<gateway::seal::ContainerFile> files() {
    return {{"mimetype", {}},
            {"manifest.xml", gateway::crypto::sha256("<manifest/>")},
            {"a b.txt", gateway::crypto::sha256("text")}};
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace seal = gateway::seal;
    const auto text = text_of(data, size);
    promise(seal::name_of_uri(seal::uri_of_name(text), true) == text,
            "a name comes back from its URI");
    if (const auto read = seal::read_xades(text)) {
        promise(!read->signed_info.empty() && !read->signed_properties.empty(),
                "what is signed has a canonical form");
        promise(!read->certificates.empty() && !read->value.empty(), "somebody signed");
        for (const auto& file : read->files) {
            promise(file.digest.size() == 32 && !file.uri.empty(), "a file has a digest");
        }
    }
    auto known = files();
    if (const auto verified = seal::verify_xades(text, known)) {
        promise(!verified->signer.empty() && verified->signing_time, "it is known who and when");
        for (std::size_t i = 1; i < known.size(); ++i) {
            known[i].sha256.bytes[0] ^= 1U;
            promise(!seal::verify_xades(text, known), "a changed file is found");
            known[i].sha256.bytes[0] ^= 1U;
        }
        known.push_back({"more.txt", {}});
        promise(!seal::verify_xades(text, known), "an unsigned file is found");
    }
}

}   // namespace fuzz::xades
