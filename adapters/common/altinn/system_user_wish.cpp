#include "adapters/common/altinn/system_user_wish.hpp"

#include "gateway/sdk/percent_encoding.hpp"
#include "gateway/sdk/scopes.hpp"

#include <algorithm>

namespace gateway::altinn_platform {
namespace {

constexpr const char* requests = "/authentication/api/v1/systemuser/request/vendor";
constexpr const char* default_scope = "altinn:authentication/systemuser.request.read "
                                      "altinn:authentication/systemuser.request.write";
constexpr std::size_t words_max = 100;
constexpr std::size_t word_length_max = 255;
constexpr std::size_t url_length_max = 1000;

bool is_organisation(std::string_view text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Without spaces, control characters and anything a terminal could take for a command.
bool is_word(std::string_view text, std::size_t length_max = word_length_max) {
    return !text.empty() && text.size() <= length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

json::Value word_or_empty(const json::Value& value, std::size_t length_max = word_length_max) {
    return is_word(value.as_string(), length_max) ? value : json::Value(std::string());
}

std::vector<std::string> words_of(const json::Value& list) {
    std::vector<std::string> words;
    for (const auto& item : list.items()) {
        words.push_back(item.as_string());
    }
    return words;
}

json::Value list_of(const std::vector<std::string>& words) {
    json::Value list = json::Value::array();
    for (const auto& word : words) {
        list.push(word);
    }
    return list;
}

/// `member` of the wish in place of `words`; false when it is no list of words.
bool take_words(const json::Value& with, std::string_view member, std::vector<std::string>& words) {
    const json::Value* given = with.find(member);
    if (given == nullptr) {
        return true;
    }
    words = words_of(*given);
    return given->is_array() && words.size() <= words_max &&
           std::all_of(words.begin(), words.end(),
                       [](const std::string& word) { return is_word(word); });
}

bool take_word(const json::Value& with, std::string_view member, std::string& word,
               std::size_t length_max) {
    const json::Value* given = with.find(member);
    if (given == nullptr) {
        return true;
    }
    word = given->as_string();
    return is_word(word, length_max);
}

}   // namespace

SystemUserSettings read_system_user(const json::Value& given) {
    SystemUserSettings settings;
    settings.system_id = given["system_id"].as_string();
    settings.scopes = sdk::scopes_in(
        given.has("onboarding_scope") ? given["onboarding_scope"].as_string() : default_scope);
    settings.rights = words_of(given["system_user_rights"]);
    settings.packages = words_of(given["system_user_packages"]);
    return settings;
}

std::string only_organisation(const std::vector<Source>& sources) {
    const bool same =
        !sources.empty() && std::all_of(sources.begin(), sources.end(), [&](const Source& one) {
            return one.organisation == sources.front().organisation;
        });
    return same ? sources.front().organisation : std::string();
}

std::optional<SystemUserWish> read_wish(const SystemUserSettings& settings,
                                        const json::Value& with) {
    constexpr std::string_view known[] = {"organisation", "reference", "rights", "packages",
                                          "redirect"};
    for (const auto& [name, value] : with.members()) {
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) {
            return std::nullopt;
        }
    }
    SystemUserWish wish;
    wish.organisation = settings.organisation;
    wish.reference = settings.reference;
    wish.rights = settings.rights;
    wish.packages = settings.packages;
    // What is named is all that is asked for.
    if (with.has("rights") != with.has("packages")) {
        wish.rights.clear();
        wish.packages.clear();
    }
    const bool good = take_word(with, "organisation", wish.organisation, 9) &&
                      take_word(with, "reference", wish.reference, word_length_max) &&
                      take_word(with, "redirect", wish.redirect, url_length_max) &&
                      take_words(with, "rights", wish.rights) &&
                      take_words(with, "packages", wish.packages);
    if (!good || !is_organisation(wish.organisation)) {
        return std::nullopt;
    }
    if (wish.reference.empty()) {
        wish.reference = wish.organisation;   // what Altinn uses where none was given
    }
    return wish;
}

json::Value shown_wish(const SystemUserSettings& settings, const SystemUserWish& wish) {
    json::Value shown;
    shown.set("organisation", wish.organisation).set("reference", wish.reference);
    shown.set("system", settings.system_id).set("rights", list_of(wish.rights));
    shown.set("packages", list_of(wish.packages)).set("request", json::Value());
    return shown;
}

sdk::HttpRequest request_system_user(const Access& access, const SystemUserSettings& settings,
                                     const SystemUserWish& wish) {
    json::Value rights = json::Value::array();
    for (const auto& resource : wish.rights) {
        json::Value pair;
        pair.set("id", "urn:altinn:resource").set("value", resource);
        json::Value right;
        right.set("resource", json::Value::array().push(std::move(pair)));
        rights.push(std::move(right));
    }
    json::Value packages = json::Value::array();
    for (const auto& package : wish.packages) {
        packages.push(json::Value::object().set("urn", package));
    }
    json::Value body;
    body.set("systemId", settings.system_id).set("partyOrgNo", wish.organisation);
    if (wish.reference != wish.organisation) {
        body.set("externalRef", wish.reference);
    }
    body.set("rights", std::move(rights));
    if (!packages.items().empty()) {
        body.set("accessPackages", std::move(packages));
    }
    if (!wish.redirect.empty()) {
        body.set("redirectUrl", wish.redirect);
    }
    return json_request("POST", access.base_url + requests, json::write(body));
}

sdk::HttpRequest find_system_user(const Access& access, const SystemUserSettings& settings,
                                  const SystemUserWish& wish) {
    return json_request("GET",
                        access.base_url + requests + "/byexternalref/" +
                            sdk::percent_encoded(settings.system_id) + "/" +
                            sdk::percent_encoded(wish.organisation) + "/" +
                            sdk::percent_encoded(wish.reference),
                        {});
}

json::Value shown_request(const json::Value& answer) {
    if (!is_word(answer["id"].as_string()) || !is_word(answer["status"].as_string())) {
        return {};
    }
    json::Value rights = json::Value::array();
    for (const auto& right : answer["rights"].items()) {
        for (const auto& pair : right["resource"].items()) {
            if (is_word(pair["value"].as_string())) {
                rights.push(pair["value"]);
            }
        }
    }
    json::Value packages = json::Value::array();
    for (const auto& package : answer["accessPackages"].items()) {
        if (is_word(package["urn"].as_string())) {
            packages.push(package["urn"]);
        }
    }
    json::Value shown;
    shown.set("id", answer["id"]).set("status", answer["status"]);
    shown.set("approve", word_or_empty(answer["confirmUrl"], url_length_max));
    shown.set("rights", std::move(rights)).set("packages", std::move(packages));
    shown.set("created", word_or_empty(answer["created"]));
    shown.set("escalated", answer["escalated"].as_bool());
    shown.set("timedOut", answer["timedOut"].as_bool());
    return shown;
}

}   // namespace gateway::altinn_platform
