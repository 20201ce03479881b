#include "gateway/app/config/sources.hpp"

#include <algorithm>

// What a schema cannot say of routes: choices that are never used, and those that the law or the
// letter's own demand forbids. Only of routes that fit the schema.

namespace gateway::app {
namespace {

using core::Channel;
using core::RouteCondition;

template <class T>
bool narrows(const std::optional<T>& wide, const std::optional<T>& narrow) {
    return !wide || wide == narrow;
}

/// Each word of `narrow` is one of `wide`; an empty list stands for all words.
bool narrows(const std::vector<std::string>& wide, const std::vector<std::string>& narrow) {
    const auto stands = [&](const std::string& word) {
        return std::find(wide.begin(), wide.end(), word) != wide.end();
    };
    return wide.empty() || (!narrow.empty() && std::all_of(narrow.begin(), narrow.end(), stands));
}

/// Whatever `narrow` holds for, `wide` does too.
bool covers(const RouteCondition& wide, const RouteCondition& narrow) {
    const bool at_least =
        !wide.bytes_min || (narrow.bytes_min && *narrow.bytes_min >= *wide.bytes_min);
    const bool at_most =
        !wide.bytes_max || (narrow.bytes_max && *narrow.bytes_max <= *wide.bytes_max);
    const bool enough = !wide.documents_min ||
                        (narrow.documents_min && *narrow.documents_min >= *wide.documents_min);
    const bool few = !wide.documents_max ||
                     (narrow.documents_max && *narrow.documents_max <= *wide.documents_max);
    return narrows(wide.recipient, narrow.recipient) && narrows(wide.mailbox, narrow.mailbox) &&
           narrows(wide.reserved, narrow.reserved) && narrows(wide.can_notify, narrow.can_notify) &&
           narrows(wide.status, narrow.status) && narrows(wide.kind, narrow.kind) &&
           narrows(wide.must_be, narrow.must_be) &&
           narrows(wide.confidentiality, narrow.confidentiality) &&
           narrows(wide.health, narrow.health) && narrows(wide.child, narrow.child) &&
           narrows(wide.graded_address, narrow.graded_address) &&
           narrows(wide.open_receipt, narrow.open_receipt) &&
           narrows(wide.has_address, narrow.has_address) && narrows(wide.abroad, narrow.abroad) &&
           narrows(wide.country, narrow.country) && at_least && at_most && enough && few;
}

bool only(const std::vector<std::string>& words, const char* word) {
    return words.size() == 1 && words.front() == word;
}

class RouteCheck {
public:
    RouteCheck(const Sources& sources, const LoadOptions& options, const TenantSource& tenant,
               std::size_t index, Mistakes& mistakes)
        : sources_(sources),
          options_(options),
          tenant_(tenant),
          at_("/route/" + std::to_string(index)),
          value_(tenant.document.value()["route"].items()[index]),
          mistakes_(mistakes) {}

    void run() {
        const auto& use = value_["use"].items();
        for (std::size_t i = 0; i < use.size(); ++i) {
            choice_ = at_ + "/use/" + std::to_string(i);
            const auto channel = channel_of_target(use[i], sources_, options_);
            const auto condition = condition_of(use[i]["if"]);
            check_sense(condition);
            check_recipient(condition);
            check_register(use[i], condition);
            check_when(condition);
            check_channel(channel, condition);
            check_unreachable(use, i, condition);
            if (use[i].has("give_up_hours") && i + 1 == use.size()) {
                add("/give_up_hours",
                    Said("etter det siste valget er det ingen å gå videre til",
                         "after the last choice there is nobody to go on to"),
                    Said("fjern give_up_hours, eller legg til et valg etter dette",
                         "remove give_up_hours, or add a choice after this one"));
            }
        }
        check_paper(use);
    }

private:
    void add(const std::string& pointer, Said reason, Said remedy) {
        mistakes_.emplace_back(tenant_.document.value_place(choice_ + pointer), std::move(reason),
                               std::move(remedy));
    }

    void never(const std::string& member, Said remedy) {
        add("/if/" + member,
            Said("betingelsen kan aldri være oppfylt", "the condition can never hold"),
            std::move(remedy));
    }

