#include "gateway/notify/signing.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"

namespace gateway::notify {

sdk::Headers signed_headers(std::string_view id, core::Time now, std::string_view body,
                            const std::vector<std::string>& secrets) {
    constexpr std::string_view prefix = "whsec_";
    const auto seconds =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    const std::string content = std::string(id) + "." + seconds + "." + std::string(body);
    std::string signatures;
    for (const std::string_view secret : secrets) {
        const auto key = crypto::base64_decode(secret.substr(prefix.size()));
        if (key) {
            signatures += (signatures.empty() ? "v1," : " v1,") +
                          crypto::base64_encode(crypto::hmac_sha256(*key, content));
        }
    }
    return {{"webhook-id", std::string(id)},
            {"webhook-timestamp", seconds},
            {"webhook-signature", signatures}};
}

}   // namespace gateway::notify
