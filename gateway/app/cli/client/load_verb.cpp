#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/verb.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/texts/texts.hpp"

#include <algorithm>
#include <ostream>

// load: a register is loaded whole, and followed until it has ended.

namespace gateway::app::client {
namespace {

constexpr std::chrono::milliseconds look_pause{1'000};
constexpr int looks_max = 86'400;   // a day; who waits longer asks again

Question question_of(const LoadVerbOptions& options, const char* act) {
    auto with = json::Value::object();
    if (!options.tenant.empty()) {
        with.set("tenant", options.tenant);
    }
    auto body = json::Value::object();
    body.set("with", std::move(with)).set("why", options.why);
    return {"POST", "/admin/v1/connections/" + encoded(options.connection) + "/acts/" + act,
            std::move(body)};
}

bool has_ended(const json::Value& loads) {
    return std::all_of(loads.items().begin(), loads.items().end(),
                       [](const json::Value& one) { return one["ended"].as_bool(); });
}

std::string line_of(const Desk& desk, const json::Value& one) {
    std::string text = one["tenant"].as_string() + "  " + std::to_string(one["done"].as_int());
    if (one["of"].as_int() > 0) {
        text += desk.say(" av ", " of ") + std::to_string(one["of"].as_int());
    }
    text += desk.say(" lest, ", " read, ") + std::to_string(one["kept"].as_int()) +
            desk.say(" tatt inn", " kept");
    if (one.has("code")) {
        const auto why = texts::render(core::Code(one["code"].as_string()), {}, desk.language);
        text += desk.say(", avbrutt: ", ", broken off: ") + why.title + " (" +
                one["code"].as_string() + "). " + why.action;
    } else if (one["ended"].as_bool()) {
        text += desk.say(", ferdig", ", done");
    }
    return text;
}

}   // namespace

int run_load(const Desk& desk, const LoadVerbOptions& options) {
    int exit_code = exit_ok;
    auto answer = ask(desk, options.place, question_of(options, "load"), options.json, exit_code);
    std::string said;
    for (int looks = 0; answer && looks < looks_max; ++looks) {
        const auto& loads = (*answer)["value"]["loads"];
        std::string text;
        for (const auto& one : loads.items()) {
            text += line_of(desk, one) + "\n";
        }
        if (text != said && !options.json) {
            desk.out << text << std::flush;
            said = text;
        }
        if (has_ended(loads)) {
            const bool failed = std::any_of(loads.items().begin(), loads.items().end(),
                                            [](const json::Value& one) { return one.has("code"); });
            return failed ? exit_failed : exit_ok;
        }
        const auto gate = desk.open_gate(options.place);
        if (!gate) {
            return say_unreachable(desk, gate.error(), options.place.socket);
        }
        (*gate)->pause(look_pause);
        answer = ask(desk, options.place, question_of(options, "load-progress"), options.json,
                     exit_code);
    }
    return answer ? exit_failed : exit_code;
}

void add_load(CLI::App& app, Context& context) {
    const auto options = std::make_shared<LoadVerbOptions>();
    Verb verb(app, context, "load",
              {"Henter et helt register; det formålene ber om (organisations_in), tas inn",
               "Loads a whole register; what purposes want of it (organisations_in) is kept"},
              {"sluse load enhetsregisteret --why \"nytt formål\"",
               "sluse load enhetsregisteret --why \"new purpose\""});
    verb.option("connection", options->connection,
                {"Forbindelsen til registeret, fra [connection.<navn>]",
                 "The connection to the register, from [connection.<name>]"})
        ->required();
    verb.option("--tenant", options->tenant,
                {"Bare for denne kommunen", "For this municipality only"});
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_load);
}

}   // namespace gateway::app::client
