#include "gateway/app/cli/client/account_verbs.hpp"
#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {
namespace {

void add_add(CLI::App& accounts, Context& context) {
    const auto options = std::make_shared<AccountOptions>();
    Verb verb(accounts, context, "add",
              {"Lager en konto til konsollen; passord og kodenøkkel vises én gang",
               "Makes an account for the console; password and key of codes are shown once"},
              {"sluse accounts add kari --role operator@310001007 --why \"ny på vakt\"",
               "sluse accounts add kari --role operator@310001007 --why \"new on duty\""});
    verb.option("name", options->name,
                {"Kontoens navn: små bokstaver, tall, punktum, bindestrek",
                 "Its name: lower-case letters, digits, dot, hyphen"})
        ->required();
    verb.option("--role", options->roles,
                {"Rolle@kommune, eller rolle@* for alle; kan gjentas. Roller: operator, archivist, "
                 "system_owner, data_protection_officer, tenant_approver, auditor, administrator. "
                 "En systemeier for et tjenesteområde ser bare systemene der: "
                 "system_owner@kommune/system,system",
                 "Role@tenant, or role@* for all; may be repeated. Roles: operator, archivist, "
                 "system_owner, data_protection_officer, tenant_approver, auditor, "
                 "administrator. The owner of one service area sees its systems alone: "
                 "system_owner@tenant/system,system"})
        ->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_accounts_add);
}

void add_act(CLI::App& accounts, Context& context, const char* name, Words about) {
    const auto options = std::make_shared<AccountOptions>();
    options->act = name;
    const std::string example = std::string("sluse accounts ") + name + " kari --why ";
    const auto nb = example + "\"mistet telefonen\"";
    const auto en = example + "\"lost the telephone\"";
    Verb verb(accounts, context, name, about, {nb.c_str(), en.c_str()});
    verb.option("name", options->name, {"Kontoens navn", "The account's name"})->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_accounts_act);
}

}   // namespace

void add_accounts(CLI::App& app, Context& context) {
    CLI::App* accounts = app.add_subcommand(
        "accounts", context.say("Kontoer til konsollen", "Accounts for the console"));
    accounts->require_subcommand(1);
    add_add(*accounts, context);
    const auto options = std::make_shared<AccountOptions>();
    Verb list(*accounts, context, "list", {"Viser kontoene", "Shows the accounts"},
              {"sluse accounts list", "sluse accounts list"});
    list.json(options->json);
    list.place(options->place);
    list.runs(options, run_accounts_list);
    add_act(*accounts, context, "renew",
            {"Nytt passord og ny kodenøkkel; den som er inne, er ute",
             "New password and key of codes; who is signed in is out"});
    add_act(*accounts, context, "remove",
            {"Tar kontoen bort; den som er inne, er ute",
             "Takes the account away; who is signed in is out"});
}

}   // namespace gateway::app::client