    void check_sense(const RouteCondition& c) {
        if (c.documents_min && c.documents_max && *c.documents_min > *c.documents_max) {
            never("documents_min", Said("documents_min skal være høyst documents_max",
                                        "documents_min is at most documents_max"));
        }
        if (c.bytes_min && c.bytes_max && *c.bytes_min > *c.bytes_max) {
            never("bytes_min",
                  Said("bytes_min skal være høyst bytes_max", "bytes_min is at most bytes_max"));
        }
        const bool without_address = c.has_address && !*c.has_address;
        if (without_address && (!c.country.empty() || c.abroad.value_or(false))) {
            never("has_address", Said("et land krever en adresse: fjern has_address",
                                      "a country needs an address: remove has_address"));
        }
        if (c.abroad.value_or(false) && only(c.country, "NO")) {
            never("abroad", Said("fjern abroad eller country", "remove abroad or country"));
        }
        const bool may_be_active = c.status.empty() || std::find(c.status.begin(), c.status.end(),
                                                                 "active") != c.status.end();
        if (c.mailbox.value_or(false) && !may_be_active) {
            never("mailbox", Said("bare den som er active, har en postkasse",
                                  "only who is active has a mailbox"));
        }
    }

    void check_recipient(const RouteCondition& c) {
        const bool not_a_person = c.recipient && *c.recipient != "person";
        const bool asks_of_person =
            c.mailbox.value_or(false) || c.reserved.value_or(false) || c.can_notify.value_or(false);
        if (not_a_person && asks_of_person) {
            never("recipient",
                  Said("postkasse, reservasjon og varsling slås opp for personer alene; skriv "
                       "recipient = \"person\"",
                       "mailbox, reservation and notification are looked up of persons alone; "
                       "write recipient = \"person\""));
        }
    }

    void check_register(const json::Value& item, const RouteCondition& c) {
        if (!c.asks_register() || !sources_.complete || has_register()) {
            return;
        }
        for (const auto* member : {"mailbox", "reserved", "can_notify", "status"}) {
            if (item["if"].has(member)) {
                add(std::string("/if/") + member,
                    Said("ingen forbindelse slår opp i kontaktregisteret for kommunen " +
                             tenant_.id.value,
                         "no connection looks up the contact register for the tenant " +
                             tenant_.id.value),
                    Said("legg til en forbindelse med et register for \"contact\" (adapter krr)",
                         "add a connection that has the register \"contact\" (adapter krr)"));
                return;
            }
        }
    }

    bool has_register() const {
        return std::any_of(
            sources_.connections.begin(), sources_.connections.end(), [&](const auto& entry) {
                const ConnectionSource& source = entry.second;
                const auto* adapter = options_.find_adapter((*source.value)["adapter"].as_string());
                if (adapter == nullptr) {
                    return true;   // a mistake of its own
                }
                if (adapter->datasets == nullptr || !serves(source)) {
                    return false;
                }
                const auto datasets = adapter->datasets();
                return std::find(datasets.begin(), datasets.end(), "contact") != datasets.end();
            });
    }

    bool serves(const ConnectionSource& source) const {
        if (source.owner) {
            return *source.owner == tenant_.id;
        }
        const auto& tenants = (*source.value)["tenants"].items();
        return std::any_of(tenants.begin(), tenants.end(), [&](const json::Value& one) {
            return one.as_string() == tenant_.id.value;
        });
    }

    /// What the route itself demands of the letter.
    const json::Value* demanded(const char* member) const { return value_["when"].find(member); }

    void check_when(const RouteCondition& c) {
        const auto clash = [&](const char* in_when, const std::vector<std::string>& words,
                               const char* member) {
            const auto* wanted = demanded(in_when);
            if (wanted != nullptr && !words.empty() &&
                std::find(words.begin(), words.end(), wanted->as_string()) == words.end()) {
                never(member, Said(std::string("ruten gjelder bare brev med ") + in_when +
                                       " som står i when",
                                   std::string("the route is for letters with the ") + in_when +
                                       " in when alone"));
            }
        };
        clash("kind", c.kind, "kind");
        clash("mustBe", c.must_be, "must_be");
        clash("confidentiality/level", c.confidentiality, "confidentiality");
    }

