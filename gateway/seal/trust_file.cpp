#include "gateway/seal/trust_file.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::seal {
namespace {

core::Failure fault(const std::string& pointer, const std::string& what) {
    return core::Failure(core::Errc::malformed, pointer + ": " + what);
}

/// "2A:84:..." or the same without colons, in either case.
std::string plain_fingerprint(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ':'), text.end());
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return text;
}

core::Result<void> read_certificates(const json::Value& list, const std::string& pointer,
                                     std::vector<std::string>& out) {
    std::size_t index = 0;
    for (const auto& entry : list.items()) {
        const std::string here = pointer + "/" + std::to_string(index++);
        auto der = crypto::base64_decode(entry["der_base64"].as_string());
        if (!der || !parse_x509(*der)) {
            return fault(here + "/der_base64", "no certificate");
        }
        const json::Value* stated = entry.find("sha256");
        if (stated != nullptr &&
            plain_fingerprint(stated->as_string()) != crypto::sha256(*der).to_hex()) {
            return fault(here + "/sha256", "another certificate's fingerprint");
        }
        out.push_back(std::move(*der));
    }
    return {};
}

core::Result<void> read_texts(const json::Value& list, const std::string& pointer,
                              std::vector<std::string>& out) {
    std::size_t index = 0;
    for (const auto& entry : list.items()) {
        if (entry.as_string().empty()) {
            return fault(pointer + "/" + std::to_string(index), "no text");
        }
        out.push_back(entry.as_string());
        ++index;
    }
    return {};
}

}   // namespace

core::Result<TrustFile> read_trust_file(std::string_view json_text, std::string_view environment) {
    const auto document = json::parse(json_text);
    if (!document) {
        return core::Failure(core::Errc::malformed,
                             "not JSON, line " + std::to_string(document.error().line));
    }
    const json::Value* list = document->find(environment);
    if (list == nullptr) {
        return core::Failure(core::Errc::not_found, "the environment is not in the trust list");
    }
    const std::string here = "/" + std::string(environment);
    if (!list->is_object()) {
        return fault(here, "not an object");
    }
    TrustFile file;
    TrustPolicy& policy = file.policy;
    for (const auto& [name, value] : list->members()) {
        const std::string pointer = here + "/" + name;
        core::Result<void> read;
        if (!value.is_array()) {
            read = fault(pointer, "not a list");
        } else if (name == "roots") {
            read = read_certificates(value, pointer, policy.roots);
        } else if (name == "intermediates") {
            read = read_certificates(value, pointer, policy.intermediates);
        } else if (name == "policies") {
            read = read_texts(value, pointer, policy.policies);
        } else if (name == "crl") {
            read = read_texts(value, pointer, file.crl_urls);
        } else if (name == "critical_extensions_recognized") {
            policy.critical_extensions_known.clear();
            read = read_texts(value, pointer, policy.critical_extensions_known);
        } else if (name == "critical_extensions_required") {
            policy.critical_extensions_required.clear();
            read = read_texts(value, pointer, policy.critical_extensions_required);
        } else {
            read = fault(pointer, "unknown member");
        }
        if (!read) {
            return read.error();
        }
    }
    if (policy.roots.empty()) {
        return fault(here + "/roots", "no root to trust");
    }
    return file;
}

}   // namespace gateway::seal
