#include "gateway/doctor/finding.hpp"

namespace gateway::doctor {

Finding Examination::finding() const {
    Finding worst = Finding::green;
    for (const auto& step : steps) {
        if (step.finding == Finding::red) {
            return Finding::red;
        }
        if (step.finding == Finding::yellow) {
            worst = Finding::yellow;
        }
    }
    return worst;
}

const char* to_string(Finding finding) {
    switch (finding) {
    case Finding::green: return "green";
    case Finding::yellow: return "yellow";
    case Finding::red: return "red";
    case Finding::skipped: break;
    }
    return "skipped";
}

}   // namespace gateway::doctor
