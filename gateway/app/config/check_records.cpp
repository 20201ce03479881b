#include "gateway/app/config/sources.hpp"
#include "gateway/json/schema.hpp"
#include "gateway/records/dataset_catalogue.hpp"

#include <algorithm>

namespace gateway::app {
namespace {

std::vector<std::string> names_of(const json::Value& table) {
    std::vector<std::string> names;
    for (const auto& [name, value] : table.members()) {
        names.push_back(name);
    }
    return names;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// One tenant's purposes and datasets.
class RecordsCheck {
public:
    RecordsCheck(const TenantSource& tenant, Mistakes& mistakes)
        : document_(tenant.document), root_(tenant.document.value()), mistakes_(mistakes) {
        systems_ = names_of(root_["system"]);
        purposes_ = names_of(root_["purpose"]);
        datasets_ = records::DatasetCatalogue::current().ids();
    }

    void run() {
        for (const auto& [name, table] : root_["dataset"].members()) {
            check_dataset(name, table);
        }
        for (const auto& [name, table] : root_["purpose"].members()) {
            check_purpose("/purpose" + json::pointer_token(name) + "/datasets", table["datasets"]);
        }
        for (const auto& [name, system] : root_["system"].members()) {
            const auto& grants = system["grants"].items();
            const auto at = "/system" + json::pointer_token(name) + "/grants/";
            for (std::size_t i = 0; i < grants.size(); ++i) {
                check_grant(at + std::to_string(i), grants[i].as_string(), name);
            }
        }
    }

private:
    void add(const std::string& pointer, Said reason, Said remedy) {
        mistakes_.emplace_back(document_.value_place(pointer), std::move(reason),
                               std::move(remedy));
    }

    void check_dataset(const std::string& id, const json::Value& table) {
        const std::string at = "/dataset" + json::pointer_token(id);
        if (has(datasets_, id)) {
            mistakes_.emplace_back(document_.key_place(at),
                                   Said("datasettet \"" + id + "\" er et nasjonalt registers",
                                        "the dataset \"" + id + "\" is a national register's"),
                                   Said("gi det et annet navn", "give it another name"));
            return;
        }
        datasets_.push_back(id);
        own_.push_back(id);
        check_owner(at + "/owner", id, table["owner"].as_string());
        const std::string& text = table["schema"].as_string();
        if (text.empty()) {
            return;   // a mistake of its own
        }
        const auto schema = json::Schema::compile(text);
        if (!schema) {
            add(at + "/schema", Said("dette er ikke et JSON Schema", "this is no JSON Schema"),
                Said("skriv et JSON Schema (draft 7) mellom '''",
                     "write a JSON Schema (draft 7) between '''"));
            return;
        }
        auto dataset = records::own_dataset(dataset_of(id, table));
        if (!dataset) {
            add(at + "/schema",
                Said("skjemaet sier ikke hvilke felter en post har",
                     "the schema does not say which members a record has"),
                Said("legg til \"properties\" øverst i skjemaet: høyst 60, med navn av bokstaver, "
                     "tall, - og _",
                     "add \"properties\" at the top of the schema: at most 60, with names of "
                     "letters, digits, - and _"));
            return;
        }
        known_.emplace(id, std::move(*dataset));
    }

    void check_owner(const std::string& at, const std::string& id, const std::string& owner) {
        if (owner.empty()) {
            return;   // a mistake of its own
        }
        if (!has(systems_, owner)) {
            add(at, Said("ukjent fagsystem \"" + owner + "\"", "unknown system \"" + owner + "\""),
                did_you_mean(owner, systems_));
            return;
        }
        const std::string grant = "publish:" + id;
        const auto& grants = root_["system"][owner]["grants"].items();
        const bool may = std::any_of(grants.begin(), grants.end(), [&](const json::Value& one) {
            return one.as_string() == grant;
        });
        if (!may) {
            add(at,
                Said("fagsystemet \"" + owner + "\" har ikke rettigheten " + grant,
                     "the system \"" + owner + "\" has no grant " + grant),
                Said("legg \"" + grant + "\" til i grants i [system." + owner + "]",
                     "add \"" + grant + "\" to grants in [system." + owner + "]"));
        }
    }

    const records::Dataset* dataset(const std::string& id) const {
        if (const auto* known = records::DatasetCatalogue::current().find(id)) {
            return known;
        }
        const auto own = known_.find(id);
        return own == known_.end() ? nullptr : &own->second;
    }

    void unknown_dataset(const Place& place, const std::string& id) {
        mistakes_.emplace_back(
            place, Said("ukjent datasett \"" + id + "\"", "unknown dataset \"" + id + "\""),
            did_you_mean(id, datasets_));
    }

    void check_purpose(const std::string& at, const json::Value& allowed) {
        for (const auto& [id, fields] : allowed.members()) {
            const std::string here = at + json::pointer_token(id);
            if (!has(datasets_, id)) {
                unknown_dataset(document_.key_place(here), id);
                continue;
            }
            const auto* facts = dataset(id);
            for (std::size_t i = 0; facts != nullptr && i < fields.items().size(); ++i) {
                const std::string& field = fields.items()[i].as_string();
                if (!field.empty() && !facts->has_field(field)) {
                    add(here + "/" + std::to_string(i),
                        Said("datasettet \"" + id + "\" har ikke feltet \"" + field + "\"",
                             "the dataset \"" + id + "\" has no field \"" + field + "\""),
                        did_you_mean(field, facts->field_names()));
                }
            }
        }
    }

    void check_grant(const std::string& at, const std::string& grant, const std::string& system) {
        const auto colon = grant.find(':');
        const std::string kind = grant.substr(0, colon);
        if (kind == "read") {
            const auto last = grant.rfind(':');
            check_read(at, grant.substr(colon + 1, last - colon - 1), grant.substr(last + 1));
        } else if (kind == "publish") {
            check_publish(at, grant.substr(colon + 1), system);
        } else if (kind == "correct" && !has(datasets_, grant.substr(colon + 1))) {
            unknown_dataset(document_.value_place(at), grant.substr(colon + 1));
        }
    }

    void check_read(const std::string& at, const std::string& id, const std::string& purpose) {
        if (!has(datasets_, id)) {
            unknown_dataset(document_.value_place(at), id);
        }
        if (!has(purposes_, purpose)) {
            Said remedy = did_you_mean(purpose, purposes_);
            if (purposes_.empty()) {
                remedy = Said("legg til [purpose." + purpose + "] med legal_basis",
                              "add [purpose." + purpose + "] with legal_basis");
            }
            add(at,
                Said("ukjent formål \"" + purpose + "\"", "unknown purpose \"" + purpose + "\""),
                std::move(remedy));
        } else if (has(datasets_, id) && !root_["purpose"][purpose]["datasets"].has(id)) {
            add(at,
                Said("formålet \"" + purpose + "\" gjelder ikke datasettet \"" + id + "\"",
                     "the purpose \"" + purpose + "\" is not for the dataset \"" + id + "\""),
                Said("nevn datasettet og feltene i [purpose." + purpose + ".datasets]",
                     "name the dataset and its fields in [purpose." + purpose + ".datasets]"));
        }
    }

    void check_publish(const std::string& at, const std::string& id, const std::string& system) {
        if (!has(own_, id)) {
            add(at, Said("ukjent datasett \"" + id + "\"", "unknown dataset \"" + id + "\""),
                own_.empty() ? Said("legg til [dataset." + id + "]", "add [dataset." + id + "]")
                             : did_you_mean(id, own_));
        } else if (root_["dataset"][id]["owner"].as_string() != system) {
            add(at,
                Said("datasettet \"" + id + "\" eies av et annet fagsystem",
                     "the dataset \"" + id + "\" is owned by another system"),
                Said("bare eieren publiserer: ta bort rettigheten, eller bytt owner",
                     "the owner alone publishes: remove the grant, or change owner"));
        }
    }

    const Document& document_;
    const json::Value& root_;
    Mistakes& mistakes_;
    std::vector<std::string> systems_;
    std::vector<std::string> purposes_;
    std::vector<std::string> datasets_;   // all
    std::vector<std::string> own_;        // the tenant's
    std::map<std::string, records::Dataset> known_;
};

/// Of the tenants that the connection serves.
std::vector<std::string> purposes_of(const Sources& sources, const ConnectionSource& connection) {
    std::vector<std::string> all;
    for (const TenantSource& tenant : sources.tenants) {
        if (serves(connection, tenant.id)) {
            for (const auto& name : names_of(tenant.document.value()["purpose"])) {
                all.push_back(name);
            }
        }
    }
    return all;
}

}   // namespace

void check_records(const TenantSource& tenant, Mistakes& mistakes) {
    RecordsCheck(tenant, mistakes).run();
}

void check_purpose_roles(const Sources& sources, const LoadOptions& options, Mistakes& mistakes) {
    std::map<std::string, std::string> owners;   // role -> purpose
    for (const auto& [name, source] : sources.connections) {
        const auto* adapter = options.find_adapter((*source.value)["adapter"].as_string());
        if (adapter == nullptr) {
            continue;
        }
        const auto known = purposes_of(sources, source);
        for (const std::string& setting : purpose_settings(*adapter)) {
            for (const auto& [purpose, role] : (*source.value)[setting].members()) {
                const auto at = source.pointer + "/" + setting + json::pointer_token(purpose);
                if (!has(known, purpose) && sources.complete) {
                    mistakes.emplace_back(source.document->key_place(at),
                                          Said("ukjent formål \"" + purpose + "\"",
                                               "unknown purpose \"" + purpose + "\""),
                                          did_you_mean(purpose, known));
                }
                const auto [owner, fresh] = owners.emplace(role.as_string(), purpose);
                if (!fresh && owner->second != purpose && !role.as_string().empty()) {
                    mistakes.emplace_back(
                        source.document->value_place(at),
                        Said("rollen hører til formålet \"" + owner->second + "\" fra før",
                             "the role belongs to the purpose \"" + owner->second + "\" already"),
                        Said("gi hvert formål sin egen rolle i registeret",
                             "give each purpose a role of its own in the register"));
                }
            }
        }
    }
}

}   // namespace gateway::app
