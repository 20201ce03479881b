#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/open_list.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"

#include <ostream>

// alarms: what is wrong, and a word that somebody is at it.

namespace gateway::app::client {
namespace {

std::string severity_words(const Desk& desk, const std::string& severity) {
    if (severity == "critical") {
        return desk.say("ALVORLIG", "CRITICAL");
    }
    return severity == "warning" ? desk.say("advarsel", "warning")
                                 : desk.say("til orientering", "notice");
}

void print_alarm(const Desk& desk, const json::Value& alarm) {
    desk.out << severity_words(desk, alarm["severity"].as_string()) << "  "
             << alarm["title"].as_string() << "\n";
    say_fact(desk, "Alarm", "Alarm", alarm["id"].as_string());
    if (alarm["tenant"].is_string()) {
        say_fact(desk, "Kommune", "Tenant", alarm["tenant"].as_string());
    }
    say_fact(desk, "Hva", "What", alarm["what"].as_string());
    say_fact(desk, "Siden", "Since", local(desk, alarm["openedAt"].as_string()));
    if (alarm["resolvedAt"].is_string()) {
        say_fact(desk, "Over", "Over", local(desk, alarm["resolvedAt"].as_string()));
    }
    say_fact(desk, "Gjør", "Do", alarm["action"].as_string());
    if (const auto& how = alarm["acknowledged"]; how.is_object()) {
        say_fact(desk, "Kvittert", "Acknowledged",
                 how["by"].as_string() + ", " + local(desk, how["at"].as_string()) + ": " +
                     how["reason"].as_string());
    }
}

constexpr OpenList alarm_list{"/admin/v1/alarms", "Ingen alarmer.", "No alarms.", print_alarm};

}   // namespace

int run_alarms(const Desk& desk, const AlarmOptions& options) {
    return options.acknowledge.empty()
               ? show_list(desk, alarm_list, options)
               : act_on_one(desk, alarm_list, options, options.acknowledge, "acknowledge");
}

}   // namespace gateway::app::client
