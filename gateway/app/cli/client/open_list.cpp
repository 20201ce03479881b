#include "gateway/app/cli/client/open_list.hpp"

#include "gateway/app/exit_codes.hpp"

#include <ostream>

namespace gateway::app::client {

int act_on_one(const Desk& desk, const OpenList& list, const OpenListOptions& options,
               const std::string& id, const char* act) {
    int exit_code = exit_ok;
    json::Value body = json::Value::object();
    body.set("why", options.why);
    const Question question("POST", std::string(list.path) + "/" + encoded(id) + "/" + act,
                            std::move(body));
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (answer && !options.json) {
        list.print(desk, *answer);
    }
    return exit_code;
}

int show_list(const Desk& desk, const OpenList& list, const OpenListOptions& options) {
    int exit_code = exit_ok;
    std::string path = std::string(list.path) + "?limit=" + std::to_string(options.limit);
    if (!options.all) {
        path += "&open=true";
    }
    if (!options.tenant.empty()) {
        path += "&tenant=" + encoded(options.tenant);
    }
    if (!options.cursor.empty()) {
        path += "&cursor=" + encoded(options.cursor);
    }
    const auto page = ask(desk, options.place, Question(path), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    if ((*page)["items"].items().empty()) {
        desk.out << desk.say(list.none_nb, list.none_en) << "\n";
    }
    for (const auto& one : (*page)["items"].items()) {
        list.print(desk, one);
        desk.out << "\n";
    }
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

}   // namespace gateway::app::client