    /// A choice that the letter's demand or the law keeps from ever being used.
    void check_channel(Channel channel, const RouteCondition& c) {
        const bool on_paper = channel == Channel::paper;
        if (!on_paper && only(c.must_be, "paper")) {
            add("/if/must_be",
                Said("brev som må være på papir, kan ikke gå digitalt: papirkanalen mangler",
                     "letters that must be on paper cannot go digitally: the paper channel is "
                     "missing"),
                Said("velg en forbindelse og with som fører til papir",
                     "choose a connection and with that lead to paper"));
        }
        if (on_paper && only(c.must_be, "digital")) {
            add("/if/must_be",
                Said("brev som må være digitale, kan ikke gå på papir",
                     "letters that must be digital cannot go on paper"),
                Said("velg en digital forbindelse", "choose a digital connection"));
        }
        if (on_paper && c.graded_address.value_or(false)) {
            add("/if/graded_address",
                Said("brev om noen på sperret adresse skrives aldri ut",
                     "letters about somebody at a graded address are never printed"),
                Said("velg en digital forbindelse", "choose a digital connection"));
        }
    }

    void check_unreachable(const json::Array& use, std::size_t index,
                           const RouteCondition& condition) {
        const json::Value none = json::Value::object();
        const auto with_of = [&](const json::Value& item) -> const json::Value& {
            return item.has("with") ? item["with"] : none;
        };
        for (std::size_t i = 0; i < index; ++i) {
            const bool same = use[i]["connection"] == use[index]["connection"] &&
                              json::write_canonical(with_of(use[i])) ==
                                  json::write_canonical(with_of(use[index]));
            if (same && covers(condition_of(use[i]["if"]), condition)) {
                add("",
                    Said("valget blir aldri brukt: det samme står som nummer " +
                             std::to_string(i + 1) + ", uten strengere betingelser",
                         "the choice is never used: the same stands as number " +
                             std::to_string(i + 1) + ", with no stricter conditions"),
                    Said("fjern det ene, eller gi dem ulike betingelser",
                         "remove one of them, or give them different conditions"));
                return;
            }
        }
    }

    void check_paper(const json::Array& use) {
        const auto* demand = demanded("mustBe");
        if (demand == nullptr || demand->as_string() != "paper" || use.empty()) {
            return;
        }
        const bool any = std::any_of(use.begin(), use.end(), [&](const json::Value& item) {
            return channel_of_target(item, sources_, options_) == Channel::paper;
        });
        if (!any) {
            choice_ = at_;
            add("/when/mustBe",
                Said(
                    "ruten er for brev som må være på papir, men ingen av valgene går på papir",
                    "the route is for letters that must be on paper, but no choice leads to paper"),
                Said("legg til et valg som fører til papir", "add a choice that leads to paper"));
        }
    }

    const Sources& sources_;
    const LoadOptions& options_;
    const TenantSource& tenant_;
    std::string at_;
    std::string choice_;
    const json::Value& value_;
    Mistakes& mistakes_;
};

bool leads_somewhere(const json::Value& route, const Sources& sources) {
    const auto& use = route["use"].items();
    return std::any_of(use.begin(), use.end(), [&](const json::Value& item) {
        return sources.connections.contains(item["connection"].as_string());
    });
}

/// Every letter that fits `narrow` fits `wide` too.
bool covers(const json::Value& wide, const json::Value& narrow) {
    if (wide["type"] != narrow["type"]) {
        return false;
    }
    const auto& members = wide["when"].members();
    return std::all_of(members.begin(), members.end(), [&](const json::Member& member) {
        const auto* other = narrow["when"].find(member.first);
        return other != nullptr && *other == member.second;
    });
}

}   // namespace

void check_routes(const Sources& sources, const LoadOptions& options, const TenantSource& tenant,
                  Mistakes& mistakes) {
    const auto& routes = tenant.document.value()["route"].items();
    for (std::size_t i = 0; i < routes.size(); ++i) {
        RouteCheck(sources, options, tenant, i, mistakes).run();
        for (std::size_t before = 0; before < i; ++before) {
            if (leads_somewhere(routes[before], sources) && covers(routes[before], routes[i])) {
                mistakes.emplace_back(
                    tenant.document.value_place("/route/" + std::to_string(i)),
                    Said("ruten blir aldri brukt: rute nummer " + std::to_string(before + 1) +
                             " passer for alle de samme brevene",
                         "the route is never used: route number " + std::to_string(before + 1) +
                             " fits all the same letters"),
                    Said("sett den strengeste først, eller fjern den ene",
                         "put the stricter one first, or remove one of them"));
                break;
            }
        }
    }
}

}   // namespace gateway::app
