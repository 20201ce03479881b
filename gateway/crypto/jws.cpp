#include "gateway/crypto/jws.hpp"

#include "gateway/crypto/base64url.hpp"

namespace gateway::crypto {

std::string jws_signing_input(std::string_view header_json, std::string_view payload_json) {
    return base64url_encode(header_json) + "." + base64url_encode(payload_json);
}

std::string jws_compact(std::string signing_input, std::string_view signature) {
    signing_input += "." + base64url_encode(signature);
    return signing_input;
}

core::Result<JwsParts> jws_split(std::string_view compact) {
    const core::Failure malformed(core::Errc::malformed, "JWS is not three base64url parts");
    const std::size_t first = compact.find('.');
    const std::size_t last = compact.rfind('.');
    if (first == std::string_view::npos || first == last || compact.find('.', first + 1) != last) {
        return malformed;
    }
    const auto header = base64url_decode(compact.substr(0, first));
    const auto payload = base64url_decode(compact.substr(first + 1, last - first - 1));
    const auto signature = base64url_decode(compact.substr(last + 1));
    if (!header || !payload || !signature || header->empty() || payload->empty() ||
        signature->empty()) {
        return malformed;
    }
    return JwsParts{*header, *payload, *signature, std::string(compact.substr(0, last))};
}

}   // namespace gateway::crypto
