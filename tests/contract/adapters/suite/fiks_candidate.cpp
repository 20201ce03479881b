// fiks_io under the suite: an answer without payload, which needs no certificate of anybody's.

#include "tests/contract/adapters/suite/candidates.hpp"

namespace candidates {
namespace {

constexpr const char* account = "6c1c4f3e-2f0b-4d39-8f5d-0c6f4d1b2a01";
constexpr const char* id = "0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11";

std::string config(const std::string& more, const std::string& accounts) {
    return R"({"integration_id":")" + std::string(id) +
           R"(","integration_password":"a-subscription-key","amqp_host":"127.0.0.1")" + more +
           R"(,"accounts":[)" + accounts + "]}";
}

}   // namespace

Candidate fiks_io() {
    Candidate made;
    made.name = "fiks_io";
    const std::string ours =
        R"({"account":")" + std::string(account) + R"(","tenant":"991825827"})";
    made.config = config("", ours);
    made.route = R"({"answer_hours":4})";
    made.bad_configs = {"{}",
                        config("", ""),
                        config(R"(,"nonsense":1)", ours),
                        config(R"(,"signature":"maybe")", ours),
                        config(R"(,"prefetch":0)", ours),
                        config(R"(,"amqp_port":65536)", ours),
                        config(R"(,"pinned":[{"account":"x","sha256":[]}])", ours),
                        config("", R"({"account":"konto","tenant":"991825827"})"),
                        config("", R"({"account":")" + std::string(account) + R"("})")};
    made.bad_routes = {R"({"account":"konto"})", R"({"ttl_hours":0})", R"({"nonsense":1})"};
    made.message_type = "protocol/v1";
    made.is_answer = true;
    made.content =
        R"({"type":"protocol","version":1,"messageType":)"
        R"("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater.mottatt","to":{"account":")" +
        std::string(account) + R"("},"replyTo":{"messageId":")" + id +
        R"(","messageType":"no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater"}})";
    made.accepted_status = 202;
    made.accepted_body = R"({"meldingId":")" + std::string(id) + R"("})";
    return made;
}

}   // namespace candidates
