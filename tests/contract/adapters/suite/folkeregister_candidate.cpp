// folkeregister under the suite: one person, through the role of the policy's own questions.

#include "tests/contract/adapters/suite/candidates.hpp"

namespace candidates {
namespace {

std::string config(const std::string& roles, const std::string& more = "") {
    return R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001",)"
           R"("integration_password":"a-subscription-key","batch_window_ms":0,"roles":)" +
           roles + more + "}";
}

}   // namespace

Candidate folkeregister() {
    Candidate made;
    made.name = "folkeregister";
    made.probe_body = R"({"sekvensnummer":1})";
    made.config = config(R"({"barnehage":"rolle-1"})", R"(,"feed_role":"rolle-2")");
    made.route = "{}";
    made.bad_configs = {"{}",
                        config("{}"),
                        config(R"({"barnehage":"../rolle"})"),
                        config(R"({"Barnehage":"rolle"})"),
                        config(R"({"barnehage":"rolle-1"})", R"(,"nonsense":1)"),
                        config(R"({"barnehage":"rolle-1"})", R"(,"batch_persons_max":1001)"),
                        config(R"({"barnehage":"rolle-1"})", R"(,"event_details":"ja")"),
                        config(R"({"barnehage":"rolle-1"})", R"(,"feed_role":"a b")")};
    made.bad_routes = {R"({"resource":"x"})"};
    made.sends = false;
    made.dataset = "person";
    made.key = "17859130003";
    made.purpose = "barnehage";
    made.shares_calls = true;
    return made;
}

}   // namespace candidates
