// enhetsregisteret under the suite: one unit, whose number is no secret.

#include "tests/contract/adapters/suite/candidates.hpp"

namespace candidates {

Candidate enhetsregisteret() {
    Candidate made;
    made.probe_body = R"({"page":{"totalElements":1}})";
    made.name = "enhetsregisteret";
    made.config = R"({"batch_window_ms":0,"age_minutes_max":60})";
    made.route = "{}";
    made.bad_configs = {R"({"nonsense":1})",          R"({"batch_units_max":0})",
                        R"({"batch_units_max":201})", R"({"age_minutes_max":0})",
                        R"({"feed_page":1001})",      R"({"load_overlap_hours":0})"};
    made.bad_routes = {R"({"resource":"x"})"};
    made.sends = false;
    made.dataset = "organisation";
    made.key = "310001007";
    made.key_is_personal = false;
    made.shares_calls = true;
    return made;
}

}   // namespace candidates
